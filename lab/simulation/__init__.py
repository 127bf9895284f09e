"""A deterministic simulation of whole batches: one process, a virtual clock, and a seed that decides all timing."""
