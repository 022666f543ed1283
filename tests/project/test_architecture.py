"""docs/architecture.md is the map: what it names is there, and what is there is on it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.project.files import ROOT, text, tracked

PAGE = Path("docs/architecture.md")
PAGES = ("README.md", "CONTRIBUTING.md")
SHOP = ROOT / "storefront_backend"
CODE = re.compile(r"/.*\.(?:py|ts)$")
# In backticks: a folder with its stroke at the end, or a file with a known ending.
NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|ts|toml|html|graphql|md)))`")


def named() -> set[str]:
    return set(NAMED.findall(text(PAGE)))


def missing(names: set[str]) -> set[str]:
    return {name for name in names if not (ROOT / name).exists() and not (SHOP / name).exists()}


def test_every_path_on_the_page_exists() -> None:
    assert len(named()) > 100
    assert missing(named()) == set()


def test_a_path_that_went_away_would_be_seen() -> None:
    gone = set(NAMED.findall("See `embedded/listing.py`, `mirrored/` and `i18n/locales.py`."))
    assert missing(gone) == {"embedded/listing.py", "mirrored/"}


def test_every_room_of_the_import_contract_is_on_the_page() -> None:
    contracts = tomllib.loads(text(Path("pyproject.toml")))["tool"]["importlinter"]["contracts"]
    [layers] = [each["layers"] for each in contracts if each.get("exhaustive")]
    rooms = {room.strip() for layer in layers for room in layer.split("|")}
    folders = {f"{room}/" for room in rooms if (SHOP / room).is_dir()}
    unnamed = {room for room in folders if room not in named() and f"{room[:-1]}.py" not in named()}
    assert unnamed == set()


def test_every_function_that_a_way_names_is_in_the_file_before_it() -> None:
    pairs = re.findall(r"`([\w./-]+\.py)` \(?`(\w+)`", text(PAGE))
    lost = [(file, name) for file, name in pairs if not re.search(rf"\b{name}\b", _source(file))]
    assert len(pairs) >= 15
    assert lost == []


def test_every_decision_has_a_number_of_its_own_and_is_on_the_page() -> None:
    names = [path.name for path in tracked() if path.parent == Path("docs/adr")]
    assert len({name[:4] for name in names}) == len(names) >= 10
    assert [name for name in names if f"(adr/{name})" not in text(PAGE)] == []


def test_no_link_on_the_page_leads_nowhere() -> None:
    links = re.findall(r"\]\(([\w./-]+\.md)\)", text(PAGE))
    assert len(links) > 20
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_code_file_that_a_document_names_is_there() -> None:
    pages = [
        path for path in tracked() if path.suffix == ".md" and path.parts[0] in {"docs", *PAGES}
    ]
    files = {name for page in pages for name in NAMED.findall(text(page)) if CODE.search(name)}
    assert len(files) > 100
    assert missing(files) == set()


def test_readme_and_contributing_lead_to_it() -> None:
    for page in PAGES:
        assert "docs/architecture.md" in text(Path(page)), page
    assert PAGE in tracked()


def _source(name: str) -> str:
    path = SHOP / name if (SHOP / name).exists() else ROOT / name
    return path.read_text(encoding="utf-8")
