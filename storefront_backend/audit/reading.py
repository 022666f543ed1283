"""The changes of some rows, newest first, each with its fields: from what, to what."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model, OuterRef, QuerySet, Subquery
from pghistory.models import Event

from storefront_backend.audit.acting import IN_THE_BACKGROUND

type Rows = Callable[[type[Model]], QuerySet[Any]]
"""Which rows of a table the reader may see (`scope.rows.Scope.rows`, or a model's manager)."""

_SNAPSHOT = "start"  # the row as it was when changes began to be kept: not a change
_OWN = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context", "id")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`field` is dotted inside texts and passports: `names.en`, `passport.alloys.0.grams`.

    None: there was, or is, no value. References are the text of the row they lead to.
    """

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One row's insert, update or delete. `person` is an account's id; None: no person."""

    at: datetime
    kind: str  # insert, update, delete
    model: str  # product, stock, ...
    subject: str
    person: int | None
    via: str
    fields: tuple[FieldChange, ...]


def event_models() -> list[type[Model]]:
    """Every table of changes there is."""
    return [model for model in apps.get_models() if issubclass(model, Event)]


def changes(
    models: Iterable[type[Model]],
    rows: Rows,
    *,
    before: datetime | None = None,
    person: int | None = None,
    limit: int,
) -> list[Change]:
    """At most `limit` changes of these tables, from before a moment, and by one person."""
    found = heapq.nlargest(
        limit,
        (event for model in models for event in _newest(model, rows, before, person, limit)),
        key=lambda event: (event.pgh_created_at, event.pgh_id),
    )
    earlier = _earlier(found)
    names = _Names([*found, *earlier.values()])
    return [_change(event, earlier.get(_key(event)), names) for event in found]


def _newest(
    model: type[Model], rows: Rows, before: datetime | None, person: int | None, limit: int
) -> QuerySet[Any]:
    found: QuerySet[Any] = rows(model).exclude(pgh_label=_SNAPSHOT)
    if before is not None:
        found = found.filter(pgh_created_at__lt=before)
    if person is not None:
        found = found.filter(pgh_context__user=person)
    same = model._default_manager.filter(
        pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")
    )
    last = same.order_by("-pgh_id").values("pgh_id")[:1]
    return found.annotate(earlier=Subquery(last)).order_by("-pgh_id")[:limit]  # type: ignore[no-any-return]  # a queryset of any model


def _earlier(events: list[Any]) -> Mapping[tuple[type, int], Any]:
    """Each event's row as it was before it."""
    wanted: dict[type[Model], set[int]] = {}
    for event in events:
        if event.earlier is not None:
            wanted.setdefault(type(event), set()).add(event.earlier)
    return {
        (model, pk): event
        for model, ids in wanted.items()
        for pk, event in model._default_manager.in_bulk(ids).items()
    }


def _key(event: Any) -> tuple[type, int]:
    return type(event), event.earlier or 0


def _change(event: Any, earlier: Any, names: _Names) -> Change:
    context = event.pgh_context or {}
    if event.pgh_label == "delete":
        earlier, now = event, None
    else:
        now = event
    old, new = _values(earlier, names), _values(now, names)
    fields = tuple(
        FieldChange(name, old.get(name), new.get(name))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    )
    tracked = type(event).pgh_tracked_model
    return Change(
        event.pgh_created_at,
        event.pgh_label,
        tracked._meta.model_name,
        _subject(event, names),
        context.get("user"),
        context.get("via", IN_THE_BACKGROUND),
        fields,
    )


def _subject(event: Any, names: _Names) -> str:
    """What a person calls the row: its number, its code, or what it leads to."""
    for name in ("sku", "code", "number", "slug", "version", "email"):
        value = getattr(event, name, None)
        if value:
            return str(value)
    for name in ("variant", "user", "brand"):
        if hasattr(event, f"{name}_id"):
            return names.of(event._meta.get_field(name), getattr(event, f"{name}_id"))
    return str(getattr(event, "market", event.pgh_obj_id))


class _Names:
    """The texts of rows that changes refer to; a row that is gone, or hidden, has its number."""

    def __init__(self, events: Iterable[Any]) -> None:
        wanted: dict[type[Model], set[Any]] = {}
        for event in events:
            for field in event._meta.concrete_fields:
                if field.is_relation and field.name not in _OWN:
                    wanted.setdefault(field.related_model, set()).add(getattr(event, field.attname))
        self._known = {
            (model, pk): str(row)
            for model, ids in wanted.items()
            for pk, row in model._default_manager.in_bulk(ids - {None}).items()
        }

    def of(self, field: Any, value: Any) -> str:
        return self._known.get((field.related_model, value), f"#{value}")


def _values(event: Any, names: _Names) -> dict[str, Any]:
    """The tracked columns of a row, texts and passports by their leaves; empty for no row."""
    if event is None:
        return {}
    found: dict[str, Any] = {}
    for field in event._meta.concrete_fields:
        if field.name in _OWN:
            continue
        value = getattr(event, field.attname)
        if field.is_relation and value is not None:
            value = names.of(field, value)
        found.update(_leaves(field.name, value))
    return {name: value for name, value in found.items() if value not in (None, "")}


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(f"{name}.{key}", each)
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        for number, each in enumerate(value):
            yield from _leaves(f"{name}.{number}", each)
    else:
        yield name, ", ".join(map(str, value)) if isinstance(value, list) else value
