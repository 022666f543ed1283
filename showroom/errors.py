"""The errors of this package.

    ShowroomError
    ├── Unreadable              the file cannot become a scene
    │   ├── UnknownFormat         unknown_format      not a mesh file that we know
    │   ├── DamagedFile           damaged_file        cut short or contradictory
    │   ├── NothingToShow         nothing_to_show     no triangles: lines, curves, an empty file
    │   ├── NoRenderMesh          no_render_mesh      surfaces saved without a mesh
    │   ├── TooLarge              too_large           over a limit on bytes, triangles or placements
    │   ├── TooMuchMemory         too_much_memory     reading it took more memory than is allowed
    │   ├── TooSlow               too_slow            reading it took longer than is allowed
    │   ├── OutsideFile           outside_file        it points at another file, address or folder
    │   ├── MissingFile           missing_file        it needs a file that did not come along
    │   ├── NestedArchive         nested_archive      an archive inside the archive
    │   ├── LockedArchive         locked_archive      an archive with a password
    │   ├── SeveralPieces         several_pieces      a set of files with more than one piece in it
    │   ├── Implausible           implausible         numbers that no piece of jewellery can have
    │   ├── UnknownPicture        unknown_picture     not a photograph that we can read
    │   ├── MovingPicture         moving_picture      an animation, or a file of several pages
    │   ├── PictureTooLarge       picture_too_large   over a limit on bytes or pixels
    │   ├── PictureTooSmall       picture_too_small   too few pixels for a page
    │   └── NoColourProfile       no_colour_profile   CMYK without the profile that says its colours
    ├── Unmeasurable            wrong_unit          no scale makes this a piece of its kind
    ├── InvalidOutput           invalid_output      what we wrote fails the judges: our fault
    ├── InvalidRecipe           invalid_recipe      a recipe that names an unknown step or option
    ├── Cancelled               cancelled           the build was cancelled
    ├── ToolFailed              tool_failed         an encoder could not run; trying again may help
    │   └── Unconfined            not_confined        this machine cannot confine a reader, and must
    └── Refused                 refused             the build stopped; carries every problem

Each has a stable `code`; `permanent` says whether the same file can ever succeed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass


class ShowroomError(Exception):
    """Base of the package's errors: a code for programs, sentences for people."""

    code = "showroom_error"
    permanent = True

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def problem(self) -> Problem:
        """The error as a line of a report."""
        return Problem(self.code, self.message, self.hint)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do about it."""

    code: str
    message: str
    hint: str = ""

    def to_json(self) -> dict[str, str]:
        """Plain values."""
        return asdict(self)


class Unreadable(ShowroomError):
    """The file cannot become a scene."""

    code = "unreadable"


class UnknownFormat(Unreadable):
    """Not a mesh file that we know."""

    code = "unknown_format"


class DamagedFile(Unreadable):
    """Cut short, contradictory, or not what it claims to be."""

    code = "damaged_file"


class NothingToShow(Unreadable):
    """No triangles in it."""

    code = "nothing_to_show"


class NoRenderMesh(Unreadable):
    """Surfaces without the mesh that Rhino saves with them."""

    code = "no_render_mesh"


class TooLarge(Unreadable):
    """Over a limit on bytes, triangles or placements."""

    code = "too_large"


class TooMuchMemory(Unreadable):
    """Reading it took more memory than is allowed."""

    code = "too_much_memory"


class TooSlow(Unreadable):
    """Reading it took longer than is allowed."""

    code = "too_slow"


class OutsideFile(Unreadable):
    """It points at another address or folder, which is never followed."""

    code = "outside_file"


class MissingFile(Unreadable):
    """It needs a file that did not come along."""

    code = "missing_file"


class NestedArchive(Unreadable):
    """An archive inside the archive, which is never opened."""

    code = "nested_archive"


class LockedArchive(Unreadable):
    """An archive with a password."""

    code = "locked_archive"


class SeveralPieces(Unreadable):
    """A set of files with more than one piece in it."""

    code = "several_pieces"


class Implausible(Unreadable):
    """Numbers that no piece of jewellery can have."""

    code = "implausible"


class UnknownPicture(Unreadable):
    """Not a photograph that we can read."""

    code = "unknown_picture"


class MovingPicture(Unreadable):
    """An animation, or a file of several pages."""

    code = "moving_picture"


class PictureTooLarge(Unreadable):
    """Over a limit on bytes or pixels."""

    code = "picture_too_large"


class PictureTooSmall(Unreadable):
    """Too few pixels for a page."""

    code = "picture_too_small"


class NoColourProfile(Unreadable):
    """CMYK without the profile that says which colours its numbers are."""

    code = "no_colour_profile"


class Unmeasurable(ShowroomError):
    """No scale makes this a piece of its kind."""

    code = "wrong_unit"


class InvalidOutput(ShowroomError):
    """What we wrote fails the judges; the fault is ours, not the brand's."""

    code = "invalid_output"


class InvalidRecipe(ShowroomError):
    """A recipe that names an unknown step or option."""

    code = "invalid_recipe"


class Cancelled(ShowroomError):
    """The build was cancelled."""

    code = "cancelled"
    permanent = False


class ToolFailed(ShowroomError):
    """An encoder could not run."""

    code = "tool_failed"
    permanent = False


class Unconfined(ToolFailed):
    """This machine offers no confinement for the readers, and it was required."""

    code = "not_confined"


class Refused(ShowroomError):
    """The build stopped and left nothing behind; `problems` says why, the first one first."""

    code = "refused"

    def __init__(self, *problems: Problem, permanent: bool = True) -> None:
        first = problems[0]
        super().__init__(first.message, hint=first.hint)
        self.problems = problems
        self.permanent = permanent


UNREADABLE: dict[str, type[Unreadable]] = {
    kind.code: kind
    for kind in (
        UnknownFormat, DamagedFile, NothingToShow, NoRenderMesh, TooLarge, TooMuchMemory, TooSlow,
        OutsideFile, MissingFile, NestedArchive, LockedArchive, SeveralPieces, Implausible,
        UnknownPicture, MovingPicture, PictureTooLarge, PictureTooSmall, NoColourProfile,
    )
}  # fmt: skip
