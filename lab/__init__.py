"""Experiments: benchmarks, faults, load, mutation tests and the simulation. `make` has a target for each."""
