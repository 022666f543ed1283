"""docs/settings.md names every variable that the settings read, and no other."""

from __future__ import annotations

import re

from tests.project.files import ROOT

_READ = re.compile(
    r"""(?:environ\.get\(|environ\[|environment\.get\(|_flag\(|_number\(|_words\(|_choice\()\s*"([A-Z0-9_]+)\""""
)
_SOURCES = ("settings.py", "running/supervisor.py", "running/web_server.py")
# Read by boto3 itself.
_OF_LIBRARIES = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def test_the_settings_page_names_what_is_read_and_nothing_else() -> None:
    read = {
        name
        for source in _SOURCES
        for name in _READ.findall((ROOT / "storefront_backend" / source).read_text())
    }
    rows = [
        line.split("|")[1]
        for line in (ROOT / "docs" / "settings.md").read_text().splitlines()
        if line.startswith("| `")
    ]
    assert set(re.findall(r"`([A-Z0-9_]+)`", " ".join(rows))) == read | _OF_LIBRARIES
