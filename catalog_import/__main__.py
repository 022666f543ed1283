"""`catalog-import`: check a sheet, plan its import, apply it to a state file; or write a template.

Ends with 0 when all is well, 3 when there are errors, 2 when the call itself is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from catalog_import import report, template
from catalog_import.checks import CheckResult, check
from catalog_import.errors import CatalogImportError
from catalog_import.plan import Plan, apply, plan_check
from catalog_import.sink import JsonFileSink, read_state

FINE, USAGE, PROBLEMS = 0, 2, 3


class _WrongCall(CatalogImportError):
    """Options that do not go together."""

    code = "wrong_call"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = _parser()
    args = parser.parse_args(argv)
    if args.template:
        template.write(args.template)
        print(f"Wrote {args.template}. Fill the sheet “Catalogue”.")
        return FINE
    if not args.command:
        parser.error("say check, plan or apply, or --template OUT.xlsx")
    try:
        commands: dict[str, Callable[[argparse.Namespace], int]] = {
            "check": _check,
            "plan": _plan,
            "apply": _apply,
        }
        return commands[args.command](args)
    except CatalogImportError as error:
        print(f"{error.message}. {error.hint}".strip(), file=sys.stderr)
        return USAGE if isinstance(error, _WrongCall) else PROBLEMS
    except OSError as error:
        print(f"{error.filename or args.file}: {error.strerror or error}", file=sys.stderr)
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="catalog-import", description=__doc__)
    parser.add_argument("--template", type=Path, metavar="OUT.xlsx", help="write an empty sheet")
    commands = parser.add_subparsers(dest="command")
    for name, tells in (
        ("check", "say every problem of a sheet"),
        ("plan", "say what its import would change"),
        ("apply", "import it into a state file"),
    ):
        command = commands.add_parser(name, help=tells, description=tells)
        command.add_argument("file", type=Path, help="the sheet: .xlsx or .csv")
        command.add_argument("--json", action="store_true", help="answer as JSON")
        command.add_argument("--markets", action="store_true", help="ask each market's rules, too")
        command.add_argument("--on", type=date.fromisoformat, help="the day to ask them for")
        command.add_argument(
            "--accept-disputed", default="", metavar="RULES", help="rule ids with commas, or *"
        )
        if name != "check":
            command.add_argument(
                "--keep-missing", action="store_true", help="do not withdraw what the sheet lacks"
            )
        if name == "plan":
            command.add_argument(
                "--against", type=Path, metavar="STATE.json", help="what is there now"
            )
        if name == "apply":
            command.add_argument("--state", type=Path, metavar="STATE.json", required=True)
            command.add_argument(
                "--only-valid",
                action="store_true",
                help="import the products without errors, leave the others",
            )
    return parser


def _checked(args: argparse.Namespace) -> CheckResult:
    if not args.markets:
        return check(args.file)
    if args.on is None:
        raise _WrongCall("--markets needs a day", hint="Add --on with a date")
    accepted = frozenset(filter(None, args.accept_disputed.split(",")))
    return check(args.file, rulebook=_rulebook(), on=args.on, accept_disputed=accepted)


def _rulebook() -> Any:
    from i18n.rulebook import load_rulebook  # reads many files: only when it is asked for

    return load_rulebook()


def _check(args: argparse.Namespace) -> int:
    result = _checked(args)
    _say(args, report.check_json(result), report.check_lines(result))
    return PROBLEMS if result.errors else FINE


def _plan(args: argparse.Namespace) -> int:
    result = _checked(args)
    if args.against and not args.against.exists():
        raise FileNotFoundError(2, "No such file", str(args.against))
    existing = read_state(args.against).existing() if args.against else {}
    planned = plan_check(result, existing, withdraw_missing=not args.keep_missing)
    _say(args, report.plan_json(planned), report.plan_lines(planned))
    return PROBLEMS if result.errors else FINE


def _apply(args: argparse.Namespace) -> int:
    result = _checked(args)
    if result.errors and not args.only_valid:
        refused = Plan((), result.problems)
        _say(args, report.plan_json(refused), report.problem_lines(result.problems))
        print("Nothing was written. Cure the errors, or add --only-valid.", file=sys.stderr)
        return PROBLEMS
    with JsonFileSink(args.state) as sink:
        planned = plan_check(result, sink.existing(), withdraw_missing=not args.keep_missing)
        done = apply(planned, sink, only_valid=args.only_valid)
    _say(args, report.import_json(done), report.import_lines(done))
    return PROBLEMS if result.errors else FINE


def _say(args: argparse.Namespace, answer: dict[str, Any], lines: Iterable[str]) -> None:
    if args.json:
        json.dump(answer, sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        print(*lines, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
