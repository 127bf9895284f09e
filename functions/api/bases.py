"""Base classes of the API's schemas. Each schema is built when it is first used: a request needs only a few."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class View(BaseModel):
    """A response; its fields can be read from the domain models."""

    model_config = ConfigDict(from_attributes=True, defer_build=True)
