"""Who wrote a shared field last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storefront_backend.saleor.catalogue.facts import digest
from storefront_backend.saleor.catalogue.merge import Merge, changed, merge

THEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = THEN + timedelta(minutes=1)


def decided(base: str, ours: str, theirs: str, *, ours_at: datetime | None = THEN) -> Merge:
    return merge(
        "ring", {"name:en": digest(base)}, {"name:en": ours}, {"name:en": theirs}, ours_at, THEN
    )


def test_what_nobody_changed_is_not_written() -> None:
    assert decided("Ring", "Ring", "Ring").write == {}


def test_what_only_we_changed_is_written() -> None:
    result = decided("Ring", "Band", "Ring")
    assert result.write == {"name:en": "Band"}
    assert result.base == {"name:en": digest("Band")}


def test_what_only_they_changed_is_left_and_still_counts_as_their_change() -> None:
    result = decided("Ring", "Ring", "Band")
    assert (result.write, result.conflicts) == ({}, ())
    assert changed(result.base, {"name:en": "Band"}) == {"name:en": "Band"}


def test_both_changing_to_the_same_is_agreement() -> None:
    result = decided("Ring", "Band", "Band")
    assert (result.write, result.conflicts) == ({}, ())
    assert result.base == {"name:en": digest("Band")}


def test_of_two_changes_the_later_stays_and_both_are_told() -> None:
    for ours_at, kept, written in ((LATER, "ours", "Band"), (THEN, "theirs", None)):
        result = decided("Ring", "Band", "Hoop", ours_at=ours_at)
        (conflict,) = result.conflicts
        assert (conflict.ours, conflict.theirs, conflict.kept) == ("Band", "Hoop", kept)
        assert result.write.get("name:en") == written


def test_without_a_time_of_ours_theirs_stays() -> None:
    assert decided("Ring", "Band", "Hoop", ours_at=None).conflicts[0].kept == "theirs"


def test_a_translation_that_is_not_there_yet_is_written_and_not_taken_for_a_deletion() -> None:
    assert decided("Ring", "Ring", "").write == {"name:en": "Ring"}
    assert changed({"name:en": digest("Ring")}, {"name:en": ""}) == {}


def test_a_field_that_only_saleor_has_stays() -> None:
    assert merge("ring", {}, {}, {"name:fr": "Bague"}, THEN, THEN).write == {}


def test_a_channel_that_holds_only_a_price_is_no_decision_of_anybodys() -> None:
    assert changed({}, {"published:de": "no"}) == {}
    assert changed({"published:de": digest("yes")}, {"published:de": "no"}) == {
        "published:de": "no"
    }
