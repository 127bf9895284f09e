"""The rules of follows: when a source is looked at, and which of its videos are new."""
