"""Words for texts and why one was not saved."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SUBJECT_NAMES = {
    "product": _("Piece"),
    "collection": _("Collection"),
    "brand": _("Brand"),
    "story": _("Story"),
}
FIELD_NAMES = {
    "names": _("Name"),
    "descriptions": _("Description"),
    "taglines": _("Tagline"),
    "stories": _("Story"),
    "cities": _("City"),
    "titles": _("Title"),
    "bodies": _("Text"),
}
REFUSALS = {
    "unknown_text": _("There is no such text at your brand."),
    "unknown_language": _("The shop does not have this language."),
    "changed_since": _("Somebody has changed the text since. Read it again before you save."),
    "source_changed": _("The original has been changed since. Translate its new version."),
    "too_long": _("The text is too long."),
    "unreadable_text": _("The text holds characters that cannot be shown."),
}
