"""Rows below the header that are no pieces: totals, foot notes, and the header printed again."""

from __future__ import annotations

import re

from catalog_import.cells import fold
from catalog_import.layout import Layout
from catalog_import.problems import Problem, Severity, shown
from catalog_import.sheets import Row, address
from catalog_import.texts import say

_TOTAL = re.compile(
    r"(?:本页|全部|页|季度?|月)?(?:合\s*计|小\s*计|总\s*计|共\s*计|累\s*计|总\s*数|汇\s*总)(?:金额|数量|重量)?|(?:sub|grand)?\s*-?\s*totals?|sum"
    r"|平\s*均(?:值|数)?|average|合計|小計|總計|共計|總數",
    re.I,
)
_NOTE = re.compile(
    r"^\s*(?:[*※★☆•·#①-⑳]|\(?\d{1,2}[.)、）]\s|注|註|备注|備註|说明|說明|附|声明|聲明|制表|製表"
    r"|制单|製單|审核|審核|批准|经手|經手|复核|覆核|打印"
    r"|列印|导出|匯出|导表|更新日期|更新时间|以上|本表|此表|共\s*\d"
    r"|notes?\b|remarks?\b|nb\b|p\.?s\.?\b|prepared|printed|exported|all prices"
    r"|prices?\s+(?:are|excl|incl)|page\s+\d|第\s*\d+\s*页|end\b|©|\bterms\b|see\b|please\b|-{2,}|—{2,})",
    re.I,
)
_IDENTITY = ("product_code", "sku")


def reason(row: Row, layout: Layout) -> str:
    """ "total", "note" or "header" for a row that is no piece; "" for one that may be."""
    filled, texts = dict[int, object](), dict[int, str]()
    for index, value in enumerate(row.values):
        if isinstance(value, str):
            if text := value.strip():
                filled[index], texts[index] = value, text
        elif value is not None:
            filled[index] = value
    if not texts:
        return ""
    if _is_header(texts, layout, len(filled)):
        return "header"
    codes = _codes(filled, layout)
    if _is_total(texts, codes):
        return "total"
    if _is_one_text(filled) and _is_note(next(iter(texts.values())), codes):
        return "note"
    return ""


def _is_header(texts: dict[int, str], layout: Layout, filled: int) -> bool:
    """Whether most of the row's cells repeat their headers, three at least."""
    headers, repeated = layout.headers, 0
    others = filled - len(texts)
    for index, text in texts.items():
        if fold(headers.get(index, "\0")) == fold(text) != "":
            repeated += 1
        else:
            others += 1
            if others * 2 >= filled:  # the usual case: half of them do not
                return False
    return repeated >= 3 and repeated * 2 > filled


def _codes(filled: dict[int, object], layout: Layout) -> list[str]:
    """What the columns of codes say in this row."""
    places = [i for i, column in layout.columns.items() if column.name in _IDENTITY]
    return [str(filled[index]).strip() for index in places if index in filled]


def _is_total(texts: dict[int, str], codes: list[str]) -> bool:
    if codes and not _says_total(codes[0]):  # the usual case
        return False
    said = [text for text in texts.values() if _says_total(text)]
    return bool(said) and all(code in said for code in codes)


def _says_total(text: str) -> bool:
    return _TOTAL.fullmatch(text.strip(" :：()（）【】")) is not None


def _is_one_text(filled: dict[int, object]) -> bool:
    values = iter(filled.values())
    first = str(next(values))
    return all(str(value) == first for value in values)


def _is_note(text: str, codes: list[str]) -> bool:
    """A row of one text: a note by how it begins, or by being a sentence and no code."""
    if _NOTE.match(text):
        return True
    sentence = len(text) > 24 or bool(re.search(r"[。，；！？]|\.\s|:\s|：", text)) or " " in text
    return sentence if codes else len(text) > 2


def problem(sheet: str, row: Row, why: str) -> Problem:
    """That the row is not read, for a person to object."""
    index = next(i for i, v in enumerate(row.values) if isinstance(v, str) and v.strip())
    text = shown(row.values[index])
    said = {
        "total": say("“{text}” is a row of totals; it is not read", text=text),
        "note": say("“{text}” is a note; it is not read", text=text),
        "header": say("The header is written here again; the row is not read"),
    }[why]
    return Problem(
        "row_not_read",
        said,
        say("Where it is a piece, give it its product code and SKU"),
        sheet,
        address(index + 1, row.number),
        value=text,
        severity=Severity.WARNING,
    )  # fmt: skip
