"""Tax numbers of businesses: are they well formed, and how are they written."""

from __future__ import annotations

from dataclasses import dataclass

import stdnum
from stdnum.exceptions import ValidationError

from i18n.errors import UnknownCode

# What python-stdnum calls the number a business of that country shows on its invoices.
_NUMBERS = {
    "US": ("ein", "EIN"), "CA": ("bn", "BN"), "GB": ("vat", "VAT"), "DE": ("vat", "USt-IdNr."),
    "FR": ("tva", "TVA"), "IT": ("iva", "Partita IVA"), "JP": ("cn", "法人番号"),
    "KR": ("brn", "사업자등록번호"), "SG": ("uen", "UEN"), "AU": ("abn", "ABN"),
    "IN": ("gstin", "GSTIN"), "TH": ("tin", "TIN"), "CN": ("uscc", "统一社会信用代码"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaxNumber:
    """A business's number: compact as stored, formatted as printed. `valid` is by form and check
    digit only; whether it is registered, only the authority knows."""

    country: str
    name: str
    compact: str
    valid: bool
    problem: str = ""


def check(country: str, number: str) -> TaxNumber:
    """Check a number by its country's form. UnknownCode where we know no form."""
    code = country.upper()
    if code not in _NUMBERS:
        raise UnknownCode(
            f"There is no form of a tax number for {country!r}",
            hint=f"There are: {', '.join(_NUMBERS)}",
        )
    module_name, name = _NUMBERS[code]
    module = stdnum.get_cc_module(code, module_name)
    assert module is not None, f"python-stdnum has no {code}.{module_name}"
    try:
        return TaxNumber(code, name, str(module.validate(number)), True)
    except ValidationError as error:
        return TaxNumber(code, name, number.strip(), False, str(error))
