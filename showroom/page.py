"""The report as a page that a brand's CAD department reads: plain HTML, nothing to load."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from showroom.report import Report

_STYLE = """
:root { color-scheme: light dark; --ink: #23201c; --soft: #6d655b; --line: #ddd5c8;
  --paper: #fbf9f5; --pass: #2f6b46; --doubtful: #9a6a12; --fail: #a02c2c; --unknown: #6d655b }
@media (prefers-color-scheme: dark) { :root { --ink: #eee7dc; --soft: #a79d8f; --line: #3b3630;
  --paper: #191714; --pass: #7fc79a; --doubtful: #e0b25c; --fail: #ef8f8f; --unknown: #a79d8f } }
body { font: 16px/1.55 "Iowan Old Style", Palatino, Georgia, serif; color: var(--ink);
  background: var(--paper); max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { font-weight: 500; font-size: 1.9rem; margin: 0 }
h2 { font-weight: 500; margin: 2.4rem 0 .6rem }
p.lead { color: var(--soft); margin: .2rem 0 1.6rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th { text-align: left; font-weight: 500; color: var(--soft); font-size: .85rem }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th.n, td.n { text-align: right } .scroll { overflow-x: auto }
.pass { color: var(--pass) } .doubtful { color: var(--doubtful) }
.fail { color: var(--fail); font-weight: 600 } .unknown { color: var(--unknown) }
.problem { border-left: 3px solid var(--doubtful); padding: .2rem 0 .2rem .9rem; margin: .7rem 0 }
.problem small { color: var(--soft); display: block }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem } .pictures img { height: 15rem; width: auto }
"""
_NUMBERS = ("Count", "Triangles", "Bytes", "Milliseconds")


def page(report: Report) -> str:
    """The whole page."""
    title = escape(str(report.input["name"]))
    sides = " × ".join(f"{side:.2f}" for side in report.measure.get("size_mm", ()))
    lead = f"{escape(report.kind or 'piece')}, {sides} mm, {escape(str(report.input['format']))}"
    body = [
        f"<h1>{title}</h1><p class=lead>{lead}, unit {escape(report.unit)}</p>",
        _pictures(report),
        _problems(report),
        _verdicts(report),
        _parts(report),
        _outputs(report),
        _losses(report),
        _steps(report),
    ]
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'>"
        f"<title>{title}</title><style>{_STYLE}</style><body>{''.join(body)}</body></html>\n"
    )


def _table(title: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    if not lines:
        return ""
    head = "".join(
        f"<th scope=col{' class=n' if one in _NUMBERS else ''}>{escape(one)}</th>" for one in heads
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return f"<h2>{escape(title)}</h2><div class=scroll>{table}</div>"


def _cell(value: object, mark: str = "") -> str:
    if isinstance(value, int):
        return f"<td class=n>{value:,}</td>"
    return (
        f"<td class={mark}>{escape(str(value))}</td>" if mark else f"<td>{escape(str(value))}</td>"
    )


def _pictures(report: Report) -> str:
    shown = [o for o in report.outputs if o.kind == "poster" and o.path.endswith(".webp")]
    images = "".join(
        f"<img src='{escape(one.path)}' alt='{title}'>"
        for one in shown
        for title in [escape(f"{report.input['name']} in {one.alloy or 'its own metal'}")]
    )
    return f"<div class=pictures>{images}</div>" if images else ""


def _problems(report: Report) -> str:
    if not report.problems:
        return ""
    lines = "".join(
        f"<div class=problem>{escape(one.message)}<small>{escape(one.hint)}</small></div>"
        for one in report.problems
    )
    return f"<h2>Worth a look</h2>{lines}"


def _verdicts(report: Report) -> str:
    rows = (
        [
            _cell(one.outcome.value, one.outcome.value),
            _cell(one.name),
            _cell(one.found),
            _cell(one.expected),
            _cell(one.tolerance),
            _cell(one.note),
        ]
        for one in report.verdicts
    )
    heads = ("Verdict", "What", "Found", "Expected", "Tolerance", "Note")
    return _table("Checks", heads, rows)


def _parts(report: Report) -> str:
    measured = {str(part["name"]): part for part in report.measure.get("parts", ())}
    rows = []
    for part in report.parts:
        size = measured.get(str(part["name"]), {}).get("size_mm", ())
        rows.append(
            [
                _cell(part["name"]),
                _cell(part["role"]),
                _cell(part["material"]),
                _cell(f"by {part['by']}"),
                _cell(part["count"]),
                _cell(" × ".join(f"{side:.2f}" for side in size)),
                _cell(part["triangles"]),
            ]
        )
    heads = ("Part", "Role", "Material", "Known", "Count", "Size in mm", "Triangles")
    return _table("Parts", heads, rows)


def _outputs(report: Report) -> str:
    rows = (
        [_cell(one.kind), _cell(one.path), _cell(one.alloy), _cell(len(one.data)),
         _cell(one.triangles)]
        for one in report.outputs
    )  # fmt: skip
    return _table("Files", ("Kind", "File", "Metal", "Bytes", "Triangles"), rows)


def _losses(report: Report) -> str:
    rows = (
        [_cell(one["reader"]), _cell(one["part"]), _cell(one["loss"])]
        for one in report.degradations
    )
    return _table("What phones' own viewers show otherwise", ("Viewer", "Part", "Loss"), rows)


def _steps(report: Report) -> str:
    rows = (
        [_cell(one.name), _cell(one.triangles), _cell(one.bytes), _cell(round(one.milliseconds))]
        for one in report.steps
    )
    return _table("Steps", ("Step", "Triangles", "Bytes", "Milliseconds"), rows)
