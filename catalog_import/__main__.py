"""`catalog-import`: check a sheet, or plan what it would change; or write a template.

Nothing is written to a shop from here: that is `manage.py import_sheet`, or the brand's own desk.
Ends with 0 when all is well, 3 when there are errors, 2 when the call itself is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from catalog_import import report, template
from catalog_import.answers import Answers
from catalog_import.checks import CheckOptions, CheckResult, check
from catalog_import.drafts import ProductDraft
from catalog_import.errors import CatalogImportError
from catalog_import.plan import plan_check

FINE, USAGE, PROBLEMS = 0, 2, 3


class _WrongCall(CatalogImportError):
    """Options that do not go together."""

    code = "wrong_call"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = _parser()
    args = parser.parse_args(argv)
    if not args.template and not args.command:
        parser.error("say check or plan, or --template OUT.xlsx")
    try:
        if args.template:
            return _template(args.template)
        return _check(args) if args.command == "check" else _plan(args)
    except CatalogImportError as error:
        print(f"{error.message}. {error.hint}".strip(), file=sys.stderr)
        return USAGE if isinstance(error, _WrongCall) else PROBLEMS
    except OSError as error:
        print(f"{error.filename or args.template}: {error.strerror or error}", file=sys.stderr)
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="catalog-import", description=__doc__)
    parser.add_argument("--template", type=Path, metavar="OUT.xlsx", help="write an empty sheet")
    commands = parser.add_subparsers(dest="command")
    for name, tells in (
        ("check", "say every problem of a sheet"),
        ("plan", "say what its import would change"),
    ):
        command = commands.add_parser(name, help=tells, description=tells)
        command.add_argument("file", type=Path, help="the sheet, or a ZIP of it and its models")
        command.add_argument("--json", action="store_true", help="answer as JSON")
        command.add_argument("--markets", action="store_true", help="ask each market's rules, too")
        command.add_argument("--on", type=date.fromisoformat, help="the day to ask them for")
        command.add_argument(
            "--accept-disputed", default="", metavar="RULES", help="rule ids with commas, or *"
        )
        command.add_argument(
            "--metal-value", action="store_true", help="the brand sells at the metal's value"
        )
        command.add_argument(
            "--ignore-column", action="append", default=[], metavar="HEADER", help="do not read it"
        )
        command.add_argument(
            "--answers",
            type=Path,
            metavar="FILE.json",
            help="answers about columns, words and the file (docs/sheets.md)",
        )
        command.add_argument(
            "--language",
            default="en",
            choices=("en", "zh-Hans", "zh-Hant"),
            help="the language that problems are told in",
        )
        command.add_argument(
            "--encoding", default="", metavar="NAME", help="of a text that is not UTF-8, as gb18030"
        )
        command.add_argument(
            "--against",
            type=Path,
            metavar="EARLIER",
            help="an earlier sheet, or what check --json said of it: columns that the new sheet"
            " lacks keep its values",
        )
        if name == "plan":
            command.add_argument(
                "--retire-missing", action="store_true", help="withdraw what the sheet lacks"
            )
    return parser


def _template(out: Path) -> int:
    template.write(out)
    print(f"Wrote {out}. Fill the sheet “Catalogue”.")
    return FINE


def _checked(args: argparse.Namespace, existing: Mapping[str, ProductDraft]) -> CheckResult:
    options = CheckOptions(
        earlier=existing,
        metal_value=args.metal_value,
        ignored=tuple(args.ignore_column),
        answers=_answers(args.answers),
    )
    if not args.markets:
        return check(args.file, options=options, encoding=args.encoding)
    if args.on is None:
        raise _WrongCall("--markets needs a day", hint="Add --on with a date")
    accepted = frozenset(filter(None, args.accept_disputed.split(",")))
    return check(
        args.file,
        rulebook=_rulebook(),
        on=args.on,
        accept_disputed=accepted,
        options=options,
        encoding=args.encoding,
    )


def _answers(path: Path | None) -> Answers:
    if path is None:
        return Answers()
    try:
        return Answers.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, AttributeError) as error:
        raise _WrongCall(f"{path} holds no answers: {error}", hint="See docs/sheets.md") from error


def _existing(args: argparse.Namespace) -> Mapping[str, ProductDraft]:
    """The products of --against: a sheet, or the JSON that a check wrote."""
    if args.against is None:
        return {}
    if args.against.suffix.lower() != ".json":
        options = CheckOptions(metal_value=args.metal_value, ignored=tuple(args.ignore_column))
        products = check(args.against, options=options, has_model=lambda _name: True).products
        return {product.code: product for product in products}
    try:
        said = json.loads(args.against.read_text(encoding="utf-8"))["products"]
        return {each["code"]: ProductDraft.from_json(each) for each in said}
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise _WrongCall(
            f"{args.against} is not what check --json writes: {error!r}", hint="Name a sheet"
        ) from error


def _rulebook() -> Any:
    from i18n.rulebook import load_rulebook  # reads many files: only on demand

    return load_rulebook()


def _check(args: argparse.Namespace) -> int:
    result = _checked(args, _existing(args))
    _say(args, report.check_json(result), report.check_lines(result, args.language))
    return PROBLEMS if result.errors else FINE


def _plan(args: argparse.Namespace) -> int:
    existing = _existing(args)
    result = _checked(args, existing)
    planned = plan_check(result, existing, retire_missing=args.retire_missing)
    _say(args, report.plan_json(planned), report.plan_lines(planned, args.language))
    return PROBLEMS if result.errors else FINE


def _say(args: argparse.Namespace, answer: dict[str, Any], lines: Iterable[str]) -> None:
    if args.json:
        json.dump(answer, sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        print(*lines, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
