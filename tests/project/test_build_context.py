"""What goes into the image: the shop's own code, and no secret, history, data or test."""

from __future__ import annotations

import re

from tests.project.files import ROOT

KEPT_OUT = (
    "infra/settings.env", "infra/production.env", "infra/compose.yaml", ".env", ".envrc",
    ".git/config", ".pavilion/postgres/data/PG_VERSION", ".pavilion/assets/private/a.3dm",
    ".venv/bin/python", ".tools/uv/bin/uv", ".ci/Makefile", "tests/conftest.py", "docs/orders.md",
    "id_rsa", "dump.sql", "backup/shop.dump", "storefront_backend/.env",
    "storefront_backend/settings.env", "storefront_backend/web/.netrc",
    "showroom/viewer/node_modules/three/index.js", "showroom/viewer/dist/viewer.js",
    "storefront_backend/__pycache__/settings.cpython-313.pyc", "storefront_backend.egg-info/PKG",
)  # fmt: skip
NEEDED = (
    "manage.py", "pyproject.toml", "requirements.lock", "infra/uv.lock", "infra/setup.sh",
    "storefront_backend/settings.py", "storefront_backend/web/templates/429.html",
    "i18n/locale/de/LC_MESSAGES/django.po", "i18n/rulebook/de/tax.toml",
    "showroom/viewer/package-lock.json", "showroom/tools/package.json", "catalog_import/sheets.py",
)  # fmt: skip


def rules() -> list[tuple[bool, re.Pattern[str]]]:
    """The lines of .dockerignore: whether one lets in again, and what it matches."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return [
        (line.startswith("!"), _pattern(line.removeprefix("!")))
        for line in lines
        if line and not line.startswith("#")
    ]


def goes_in(path: str) -> bool:
    """As the builder decides: the last line that matches the path or a folder above it."""
    parts = path.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    inside = True
    for lets_in, pattern in rules():
        if any(pattern.fullmatch(each) for each in above):
            inside = lets_in
    return inside


def _pattern(line: str) -> re.Pattern[str]:
    text = re.escape(line.strip("/"))
    return re.compile(text.replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*"))


def test_secrets_data_history_and_tests_stay_out() -> None:
    assert [path for path in KEPT_OUT if goes_in(path)] == []


def test_what_the_shop_is_made_of_goes_in() -> None:
    assert [path for path in NEEDED if not goes_in(path)] == []


def test_of_the_real_folder_only_the_shops_rooms_go_in() -> None:
    top = {path.name for path in ROOT.iterdir() if goes_in(path.name)}
    rooms = {"catalog_import", "i18n", "showroom", "storefront_backend"}
    assert top - {"infra"} <= rooms | {"manage.py", "pyproject.toml", "requirements.lock"}
    infra = {path.name for path in (ROOT / "infra").iterdir() if goes_in(f"infra/{path.name}")}
    assert infra == {"__init__.py", "confinement", "setup.sh", "uv.lock"}
    modules = [str(path.relative_to(ROOT)) for path in ROOT.glob("storefront_backend/**/*.py")]
    assert [path for path in modules if not goes_in(path)] == []


def test_what_the_container_file_copies_goes_in() -> None:
    lines = (ROOT / "infra" / "Containerfile").read_text().splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--" not in line]
    paths = [path for each in copied for path in each if path != "."]
    assert [path for path in paths if not goes_in(path)] == []
