"""Who wrote a shared field last: a merge of three, with the base kept in Saleor's own metadata.

    base   what both sides had when they last agreed (a digest a field)
    ours   what Pavilion has
    theirs what is in Saleor

| ours    | theirs  | so                                                        |
|---------|---------|-----------------------------------------------------------|
| = base  | = base  | nothing to do                                             |
| changed | = base  | write ours                                                |
| = base  | changed | leave theirs; `changes_since` brings it to us             |
| changed | the same| they agree; write the base                                |
| changed | changed | the later one stays, and the conflict is reported         |

A text that is empty in Saleor is never taken for a change: that is how a product looks whose
translations have not been written yet, and a name cannot be deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storefront_backend.commerce.catalogue import FieldConflict
from storefront_backend.saleor.catalogue.facts import digest


@dataclass(frozen=True, slots=True)
class Merge:
    """What to write to Saleor, the base afterwards, and what both sides wrote."""

    write: Mapping[str, str]
    base: Mapping[str, str]
    conflicts: tuple[FieldConflict, ...]


def changed(base: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """The fields that somebody wrote in Saleor since both sides agreed."""
    return {
        field: value
        for field, value in theirs.items()
        if value and digest(value) != base.get(field) and not _never_shown(base, field, value)
    }


def _never_shown(base: Mapping[str, str], field: str, value: str) -> bool:
    """A row in a channel that no one has published yet, since it holds a price alone."""
    return field.startswith("published:") and field not in base and value == "no"


def merge(
    subject: str,
    base: Mapping[str, str],
    ours: Mapping[str, str],
    theirs: Mapping[str, str],
    ours_at: datetime | None,
    theirs_at: datetime,
) -> Merge:
    """Decide every field that we have; fields that only Saleor has stay as they are."""
    write: dict[str, str] = {}
    after = dict(base)
    conflicts: list[FieldConflict] = []
    they_changed = changed(base, theirs)
    for field, mine in ours.items():
        standing = theirs.get(field, "")
        if standing == mine:
            after[field] = digest(mine)
            continue
        we_changed = digest(mine) != base.get(field)
        if field in they_changed and (we_changed or field not in base):
            keep_ours = ours_at is not None and ours_at > theirs_at
            conflicts.append(
                FieldConflict(subject, field, mine, standing, "ours" if keep_ours else "theirs")
            )
            if not keep_ours:
                continue
        elif field in they_changed:
            continue
        write[field] = mine
        after[field] = digest(mine)
    return Merge(write, after, tuple(conflicts))
