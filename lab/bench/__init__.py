"""The benchmarks behind `make bench`: each package measures one thing side by side with what else there is."""
