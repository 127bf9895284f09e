"""The interface of the logger that a function passes to its step."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol


class Log(Protocol):
    """The methods of a logger that steps use; each of the `details` becomes a key of the line."""

    def info(self, message: str, /, *args: Any, **details: Any) -> None: ...

    def warning(self, message: str, /, *args: Any, **details: Any) -> None: ...

    def error(self, message: str, /, *args: Any, **details: Any) -> None: ...

    def exception(self, message: str, /, *args: Any, **details: Any) -> None: ...

    def append_context_keys(self, **keys: Any) -> AbstractContextManager[None]: ...
