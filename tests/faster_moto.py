"""moto without what it works out again for every call, although the answer never changes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from unittest import mock

from moto.core import responses
from moto.core.serialize import AttributePickerContext, XFormedAttributePicker

_find_keys = XFormedAttributePicker.get_possible_keys


@contextmanager
def faster_moto() -> Iterator[None]:
    """Remembers which methods moto's classes have, and under which names an object may hold a field of an answer."""
    known: dict[Hashable, Sequence[str]] = {}

    def possible_keys(picker: XFormedAttributePicker, context: AttributePickerContext) -> Sequence[str]:
        if context.shape is None or hasattr(context.obj, "Meta"):  # which may name others for each object
            return list(_find_keys(picker, context))
        parent = getattr(context.shape, "parent", None)
        service = context.service_model and context.service_model.service_name
        place = (service, parent and parent.name, context.shape.name, context.key, type(context.obj))
        if place not in known:
            known[place] = list(dict.fromkeys(_find_keys(picker, context)))
        return known[place]

    with (
        mock.patch.object(responses, "method_names_from_class", cache(responses.method_names_from_class)),
        mock.patch.object(XFormedAttributePicker, "get_possible_keys", possible_keys),
    ):
        yield
