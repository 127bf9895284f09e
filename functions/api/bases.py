"""Base classes of the API's schemas: each schema is built when it is first needed, because a request needs only few."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class View(BaseModel):
    """A response; its fields are read from our own models."""

    model_config = ConfigDict(from_attributes=True, defer_build=True)
