"""The emails to a user about their batches."""
