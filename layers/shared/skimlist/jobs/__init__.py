"""Batch jobs in DynamoDB: one table, every write conditional, every counter exact."""
