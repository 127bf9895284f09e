"""The benchmarks behind `make bench`: each package compares one thing with its alternatives."""
