"""A brand's answers about its sheets: remembered by the sheet's headers, and applied again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalog_import import Answers, Recognition
from storefront_backend.accounts.models import User
from storefront_backend.catalog.models import Brand
from storefront_backend.catalog.sheet_mappings import SheetMapping


def remembered(brand: Brand) -> Mapping[str, Answers]:
    """The brand's answers by the signature of the sheets that they are for."""
    rows = SheetMapping.objects.filter(brand=brand).values_list("signature", "answers")
    return {signature: Answers.from_json(answers) for signature, answers in rows}


def remember(
    brand: Brand, sheets: Iterable[Recognition], answers: Answers, by: User | None
) -> None:
    """Keep the answers for every sheet with these headers; what was answered before stays."""
    for sheet in sheets:
        row = SheetMapping.objects.filter(brand=brand, signature=sheet.signature).first()
        before = Answers.from_json(row.answers) if row else Answers()
        SheetMapping.objects.update_or_create(
            brand=brand,
            signature=sheet.signature,
            defaults={
                "source": sheet.source,
                "answers": before.with_(answers).to_json(),
                "by": by,
            },
        )


def forget(brand: Brand, signature: str) -> bool:
    """Delete the answers for such sheets; false where there were none."""
    return bool(SheetMapping.objects.filter(brand=brand, signature=signature).delete()[0])
