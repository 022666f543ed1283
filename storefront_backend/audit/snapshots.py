"""The rows as they are on the day that changes begin to be kept: what a first change came from."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations import RunPython


def snapshot(app_label: str, *model_names: str) -> RunPython:
    """Migration operation: one event labelled "start" for each row there is."""

    def run(apps: Any, editor: Any) -> None:
        for name in model_names:
            model = apps.get_model(app_label, name)
            event = apps.get_model(app_label, f"{name}Event")
            theirs = {field.name for field in event._meta.concrete_fields}
            columns = [each.column for each in model._meta.concrete_fields if each.name in theirs]
            quoted = ", ".join(editor.quote_name(each) for each in columns)
            key = editor.quote_name(model._meta.pk.column)
            # All names are those of our own models.
            editor.execute(
                f"INSERT INTO {editor.quote_name(event._meta.db_table)}"  # noqa: S608
                f" (pgh_created_at, pgh_label, pgh_obj_id, {quoted})"
                f" SELECT now(), 'start', {key}, {quoted}"
                f" FROM {editor.quote_name(model._meta.db_table)}"
            )

    return RunPython(run, RunPython.noop)
