"""A copy of the project with one more market and one more language: what docs/adding-a-market.md
and docs/adding-a-language.md tell a reader to do, and not a line more.

Vietnam's figures here are invented for the test. None of them is the law of Vietnam.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.project.files import ROOT

_SOURCE = """
[sources]
made-up = { title = "Invented for a test", url = "https://example.com/", checked = 2026-11-24 }
"""


def _example(millions: int) -> str:
    goods, shipping = millions * 1_000_000, 100_000
    duty = (goods + shipping) // 5
    tax = (goods + shipping + duty) // 10
    return f"""
[[example]]
name = "{millions} million: duty on goods and freight, tax on both"
on = 2026-11-24
shipping = {shipping}
duty = {duty}
tax = {tax}
total = {goods + shipping + duty + tax}
[[example.line]]
hs = "711319"
origin = "CN"
goods = {goods}
"""


MARKET = {
    "market.toml": """
code = "vn"
name = "Vietnam"
country = "VN"
currency = "VND"
languages = ["vi", "en"]
customs_area = "vn"
time_zone = "Asia/Ho_Chi_Minh"
price_display = "inclusive"
""",
    "tax.toml": f"""{_SOURCE}
[vat]
kind = "tax"
title = "Value added tax"
base = ["goods", "shipping", "insurance", "duty", "fee"]
[[vat.periods]]
from = 2020-01-01
rate = 0.10
state = "in-force"
source = "made-up"
""",
    "customs.toml": f"""{_SOURCE}
[jewellery]
kind = "duty"
title = "Customs duty on jewellery of precious metal"
hs = ["7113"]
base = ["goods", "shipping", "insurance"]
[[jewellery.periods]]
from = 2020-01-01
rate = 0.20
state = "in-force"
source = "made-up"
""",
    "sizes.toml": f"""{_SOURCE}
[ring]
kind = "ring"
title = "Ring sizes shown"
[[ring.periods]]
from = 2020-01-01
system = "iso"
state = "in-force"
source = "made-up"
""",
    "examples.toml": "".join(_example(millions) for millions in range(1, 13)),
}
LANGUAGE = '    Language("vi", "Tiếng Việt", ("en",)),\n'
TRANSLATED = {"Jewellery": "Trang sức", "Houses": "Nhà chế tác"}
_COPIED = ("i18n", "infra", "catalog_import", "storefront_backend", "tests", "showroom")
_LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__", "dist", ".*")


def copy_to(folder: Path) -> Path:
    """The project without its history and tools; the viewer as it was built here."""
    for name in _COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=_LEFT_OUT)
    for name in ("pyproject.toml", "manage.py", "README.md", "Makefile"):
        shutil.copy(ROOT / name, folder)
    built = ROOT / "showroom" / "viewer" / "dist"
    (folder / "showroom" / "viewer" / "dist").symlink_to(built, target_is_directory=True)
    return folder


def add_market(project: Path) -> None:
    """A folder of data."""
    folder = project / "i18n" / "rulebook" / "vn"
    folder.mkdir()
    for name, text in MARKET.items():
        (folder / name).write_text(text, encoding="utf-8")


def add_language(project: Path) -> None:
    """A line, and a folder: the English catalogue with some words translated, compiled."""
    listed = project / "i18n" / "locales.py"
    text = listed.read_text(encoding="utf-8")
    start = text.index("_LANGUAGES = (")
    end = text.index("\n)\n", start) + 1
    listed.write_text(text[:end] + LANGUAGE + text[end:], encoding="utf-8")
    english = project / "i18n" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    catalogue = read_po(english.open("rb"), locale="vi")
    for message, string in TRANSLATED.items():
        catalogue[message].string = string
    target = project / "i18n" / "locale" / "vi" / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "django.po").open("wb") as source, (target / "django.mo").open("wb") as compiled:
        write_po(source, catalogue)
        write_mo(compiled, catalogue)
