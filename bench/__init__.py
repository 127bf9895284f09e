"""The benchmarks behind `make bench`: each module measures one thing side by side with what else there is."""
