"""Sends orders and payments to Saleor."""

from __future__ import annotations

from django.conf import settings
from django.tasks import task

from storefront_backend import wiring
from storefront_backend.saleor_sync import payment_news
from storefront_backend.saleor_sync.ended_sales import forget_ended_sales


@task(queue_name="default")
def follow_sale(token: str) -> None:
    """Bring a sale on in Saleor, by our checkout's token: its order, and what has changed since."""
    wiring.sales().follow(token)


@task(queue_name="default")
def report_payment(news_id: int) -> str:
    """Tell Saleor what became of a payment that it began; returns the state of its PaymentNews."""
    return payment_news.tell(news_id, wiring.shoppers_saleor)


def sweep_sales() -> int:
    """Finish, tell and forget what was left; returns how many sales and payments that were."""
    forgotten = forget_ended_sales()
    if not settings.SALEOR_API_URL:
        return forgotten
    now = wiring.now()
    return forgotten + wiring.sales().sweep(now) + payment_news.sweep(now, wiring.shoppers_saleor)
