"""A fake language model server: an OpenAI-compatible endpoint whose summaries are made of the prompt's own lines."""

from local.model.failures import Failure
from local.model.server import FakeModelServer

__all__ = ["Failure", "FakeModelServer"]
