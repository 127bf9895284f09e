"""What the schemas of the API share: each is built when the first request needs it, because one needs only few."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class View(BaseModel):
    """An answer; its fields are read from our own models."""

    model_config = ConfigDict(from_attributes=True, defer_build=True)
