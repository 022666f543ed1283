"""How fast a gold tick reaches every price: `python tests/bench/bench_repricing.py [VARIANTS …]`.

Fills a PostgreSQL of its own with rings, bangles and chains of eight tariff classes, listed in
every market of the rulebook, and lets gold rise by 2 %. Two processes share the markets, as two
workers of the shop do. Printed for each size: wall time from the tick to the last commit, the
processor time of both processes and of their database backends (which other work on the machine
stretches less), how long a reader waits for a page of twenty meanwhile (median and slowest), and
the machine's load. `quiet` is what the wall time comes to where nothing else runs: the processor
time over two cores.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import shutil
import statistics
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".pavilion" / f"bench-{os.getpid()}"
WORKERS = 2

FILL = """
INSERT INTO catalog_brand (slug, names, taglines, stories, cities, legal_name, address,
    shows_price_parts, created_at)
    VALUES ('bench', '{}', '{}', '{}', '{}', '', '', false, now());
INSERT INTO catalog_product (brand_id, code, slug, kind, names, descriptions, markets,
    engraving_max, is_published, draft, created_at, updated_at)
    SELECT (SELECT id FROM catalog_brand), n, 'piece-' || n, 'ring', '{"en": "Piece"}', '{}', '[]',
    0, true, '{}', now(), now() FROM generate_series(1, %(variants)s / 10) n;
INSERT INTO catalog_productvariant (brand_id, product_id, sku, position, alloy, ring_size_label,
    ring_size_system, passport, price_formula, is_active)
    SELECT p.brand_id, p.id, p.slug || '-' || n, n, 'gold-750-yellow', '', '', '{}', '{}', true
    FROM catalog_product p, generate_series(1, 10) n ORDER BY p.id, n;
INSERT INTO catalog_tariffclass (hs_code, origin, metal, fineness)
    SELECT hs, 'CN', metal, fineness FROM (VALUES
    ('711319', 'gold', 999), ('711319', 'gold', 916), ('711319', 'gold', 750),
    ('711319', 'gold', 585), ('711319', 'gold', 375), ('711319', 'platinum', 950),
    ('711319', 'palladium', 950), ('711311', 'silver', 925)) AS t (hs, metal, fineness);
INSERT INTO catalog_priceterms (variant_id, currency, constant, gold, silver, platinum, palladium,
    tariff_id)
    SELECT v.id, 'CNY', round((50 + 3000 * power(random(), 3))::numeric, 2),
    CASE WHEN t.metal = 'gold' THEN w ELSE 0 END, CASE WHEN t.metal = 'silver' THEN w ELSE 0 END,
    CASE WHEN t.metal = 'platinum' THEN w ELSE 0 END,
    CASE WHEN t.metal = 'palladium' THEN w ELSE 0 END, t.id
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n,
          round((1 + 15 * power(random(), 2))::numeric, 4) AS w FROM catalog_productvariant) v
    JOIN (SELECT *, row_number() OVER (ORDER BY id) AS m FROM catalog_tariffclass) t
    ON t.m = 1 + v.n %% 8;
INSERT INTO catalog_ruling (digest, body) VALUES ('bench', '{"outcome": "allowed"}');
INSERT INTO catalog_listing (variant_id, market, currency, ruling_id, is_wanted, may_sell, is_live,
    stopped_by, stopped_because, rulebook, rates, updated_at)
    SELECT v.id, m.market, m.currency, (SELECT id FROM catalog_ruling), true, true, false,
    '', '', '', '', now()
    FROM catalog_productvariant v,
    unnest(%(markets)s::text[], %(currencies)s::text[]) AS m (market, currency)
    ORDER BY v.id, m.market;
"""
EMPTY = "TRUNCATE catalog_brand, catalog_tariffclass, catalog_ruling, catalog_ratetick CASCADE"


@contextmanager
def database() -> Iterator[None]:
    """A server of its own with an empty shop, configured as `make run` configures one."""
    from storefront_backend.running import postgres

    os.environ |= {"PAVILION_HOME": str(HOME), "LOG_LEVEL": "ERROR"}
    postgres.ensure_running(HOME)
    os.environ["DATABASE_URL"] = postgres.owner_url(HOME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "storefront_backend.settings"
    try:
        import django
        from django.core.management import call_command

        django.setup()
        from storefront_backend import wiring

        os.environ["MARKETS"] = ",".join(m.code for m in wiring.rulebook().markets)
        call_command("migrate", verbosity=0)
        yield
    finally:
        postgres.stop(HOME)
        postgres.discard(HOME)
        shutil.rmtree(HOME, ignore_errors=True)


def fill(variants: int) -> None:
    """That many variants, listed everywhere, without a price yet."""
    from django.db import connection

    from storefront_backend import wiring
    from storefront_backend.catalog.models import ShippingMethod

    markets = wiring.rulebook().markets
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
        cursor.execute("SELECT setseed(0.5)")
        places = {
            "variants": variants,
            "markets": [market.code for market in markets],
            "currencies": [market.currency for market in markets],
        }
        for statement in FILL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, places)
        cursor.execute("VACUUM ANALYZE")
    ShippingMethod.objects.all().delete()
    ShippingMethod.objects.bulk_create(
        ShippingMethod(
            market=market.code, slug="insured", names={}, carrier="", currency=market.currency,
            price=40, insured_up_to=10**9, min_days=4, max_days=7,
        )
        for market in markets
    )  # fmt: skip


def settle() -> None:
    """What autovacuum does within a minute: the database learns that the listings are live now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE catalog_listing")


