"""A stand-in for a language model: an OpenAI-compatible endpoint whose summaries are made of the prompt's own lines."""

from local.model.failures import Failure
from local.model.stand_in import ModelStandIn

__all__ = ["Failure", "ModelStandIn"]
