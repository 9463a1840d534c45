"""The language of a number that rings again: what it chose last, read from the calls or heard here."""

from datetime import timedelta

import pytest

from ivr import remembered
from ivr.remembered import DAYS, Remembered
from schema.calls import CallRow
from schema.ids import uuid7
from schema.store import Store


def test_what_a_number_chose_here_is_remembered_and_the_oldest_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remembered, "MOST", 2)
    known = Remembered(None, "zh")
    known.chose("1", "ug")
    known.chose("2", "en")
    known.chose("", "en")
    assert (known.of("1"), known.of("2"), known.of(""), known.of("3")) == ("ug", "en", "zh", "zh")
    known.chose("1", "en")
    known.chose("3", "ug")
    assert (known.of("1"), known.of("2"), known.of("3")) == ("en", "zh", "ug")
    known.chose("1", "zh")
    assert known.of("1") == "zh"
    known.start()
    known.stop()


def test_the_calls_say_what_was_chosen_last(store: Store) -> None:
    now = store.clock()
    calls = [("1", "ug", 2), ("1", "en", 1), ("2", "ug", 3), ("2", "zh", 1), ("3", "ug", 89), ("4", "ug", 91)]
    calls += [("", "ug", 1), ("5", "ug", 4), ("5", "", 1)]
    with store.work() as work:
        for number, language, days in calls:
            at = now - timedelta(days=days)
            work.session.add(
                CallRow(
                    id=uuid7(), contact=uuid7(), node="pbx1", number=number, language=language, entered_at=at
                )
            )
        placed = CallRow(
            id=uuid7(),
            contact=uuid7(),
            node="pbx1",
            number="6",
            language="ug",
            entered_at=now,
            direction="out",
        )
        work.session.add(placed)
    known = Remembered(store, "zh")
    known.look()
    found = {number: known.of(number) for number in ("1", "2", "3", "4", "5", "6", "")}
    assert (
        found == {"1": "en", "2": "zh", "3": "ug", "4": "zh", "5": "ug", "6": "zh", "": "zh"}
        and DAYS.days == 90
    )
