"""The load test: many users, each with several batches, work concurrently on one machine, and nothing may be lost."""
