"""A shop full of visitors: every page answers, and no connection is left over."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from tests.builders import MARKETS, make_marked_variant, make_shop
from tests.patience import stretched

pytestmark = [pytest.mark.load, pytest.mark.django_db(transaction=True)]

VISITORS, VISITS = 16, 25


def visit(address: str, slug: str, visitor: int) -> Counter[int]:
    """One visitor's way through the markets; counts the answers by status."""
    answers: Counter[int] = Counter()
    with httpx.Client(base_url=address, timeout=stretched(60), trust_env=False) as http:
        for step in range(VISITS):
            market = MARKETS[(visitor + step) % len(MARKETS)]
            page = ("", "jewellery/", f"jewellery/{slug}/", "brands/", "what-you-pay/")[step % 5]
            answers[http.get(f"/{market}/en/{page}").status_code] += 1
    return answers


def connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def test_sixteen_visitors_at_once_get_every_page(live_server: LiveServer) -> None:
    slug = make_shop(make_marked_variant()).product.slug
    with ThreadPoolExecutor(VISITORS) as pool:
        answers = pool.map(lambda n: visit(live_server.url, slug, n), range(VISITORS))
        assert sum(answers, Counter()) == {200: VISITORS * VISITS}
    assert connections() < VISITORS
