"""Reads a whole file: every product that can be planned, and every problem there is, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from catalog_import import layout, plausible, presets, rows, skipped, unknowns
from catalog_import.answers import Answers
from catalog_import.columns import columns
from catalog_import.confined import opened
from catalog_import.corrections import NONE, Corrections, corrected
from catalog_import.drafts import ProductDraft, VariantDraft
from catalog_import.earlier import Earlier
from catalog_import.errors import SheetRefused
from catalog_import.lacking import missing_columns
from catalog_import.market_rules import MarketRules, findings
from catalog_import.notes import Notes
from catalog_import.problems import Problem, Severity
from catalog_import.reading import Reading, RowReader
from catalog_import.recognition import Recognition
from catalog_import.rows import NO_PRICE
from catalog_import.sheets import Limits, Row, Sheet
from catalog_import.texts import say
from i18n import locales
from i18n.rulebook.model import Rulebook

type HasModel = Callable[[str], bool]
"""Whether the brand handed over a model of that plain file name."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The products without an error, in the sheet's order, and the problems in reading order.

    `held` are the codes of products that an error holds back; `codes_unread` says that some row's
    product could not be identified, so what is missing from the sheet is not certain to be gone.
    `recognition` tells of each sheet what its headers were taken for.
    """

    products: tuple[ProductDraft, ...]
    problems: tuple[Problem, ...]
    held: frozenset[str] = frozenset()
    codes_unread: bool = False
    rows: int = 0
    recognition: tuple[Recognition, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that hold something back."""
        return tuple(problem for problem in self.problems if problem.is_error)


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How a brand's sheet is to be read.

    `earlier` is what the shop has of the brand: columns that the sheet does not have keep its
    values. `metal_value`: a row without price and making charge is meant. `ignored` are headers
    that are not to be read. `models_later`: meshes may come after the sheet, by another way.
    `answers` are what a person has said about columns, words and the file as a whole, `remembered`
    those of earlier sheets, by the signature of their headers.
    """

    earlier: Mapping[str, ProductDraft] = field(default_factory=dict)
    metal_value: bool = False
    ignored: tuple[str, ...] = ()
    models_later: bool = False
    answers: Answers = field(default_factory=Answers)
    remembered: Mapping[str, Answers] = field(default_factory=dict)
    corrections: Corrections = NONE


@dataclass(slots=True)
class _Product:
    """What the rows of one product_code have said so far."""

    code: str
    first: dict[str, tuple[Any, str]] = field(default_factory=dict)  # column → value, "sheet!cell"
    lead: Reading | None = None
    variants: list[VariantDraft] = field(default_factory=list)
    readings: list[tuple[VariantDraft, str, str]] = field(default_factory=list)
    broken: bool = False
    said: set[tuple[str, str, str]] = field(default_factory=set)  # problems told once


def check(
    path: Path,
    *,
    rulebook: Rulebook | None = None,
    on: date | None = None,
    accept_disputed: frozenset[str] = frozenset(),
    has_model: HasModel | None = None,
    limits: Limits | None = None,
    options: CheckOptions | None = None,
    encoding: str = "",
) -> CheckResult:
    """Read a sheet and say all that is wrong with it. Never raises for what is in the file.

    With a `rulebook` and the day `on`, what each market's rules make of every variant is added as
    `market_rule` problems. `has_model` says whether a model file was handed over; by default it
    must be beside the sheet. `options` say what the shop has already and what the brand has agreed
    to; `encoding` is that of a text, where its sender named it. A ZIP may hold a sheet with its
    models. Raises OSError when there is no file, ReaderFailed when no confined child can read it.
    """
    bounds = limits or Limits()
    corrections = options.corrections if options else NONE
    try:
        with opened(path, bounds, encoding=encoding) as tables:
            given = has_model or in_folder(path.parent)
            reader = _Reader(
                lambda name: name in tables.files or given(name),
                bounds.problems,
                options or CheckOptions(),
            )
            for sheet in tables.sheets:
                reader.watch(corrected(sheet, corrections.get(sheet.name, {})))
    except SheetRefused as refusal:
        return CheckResult(
            (), (Problem(refusal.code, refusal.message, refusal.hint),), codes_unread=True
        )
    if rulebook is None or on is None:
        return reader.result(None)
    return reader.result(MarketRules(rulebook, on, accept_disputed))


@cache
def _shared_columns() -> tuple[str, ...]:
    """The columns that all rows of a product must agree in."""
    return tuple(
        column.name
        for column in columns().values()
        if column.of_product and column.name != "product_code"
    )


def in_folder(folder: Path) -> HasModel:
    """Whether a model is a file of that folder itself: no link leads out of it."""
    folder = folder.resolve()

    def has(name: str) -> bool:
        model = folder / name
        return model.is_file() and model.resolve().parent == folder

    return has


class _Reader:
    """Collects products and problems over all sheets of a file."""

    def __init__(self, has_model: HasModel, most_problems: int, options: CheckOptions) -> None:
        self.has_model = has_model
        self.most_problems = most_problems
        self.options = options
        self.earlier = Earlier.of(options.earlier)
        self.unsaid: list[int] = [0, 0]  # problems beyond that: warnings, errors
        self.products: dict[str, _Product] = {}
        self.skus: dict[str, str] = {}  # casefolded sku → the cell it is in
        self.owners: dict[str, str] = {}  # casefolded sku → product code
        self.codes: dict[str, str] = {}  # casefolded code → as it was written first
        self.problems: list[Problem] = []
        self.held: set[str] = set()
        self.codes_unread = False
        self.recognition: list[Recognition] = []
        self.sheets = 0
        self.rows = 0

    def watch(self, sheet: Sheet) -> None:
        """Take in one sheet, and say what of it is easily overlooked."""
        notes, before = Notes(sheet), self.sheets
        self.read(notes.sheet)
        if self.sheets > before:
            self._note(notes.problems())

    def read(self, sheet: Sheet) -> None:
        """Take in one sheet, row by row."""
        top = layout.head(sheet)
        found, preset, answers = self._recognise(sheet, top)
        if found is None:
            return
        self.sheets += 1
        self._note(found.problems)
        if sheet.guessed_encoding:
            self._guessed(sheet)
        reader = RowReader(sheet.name, found, sheet.notation, self.earlier, answers)
        self._note(reader.wrong_answers())
        start, before = len(self.problems), (self.rows, len(self.skus))
        seen = self._read_rows(sheet, found, reader, preset)
        if self.rows == before[0]:
            there = {column.name for column in found.columns.values()}
            seen = {c.name for c in columns().values() if c.required} - there
            self.codes_unread |= bool(seen)
        missing = list(missing_columns(sheet.name, found, seen))
        self.codes_unread |= not found.is_sound or bool(missing)
        self.problems[start:start] = missing
        values = unknowns.collect(self.problems[start:])
        self.recognition.append(found.recognition.with_values(values, sorted(seen - {NO_PRICE})))

    def _recognise(
        self, sheet: Sheet, top: list[Row]
    ) -> tuple[layout.Layout | None, presets.Recognised | None, Answers]:
        """The sheet's layout, read with what was answered now or for an earlier sheet like it."""
        answers = self.options.answers
        found, preset = self._laid_out(sheet, top, answers)
        if found is not None:
            before = self.options.remembered.get(found.recognition.signature)
            if before is not None:
                answers = before.with_(answers)
                found, preset = self._laid_out(sheet, top, answers)
            return found, preset, answers
        for signature, before in self.options.remembered.items():  # known by its answers alone
            both = before.with_(answers)
            found, preset = self._laid_out(sheet, top, both)
            if found is not None and found.recognition.signature == signature:
                return found, preset, both
        return None, None, answers

    def _laid_out(
        self, sheet: Sheet, top: list[Row], answers: Answers
    ) -> tuple[layout.Layout | None, presets.Recognised | None]:
        preset = presets.recognise(sheet, top, self.options.ignored, answers)
        if preset is not None:
            return preset.layout, preset
        return layout.find(sheet, self.options.ignored, answers, top), None

    def _read_rows(
        self,
        sheet: Sheet,
        found: layout.Layout,
        reader: RowReader,
        preset: presets.Recognised | None,
    ) -> set[str]:
        """Take in the rows below the header; returns the columns that they need and lack."""
        lacking: set[str] = set()
        code = ""
        below = (row for row in sheet.rows() if row.number > found.header)
        if preset is not None:
            for record in preset.records(below):
                self.rows += 1
                self._note(record.problems)
                readings = reader.read_cells(record.row, record.cells, terse=self._full)
                for reading in readings if record.cells else ():
                    code = self._take(reading, code, sound=found.is_sound, once=True)
                    lacking |= reading.lacking
            return lacking
        for row in below:
            if why := skipped.reason(row, found):
                self._note([skipped.problem(sheet.name, row, why)])
                continue
            self.rows += 1
            readings = reader.read(row, terse=self._full)
            for reading in readings:
                code = self._take(reading, code, sound=found.is_sound, once=len(readings) > 1)
                lacking |= reading.lacking
        return lacking

    @property
    def _full(self) -> bool:
        return len(self.problems) >= self.most_problems

    def _guessed(self, sheet: Sheet) -> None:
        self.problems.append(
            Problem(
                "guessed_encoding",
                say("The text is not Unicode; it was read as {encoding}", encoding=sheet.encoding),
                say("Look at the names, or save the sheet as .xlsx or CSV UTF-8"),
                sheet.name,
                severity=Severity.WARNING,
            )
        )

    def _take(self, reading: Reading, above: str, *, sound: bool, once: bool = False) -> str:
        """Take in one row, where `above` is the product of the row before; returns its product.

        `once`: what is wrong with several variants of a product alike is said of the first.
        """
        code = reading["product_code"]
        if not rows.require(reading, "product_code"):
            self._hold_unread(reading, above)
            return above
        # Two spellings of one code are one product, and an error of it: neither goes ahead.
        first = self.codes.setdefault(code.casefold(), code)
        product = self.products.setdefault(first, _Product(first))
        self._agree(product, reading)
        self._unique(reading)
        draft = rows.variant(reading, metal_value=self.options.metal_value)
        plausible.warn(reading)
        if draft is None or not sound or not reading.is_sound:
            product.broken = True
        else:
            product.variants.append(draft)
            product.readings.append((draft, reading.sheet, reading.cell("sku")))
        problems = reading.in_order()
        self._note(self._not_said_yet(product, problems) if once else problems)
        return str(code)

    def _not_said_yet(self, product: _Product, problems: Iterable[Problem]) -> Iterator[Problem]:
        for problem in problems:
            key = (problem.code, problem.column, problem.message)
            if key not in product.said:
                product.said.add(key)
                yield problem

    def _hold_unread(self, reading: Reading, above: str) -> None:
        """A row of a product that cannot be identified holds the product that it is likely one of.

        By its SKU, where the shop or this sheet has it; and the product of the row above, since
        codes are often merged over the rows of a product. Nothing may be taken for gone then.
        """
        self.codes_unread = True
        sku = reading["sku"] or ""
        known = self.earlier.variants.get(sku)
        here = self.owners.get(sku.casefold(), "")
        self.held.update(filter(None, (known[0].code if known else "", here, above)))
        self._unique_sku(reading)
        self._note(reading.in_order())

    def _note(self, problems: Iterable[Problem]) -> None:
        """Store the problems, up to a number that a person could still read and a server hold."""
        for problem in problems:
            if len(self.problems) < self.most_problems:
                self.problems.append(problem)
            else:
                self.unsaid[problem.is_error] += 1

    def _agree(self, product: _Product, reading: Reading) -> None:
        """What is the product's must be the same in all its rows; a blank takes the first row's."""
        first_row, product.lead = product.lead is None, product.lead or reading
        values, first = reading.values, product.first
        for name in _shared_columns():
            value = values.get(name)
            if value is None:
                if name in first:
                    values[name] = first[name][0]
            elif name not in first:
                product.first[name] = (value, f"{reading.sheet}!{reading.cell(name)}")
                if name == "model_file":
                    self._model(reading, value)
            elif product.first[name][0] != value:
                reading.report(
                    "conflicting_value",
                    say(
                        "{name} of product {code} differs from {value}",
                        name=name,
                        code=product.code,
                        value=product.first[name][1],
                    ),
                    say("Write the same in all rows of a product, or only in its first"),
                    column=name,
                )
        if first_row:
            rows.require(reading, "kind")
            rows.require_name(reading)
            if "markets" not in product.first and not any(
                p.column == "markets" for p in reading.problems
            ):
                reading.report(
                    "no_markets",
                    say("Product {code} names no market and is listed nowhere", code=product.code),
                    say("Fill markets, as us, gb, de"),
                    column="markets",
                    warning=True,
                )

    def _model(self, reading: Reading, name: str) -> None:
        if "model_file" in reading.places and not self.has_model(name):
            later = self.options.models_later
            reading.report(
                "model_missing",
                say("The model {name} was not handed over", name=name),
                say("Upload it to the product after the import")
                if later
                else say("Put it beside the sheet; capitals count"),
                column="model_file",
                warning=later,
            )

    def _unique(self, reading: Reading) -> None:
        code, sku = reading["product_code"], reading["sku"]
        first = self.codes[code.casefold()]
        if first != code:
            reading.report(
                "differs_in_case",
                say("{code} and {first} differ in capitals only", code=code, first=first),
                say("Write the code in one way, or give the products different codes"),
                column="product_code",
            )
        if sku is not None:
            self.owners.setdefault(sku.casefold(), code)
            self._unique_sku(reading)

    def _unique_sku(self, reading: Reading) -> None:
        sku = reading["sku"]
        if sku is None:
            return
        here = f"{reading.sheet}!{reading.cell('sku')}"
        other = self.skus.setdefault(sku.casefold(), here)
        if other != here:
            reading.report(
                "duplicate_sku",
                say("SKU {sku} is in {other} already; capitals do not count", sku=sku, other=other),
                say("Give every variant its own"),
                column="sku",
            )

    def result(self, market_rules: MarketRules | None) -> CheckResult:
        """The products and problems of all sheets read."""
        if not self.sheets:
            self.codes_unread = True
            required = ", ".join(c.name for c in columns().values() if c.required)
            self.problems.append(
                Problem(
                    "no_catalogue",
                    say("No sheet has a catalogue's header row"),
                    say(
                        "The header needs at least {required}; see the template", required=required
                    ),
                )
            )
        elif not self.rows and not self.codes_unread:
            self.codes_unread = True
            self.problems.append(
                Problem("no_rows", say("The catalogue has a header and no rows"), say("Fill it"))
            )
        whole: list[ProductDraft] = []
        held: set[str] = set()
        for product in self.products.values():
            whole_rows = not product.broken and product.code not in self.held
            draft = _draft(product) if whole_rows else None
            found = tuple(_market_problems(product, draft, market_rules)) if draft else ()
            self._note(found)
            if draft is None or any(problem.is_error for problem in found):
                held.add(product.code)
            else:
                whole.append(draft)
        if any(self.unsaid):
            warnings, errors = self.unsaid
            self.problems.append(
                Problem(
                    "more_problems",
                    say(
                        "And {errors} more errors and {warnings} more warnings",
                        errors=f"{errors:,}",
                        warnings=f"{warnings:,}",
                    ),
                    say("Cure these first, then check again"),
                    severity=Severity.ERROR if errors else Severity.WARNING,
                )
            )
        return CheckResult(
            tuple(whole),
            tuple(self.problems),
            frozenset(held | self.held),
            self.codes_unread,
            self.rows,
            tuple(self.recognition),
        )


