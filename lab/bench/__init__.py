"""The benchmarks that `make bench` runs: each package compares one thing with its alternatives."""
