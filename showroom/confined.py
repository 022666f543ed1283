"""How this machine confines the showroom's programs; an error of the showroom where it cannot."""

from __future__ import annotations

from infra import confinement
from infra.confinement import Found
from infra.confinement.errors import Unconfined as NoConfinement
from showroom.errors import Unconfined


def chosen() -> Found:
    """`infra.confinement.chosen`; raises the showroom's Unconfined."""
    try:
        return confinement.chosen()
    except NoConfinement as error:
        raise Unconfined(error.message, hint=error.hint) from error
