"""Load: many users with several batches each, at once on one machine, and whether anything of theirs gets lost."""
