"""What a thousand videos cost on AWS beside the model and the proxy, from counted calls; writes docs/cost.md."""

from __future__ import annotations

from bench.cost.benchmark import run

__all__ = ["run"]
