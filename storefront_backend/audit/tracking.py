"""Keeps every change of some columns of a model: django-pghistory's triggers, with our settings."""

from __future__ import annotations

from collections.abc import Callable

import pghistory
from django.db.models import BigAutoField, Model


def tracked[M: type[Model]](*fields: str) -> Callable[[M], M]:
    """Class decorator: a row in `<Model>Event` for each insert, update and delete.

    Only these columns are kept, and an update that changes none of them leaves no row. Columns that
    machines move all the time (a price, a reservation, a search vector) are better left out.
    """

    def decorate(model: M) -> M:
        track = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            fields=list(fields),
            model_name=f"{model.__name__}Event",
            obj_field=pghistory.ObjForeignKey(related_name="changes"),
            context_field=pghistory.ContextJSONField(),
            context_id_field=None,  # type: ignore[arg-type]  # documented, and not typed
            append_only=True,
            attrs={"pgh_id": BigAutoField(primary_key=True)},
            meta={"indexes": [], "ordering": ("-pgh_id",)},
        )
        track(model)  # marks the model itself, and returns it
        return model

    return decorate
