"""A case goes on in parts, each a case of its own that is linked to it."""

from datetime import timedelta

import pytest

from schema.desk.clocks import clocks_of
from schema.desk.errors import Refused
from schema.desk.splitting import parts_of
from schema.desk.timeline import timeline
from schema.orders import Part
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import PARTS, do


def test_the_parts_are_filed_cases_of_the_same_contact(desk: Office) -> None:
    whole = desk.case()
    parts = do(desk, "split", whole.id)
    with desk.store.read() as session:
        assert [part.id for part in parts_of(session, whole.id)] == [part.id for part in parts]
        hops = [hop.hop for hop in timeline(session, whole.contact)]
    assert [(part.title, part.kind, part.state, part.parent, part.contact) for part in parts] == [
        ("路灯", "service", "filed", whole.id, whole.contact), ("垃圾", "complaint", "filed", whole.id, whole.contact),
    ]  # fmt: skip
    assert [part.case_no[-4:] for part in parts] == ["0002", "0003"]
    assert hops[-3:].count("case.split-off") == 2 and "case.split" in hops
    assert desk.look(whole.id).state == "split"
    assert [row.name for row in desk.said()][-3:] == ["CaseSplit", "CaseSplitOff", "CaseSplitOff"]
    assert do(desk, "dispatch", parts[0].id).case == parts[0].id


def test_a_parts_clock_began_when_the_wholes_did_and_stood_still_when_it_did(desk: Office) -> None:
    whole = desk.case()
    for what in ("suspend", "resume"):
        do(desk, what, whole.id)
    now = desk.store.clock()
    desk.store.clock = lambda: now + timedelta(days=1)
    parts = do(desk, "split", whole.id)
    with desk.store.read() as session:
        (old,) = clocks_of(session, whole.id)
        new = [clocks_of(session, part.id) for part in parts]
    for (clock,) in new:
        assert [(row.running, row.began_at) for row in clock.intervals] == [
            (row.running, row.began_at) for row in old.intervals
        ]
        assert clock.ended_at is None
    assert [clock[0].units for clock in new] == [3, 5]
    # As it is now: while it stood still it became due later, unless that was on a day off.
    assert old.ended_at is not None and desk.look(parts[1].id).due_at == old.due_at


@pytest.mark.parametrize(
    "parts",
    [
        (), PARTS[:1], PARTS * 5, (*PARTS, Part(title="", text="x")), (*PARTS, Part(title="x", text="")),
        (*PARTS, Part(title="x", text="x", kind="y")), (*PARTS, Part(title="x", text="x", cell="330106001001999")),
    ],
)  # fmt: skip
def test_parts_that_are_none_are_refused_and_use_up_no_number(desk: Office, parts: tuple[Part, ...]) -> None:
    whole = desk.case()
    with pytest.raises(Refused) as refused:
        do(desk, "split", whole.id, parts=parts)
    assert (refused.value.code, refused.value.field) == ("bad-field", "parts")
    assert desk.case().case_no.endswith("-0002")
