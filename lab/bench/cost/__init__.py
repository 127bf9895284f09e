"""Calculates the AWS costs of a thousand videos, without model and proxy, from counted calls; writes docs/cost.md."""
