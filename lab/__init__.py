"""Experiments: benchmarks, faults, load and the simulation; each is a command of make."""
