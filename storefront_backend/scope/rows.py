"""The rows of some brands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from storefront_backend.scope.database import as_brands
from storefront_backend.scope.paths import BRAND_PATHS

_TO_MANY = frozenset({"lines", "memberships"})


class Unscoped(LookupError):
    """A model that names no way to a brand was queried for a brand's rows."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Some brands by their ids; no brand at all sees nothing."""

    brand_ids: frozenset[int]

    def rows[M: Model](self, model: type[M]) -> QuerySet[M]:
        """The rows of these brands. Raises Unscoped for a model that is no brand's."""
        label = model._meta.label_lower
        if label not in BRAND_PATHS:
            raise Unscoped(f"{label} is not in scope.paths.BRAND_PATHS")
        path = BRAND_PATHS[label]
        found = model._default_manager.filter(**{f"{path}__in": sorted(self.brand_ids)})
        # By its lines or memberships a row may lead to a brand more than once.
        return found.distinct() if set(path.split("__")) & _TO_MANY else found

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Meanwhile the database shows and takes rows of these brands only."""
        with as_brands(self.brand_ids):
            yield
