"""`landed-cost messages`: the texts of the rulebook as a gettext template, for translators."""

from __future__ import annotations

import argparse
import json

from i18n.explain import MESSAGES, rulebook_messages
from i18n.rulebook import load_rulebook


def options(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(wanted: argparse.Namespace) -> int:
    """Print the template."""
    print('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"')
    for message in dict.fromkeys((*MESSAGES, *rulebook_messages(load_rulebook()))):
        flag = "#, python-format\n" if message in MESSAGES and "%(" in message else ""
        print(f'\n{flag}msgid {json.dumps(message, ensure_ascii=False)}\nmsgstr ""')
    return 0
