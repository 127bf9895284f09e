"""The fault campaign: batches on the real stack while everything around them fails, each run by a seed."""
