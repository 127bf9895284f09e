"""The fault campaign: runs of batches on the real stack with random faults around them, reproducible by a seed."""
