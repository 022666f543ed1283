"""The demonstration from nothing to a stocked shop. Run again, it changes nothing."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings

from catalog_import import Problem
from showroom.atelier import PIECES
from storefront_backend import wiring
from storefront_backend.campaigns.models import Story
from storefront_backend.catalog.models import Brand, Product
from storefront_backend.demo import shopfitting
from storefront_backend.demo.sheets import write_all
from storefront_backend.demo.stories import DemoBrand, brands
from storefront_backend.jobs.catalogue import import_sheet
from storefront_backend.jobs.repricing import follow_rates
from storefront_backend.jobs.sweep import sweep

Say = Callable[[str], None]

# Raise it when the pieces or the sheets change: the files are then rewritten and imported.
FILES_VERSION = 3


def seed(say: Say) -> None:
    """Bring the demo brands with their pieces into the shop."""
    now = wiring.now()
    book = wiring.rulebook()
    shopfitting.put_rates(now)
    shopfitting.put_deliveries({m: book.market(m).market.currency for m in settings.MARKETS})
    warehouse = shopfitting.put_warehouse()
    sheets = _files(settings.PAVILION_HOME / "demo", say)
    rows = {code: _put_brand(brand) for code, brand in brands().items()}
    shopfitting.put_people(list(rows.values()))
    shopfitting.put_terms(list(rows.values()))
    for code, brand in rows.items():
        report = import_sheet(brand, sheets[code], warehouse, _teller(say))
        done = len(report.created) + len(report.updated)
        say(f"{brand.names['en']}: {done} pieces imported, {len(report.unchanged)} unchanged")
    shopfitting.put_campaign(now, settings.MARKETS)
    follow_rates.enqueue()
    sweep.enqueue()  # relists what the rulebook or the settings have changed since the last run
    say(f"{Product.objects.filter(is_published=True).count()} pieces in the catalogue")


def _files(folder: Path, say: Say) -> Mapping[str, Path]:
    """The brands' folders, written whole or not at all: a killed run leaves no half of one."""
    stamp = folder / "written.json"
    wanted = {"version": FILES_VERSION, "pieces": len(PIECES)}
    if not stamp.exists() or json.loads(stamp.read_text(encoding="utf-8")) != wanted:
        say(f"Making {len(PIECES)} pieces: CAD files and sheets of {len(brands())} brands")
        part = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        write_all(part, say)
        (part / stamp.name).write_text(json.dumps(wanted), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    return {code: folder / code / f"{code}.xlsx" for code in brands()}


def _put_brand(demo: DemoBrand) -> Brand:
    brand, _ = Brand.objects.update_or_create(
        slug=demo.code,
        defaults={
            "names": dict(demo.name),
            "taglines": dict(demo.line),
            "stories": dict(demo.story),
            "cities": dict(demo.city),
            "founded": demo.founded,
            "legal_name": demo.legal_name,
            "address": demo.address,
            "shows_price_parts": demo.shows_price_parts,
        },
    )
    Story.objects.update_or_create(
        slug=f"{demo.code}-craft",
        defaults={
            "brand": brand,
            "titles": dict(demo.line),
            "bodies": dict(demo.story),
            "published_at": brand.created_at,
        },
    )
    return brand


def _teller(say: Say) -> Callable[[Problem], None]:
    """Tells errors in full and warnings once a kind."""
    seen: Counter[str] = Counter()

    def tell(problem: Problem) -> None:
        seen[problem.code] += 1
        if problem.is_error or seen[problem.code] == 1:
            say(f"  {problem.sheet} {problem.cell}: {problem.message}")

    return tell
