"""The notifications to a user about their batches, by email and to a webhook."""
