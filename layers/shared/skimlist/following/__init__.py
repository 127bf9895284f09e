"""The rules of follows: when a source is checked, and which of its videos are new."""
