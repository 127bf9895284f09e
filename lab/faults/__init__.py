"""The fault campaign: batches on a whole local stack with random faults around them, reproducible by a seed."""
