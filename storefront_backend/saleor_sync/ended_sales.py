"""Sales whose checkout was purged: nothing of ours can come of them any more."""

from __future__ import annotations

from storefront_backend.orders.models import Checkout
from storefront_backend.saleor_rows.models import SaleorSale

_AT_ONCE = 500


def forget_ended_sales() -> int:
    """Delete them, some at once; returns how many. Saleor purges its own checkouts."""
    ended = SaleorSale.objects.filter(state=SaleorSale.State.OPEN).exclude(
        token__in=Checkout.objects.values("token")
    )
    rows = SaleorSale.objects.filter(pk__in=list(ended.values_list("pk", flat=True)[:_AT_ONCE]))
    return rows.delete()[0]
