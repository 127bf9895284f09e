"""A deterministic simulation of whole batches: one process, a virtual clock, one seed that decides what comes when."""
