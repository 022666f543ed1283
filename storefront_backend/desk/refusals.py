"""Why something was refused, in the desk's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from storefront_backend.commerce.errors import BrandLimitReached, CommerceError


def why_refused(error: CommerceError) -> str:
    """A limit of the brand in words of the desk; anything else as the error says it."""
    if not isinstance(error, BrandLimitReached):
        hint = f" {error.hint}" if error.hint else ""
        return f"{error.message.rstrip('.')}.{hint}"
    if error.field == "bytes":
        return _(
            "Your brand's files take as much room as they may. Delete photographs or CAD files"
            " that are not needed, or ask the shop for more room."
        )
    return _("As many sheets as your brand may have are in progress. Wait until one is done.")
