"""Says a check, a plan or an import: in plain lines for people, as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from catalog_import.cells import fold
from catalog_import.checks import CheckResult
from catalog_import.plan import Action, Difference, ImportReport, Plan, PriceMove
from catalog_import.problems import Group, Problem, grouped, shown
from catalog_import.recognition import Recognition

_SHOWN_DIFFERENCES = 12
_SHOWN_CELLS = 4
_MARKS = {Action.CREATE: "+", Action.UPDATE: "~", Action.UNCHANGED: "=", Action.WITHDRAW: "-"}


def check_json(result: CheckResult) -> dict[str, Any]:
    """{products, problems, held, rows, recognition}"""
    return {
        "rows": result.rows,
        "products": [product.to_json() for product in result.products],
        "held": sorted(result.held),
        "problems": [problem.to_json() for problem in result.problems],
        "recognition": [sheet.to_json() for sheet in result.recognition],
    }


def plan_json(plan: Plan) -> dict[str, Any]:
    """{changes: [{action, code, differences: [{field, before, after}]}], moves, problems}"""
    return {
        "changes": [
            {
                "action": change.action.value,
                "code": change.product.code,
                "differences": [
                    {"field": d.field, "before": d.before, "after": d.after}
                    for d in change.differences
                ],
            }
            for change in plan.changes
        ],
        "moves": moves_json(plan.moves),
        "problems": [problem.to_json() for problem in plan.problems],
    }


def moves_json(moves: Sequence[PriceMove]) -> list[dict[str, str]]:
    """Held price moves: [{product, sku, before, after, percent}]"""
    return [
        {
            "product": move.product,
            "sku": move.sku,
            "before": move.before,
            "after": move.after,
            "percent": str(move.percent),
        }
        for move in moves
    ]


def import_json(report: ImportReport) -> dict[str, Any]:
    """{created, updated, unchanged, withdrawn, held, moves, problems}"""
    return {
        "created": list(report.created),
        "updated": list(report.updated),
        "unchanged": list(report.unchanged),
        "withdrawn": list(report.withdrawn),
        "held": list(report.held),
        "moves": moves_json(report.moves),
        "problems": [problem.to_json() for problem in report.problems],
    }


def check_lines(result: CheckResult, language: str = "en") -> Iterator[str]:
    """What the headers were taken for, the problems, then one line that sums up."""
    for sheet in result.recognition:
        yield from recognition_lines(sheet)
    yield from problem_lines(result.problems, language)
    variants = sum(len(product.variants) for product in result.products)
    products = _counted(len(result.products), "product")
    yield f"{products} with {_counted(variants, 'variant')} can be imported."
    if result.held:
        yield f"Held back by errors: {', '.join(sorted(result.held))}."


def recognition_lines(sheet: Recognition) -> Iterator[str]:
    """Which of our columns a sheet's headers mean; nothing where they are our own names."""
    read = [
        f"{each.header} → {each.column}"
        for each in sheet.headings
        if each.column and fold(each.header) != fold(each.column)
    ]
    if read:
        yield f"{sheet.sheet} ({sheet.source}): {'; '.join(read)}"


def plan_lines(plan: Plan, language: str = "en") -> Iterator[str]:
    """The problems, what changes product by product, then one line that sums up."""
    yield from problem_lines(plan.problems, language)
    for change in plan.changes:
        if change.action is Action.UNCHANGED:
            continue
        name = change.product.name
        yield f"{_MARKS[change.action]} {change.product.code}  {name}  ({change.action})"
        yield from _difference_lines(change.differences)
    yield from move_lines(plan.moves)
    yield ", ".join(f"{plan.count(action)} to {_VERBS[action]}" for action in Action) + "."
    if plan.left:
        yield f"{_counted(plan.left, 'product')} not in the sheet, left on sale."
    if plan.retired:
        yield f"{_counted(len(plan.retired), 'variant')} would be taken out of sale."


_VERBS = {
    Action.CREATE: "create",
    Action.UPDATE: "update",
    Action.UNCHANGED: "leave as they are",
    Action.WITHDRAW: "withdraw",
}


def import_lines(report: ImportReport, language: str = "en") -> Iterator[str]:
    """The problems, then what was done."""
    yield from problem_lines(report.problems, language)
    yield (
        f"{len(report.created)} created, {len(report.updated)} updated, "
        f"{len(report.unchanged)} unchanged, {len(report.withdrawn)} withdrawn."
    )
    yield from move_lines(report.moves)
    if report.held:
        yield f"Left alone for their errors: {', '.join(report.held)}."


def move_lines(moves: Sequence[PriceMove]) -> Iterator[str]:
    """The prices that are held, and how to confirm them."""
    for move in moves:
        sign = "+" if move.percent > 0 else ""
        yield f"price held  {move.sku}: {move.before} → {move.after} ({sign}{move.percent} %)"
    if moves:
        yield f"{_counted(len(moves), 'price')} kept as before until the move is confirmed."


def problem_lines(problems: Sequence[Problem], language: str = "en") -> Iterator[str]:
    """Every problem in two lines: where and what, then what to do. The same fault of the same
    value is told once, with its cells."""
    for group in grouped(problems):
        problem = group.first
        message, hint = problem.text(language)
        where = " ".join(part for part in (_place(group), problem.column) if part) or "file"
        value = f" [{shown(problem.value, 40)}]" if problem.value else ""
        yield f"{problem.severity.value:7}  {where}: {message}{value}  ({problem.code})"
        if hint:
            yield f"         → {hint}"
    if problems:
        errors = sum(problem.is_error for problem in problems)
        yield f"{_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')}."


def _place(group: Group) -> str:
    cells = ", ".join(group.cells[:_SHOWN_CELLS])
    more = f" … {group.count:,} cells" if group.count > _SHOWN_CELLS else ""
    return "!".join(part for part in (group.first.sheet, cells + more) if part)


def _difference_lines(differences: Iterable[Difference]) -> Iterator[str]:
    for number, difference in enumerate(differences):
        if number == _SHOWN_DIFFERENCES:
            yield "    …"
            return
        if difference.field.endswith("]") and None in (difference.before, difference.after):
            gone = difference.after is None
            sku = difference.field.removeprefix("variants[").removesuffix("]")
            yield f"    variant {sku}: {'withdrawn' if gone else 'new'}"
            continue
        before, after = (
            "—" if value is None else shown(value, 40)
            for value in (difference.before, difference.after)
        )
        yield f"    {difference.field}: {before} → {after}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