def _draft(product: _Product) -> ProductDraft:
    said: Mapping[str, Any] = {name: value for name, (value, _) in product.first.items()}
    return ProductDraft(
        code=product.code,
        kind=said["kind"],
        names=_by_language(said, "name_"),
        descriptions=_by_language(said, "description_"),
        collection=said.get("collection", ""),
        model_file=said.get("model_file"),
        markets=said.get("markets", ()),
        engraving_max=said.get("engraving_max", 0),
        variants=tuple(product.variants),
    )


def _by_language(said: Mapping[str, Any], prefix: str) -> dict[str, str]:
    return {
        _language(name.removeprefix(prefix)): value
        for name, value in said.items()
        if name.startswith(prefix)
    }


def _language(suffix: str) -> str:
    return locales.language(suffix).code


def _market_problems(
    product: _Product, draft: ProductDraft, market_rules: MarketRules | None
) -> Iterable[Problem]:
    if market_rules is None or product.lead is None:
        return
    _, _, place = product.first.get("markets", ((), ""))[1].rpartition("!")
    places: Iterator[tuple[VariantDraft, str, str]] = iter(product.readings)
    for variant, sheet, sku_cell in places:
        for market in draft.markets:
            yield from findings(market_rules, market, draft, variant, sheet, place or sku_cell)
