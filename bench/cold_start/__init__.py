"""How long functions take to start, exactly as shipped, beside functions as tutorials write them."""

from __future__ import annotations

from bench.cold_start.benchmark import run

__all__ = ["run"]
