"""The load test: many users with several batches each run concurrently on one machine, and nothing may be lost."""