def put_rates(gold: Decimal, age: timedelta) -> int:
    """The demonstration's rates with that price of gold; the tick they made."""
    from storefront_backend import wiring
    from storefront_backend.catalog.models import Rate
    from storefront_backend.pricing.repricing import ask

    file = ROOT / "storefront_backend" / "demo" / "rates.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    now = wiring.now()
    Rate.objects.all().delete()
    Rate.objects.bulk_create(
        Rate(kind=kind, code=code, base=table["base"], source="bench", as_of=now - age,
             value=gold if code == "gold" else Decimal(value))
        for kind in Rate.Kind.values for code, value in table[kind].items()
    )  # fmt: skip
    tick = wiring.rate_desk().meet()
    ask(tick, [market.code for market in wiring.rulebook().markets], "bench", now)
    return tick.pk


def warm() -> None:
    """A worker that has been running for a while."""
    import django

    django.setup()
    from storefront_backend import wiring

    wiring.rulebook()


def work(tick_id: int) -> tuple[int, int, float, float]:
    """One worker's part: markets, changed prices, its own and its backend's processor time."""
    import psutil
    from django.db import connection

    from storefront_backend import wiring
    from storefront_backend.catalog.models import RateTick

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])
    before, own = sum(backend.cpu_times()[:2]), time.process_time()
    done = wiring.repricer(RateTick.objects.get(pk=tick_id)).work()
    spent = sum(backend.cpu_times()[:2]) - before
    return len(done), sum(w.changed for w in done), time.process_time() - own, spent


def reads_during(tick: multiprocessing.pool.AsyncResult[Any]) -> list[float]:
    """How long each list page took that was read while a tick was being written, in ms."""
    from storefront_backend.catalog import queries
    from storefront_backend.catalog.reading import Wanted

    took = []
    while not tick.ready():
        start = time.perf_counter()
        queries.newest(Wanted("de", "en"))
        took.append((time.perf_counter() - start) * 1000)
        tick.wait(0.05)
    return took


def main(sizes: list[int]) -> None:
    """Print the curve."""
    with database():
        pool = multiprocessing.get_context("spawn").Pool(WORKERS, initializer=warm)
        pool.starmap(warm, [()] * WORKERS, chunksize=1)  # the clock starts when they are there
        gold = Decimal(905)
        markets = os.environ["MARKETS"].count(",") + 1
        print(f"{os.cpu_count()} cores, {WORKERS} workers, {markets} markets")
        print("variants     prices  tick       wall  processes  database   quiet  20 read in  load")
        for size, name in itertools.product(sizes, ("first", "+2 %")):
            if name == "first":
                fill(size)
            else:
                settle()
            tick = put_rates(gold * (1 if name == "first" else Decimal("1.02")), timedelta(0))
            start = time.perf_counter()
            result = pool.starmap_async(work, [(tick,)] * WORKERS, chunksize=1)
            reads = reads_during(result)
            parts = result.get()
            wall = time.perf_counter() - start
            changed = sum(part[1] for part in parts)
            own, backend = sum(part[2] for part in parts), sum(part[3] for part in parts)
            # Before the first tick nothing is live, and the database's statistics say so.
            read = f"{statistics.median(reads):.0f}, {max(reads):.0f} ms"
            print(
                f"{size:8,}  {changed:9,}  {name:6}  {wall:5.1f} s  {own:7.1f} s  {backend:6.1f} s"
                f"  {(own + backend) / WORKERS:4.1f} s  {read if name != 'first' else '–':>10}"
                f"  {os.getloadavg()[0]:4.1f}", flush=True,
            )  # fmt: skip
        pool.close()
        pool.join()


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1_000, 10_000, 100_000])
