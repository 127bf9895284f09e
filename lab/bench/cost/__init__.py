"""What a thousand videos cost on AWS beside the model and the proxy, from counted calls; writes docs/cost.md."""
