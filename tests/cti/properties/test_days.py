"""Random days at a model of the PBX, heard as they were, shuffled and torn: floor and books hold, and are true."""

from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from schema.calls import CallRow, LegRow, SegmentRow
from schema.facts import CallEnded, LegRang
from schema.rules.segments import TALK
from schema.store import Store
from tests.cti.modelday import THINGS, Day, Thing
from tests.cti.properties.days import Listener, lived, shuffled, torn
from tests.cti.stage import ledger_all
from tests.cti.wild import books_add_up, wild

PLAIN = (Phase.explicit, Phase.generate)  # a day that fails is told as it is: making it smaller takes minutes
CHANCE = st.integers(0, 2**30)
DAYS = st.lists(
    st.builds(
        Thing, what=st.sampled_from(THINGS), pick=CHANCE, after=st.sampled_from((0.0, 0.0, 0.5, 3.0, 30.0))
    ),
    min_size=10,
    max_size=60,
)


@settings(max_examples=80, deadline=None, derandomize=True, phases=PLAIN)
@given(things=DAYS)
def test_a_day_heard_twice_is_the_same_to_the_byte_and_leaves_nobody(things: list[Thing]) -> None:
    day, one, other = lived(things), Listener(), Listener()
    for frame in day.tape:
        one.hear(frame)
        other.hear(frame)
        assert one.state == other.state
    assert one.facts == day.facts
    assert not one.hearing.memory.legs and not one.floor.calls and not one.floor.seats


@settings(max_examples=80, deadline=None, derandomize=True, phases=PLAIN)
@given(things=DAYS, chance=CHANCE)
def test_what_happens_at_once_in_several_calls_may_be_heard_in_any_order(
    things: list[Thing], chance: int
) -> None:
    day, ear = lived(things), Listener()
    for frame in shuffled(day, Random(chance)):
        ear.hear(frame)
    assert not ear.hearing.memory.legs and not ear.floor.calls
    assert ear.floor.queues == day.floor.queues


@settings(max_examples=120, deadline=None, derandomize=True, phases=PLAIN)
@given(things=DAYS, chance=CHANCE, losses=st.sampled_from((0.0, 0.05, 0.2, 0.6)))
def test_whatever_was_missed_a_look_at_the_pbx_puts_right(
    things: list[Thing], chance: int, losses: float
) -> None:
    ear, _ = torn(lived(things), Random(chance), losses)
    again = Listener()
    for frame in ear.tape:
        again.hear(frame)
    assert again.state == ear.state and again.facts == ear.facts


SLOW = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    phases=PLAIN,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@SLOW
@given(things=DAYS)
def test_the_books_of_a_day_are_true(things: list[Thing], migrated_sqlite: Path) -> None:
    day = lived(things)
    with TemporaryDirectory() as name, wild(day, Path(name), migrated_sqlite) as stage:
        ledger_all(stage)
        legs = closed(stage.store)
        books_add_up(stage)
        assert legs.keys() == day.legs - late(day)
        citizens = Counter(leg.call for leg in legs.values() if leg.kind == "citizen")
        assert all(count == 1 for count in citizens.values())
        for uniqueid, row in legs.items():
            if row.kind != "watcher":  # what a supervisor hears is no talk
                talked, held = times(stage.store, uniqueid)
                assert abs(talked - day.pbx.talked.seconds[uniqueid]) < 0.001, row.kind
                assert row.kind != "citizen" or abs(held - day.pbx.held.seconds[uniqueid]) < 0.001


@SLOW
@given(things=DAYS, chance=CHANCE, losses=st.sampled_from((0.05, 0.3)))
def test_the_books_of_a_torn_day_close(
    things: list[Thing], chance: int, losses: float, migrated_sqlite: Path
) -> None:
    day = lived(things)
    ear, _ = torn(day, Random(chance), losses)
    day.tape, day.floor = ear.tape, ear.floor
    with TemporaryDirectory() as name, wild(day, Path(name), migrated_sqlite) as stage:
        ledger_all(stage)
        legs = closed(stage.store)
        books_add_up(stage)
        assert legs.keys() <= day.legs  # nobody who was not there


def late(day: Day) -> set[str]:
    """Legs that rang when their call was over: the citizen had gone, and a seat still asked somebody."""
    over, found = set(), set()
    for fact in day.facts:
        if isinstance(fact, CallEnded):
            over.add(fact.call)
        elif isinstance(fact, LegRang) and fact.call in over:
            found.add(fact.leg)
    return found


def closed(store: Store) -> dict[str, LegRow]:
    """Everything ended once, in order, and no leg was in two segments at a time. The legs."""
    with store.read() as session:
        calls = list(session.scalars(select(CallRow)))
        assert all(call.outcome and call.ended_at and call.entered_at <= call.ended_at for call in calls)
        legs = {leg.leg: leg for leg in session.scalars(select(LegRow))}
        assert all(leg.ended_at and leg.started_at <= leg.ended_at for leg in legs.values())
        last = defaultdict(lambda: None)
        for one in session.scalars(select(SegmentRow).order_by(SegmentRow.leg, SegmentRow.n)):
            assert one.ended_at is not None and one.started_at <= one.ended_at
            assert last[one.leg] is None or last[one.leg] <= one.started_at
            last[one.leg] = one.ended_at
        session.expunge_all()
    return legs


def times(store: Store, uniqueid: str) -> tuple[float, float]:
    """Seconds of talk and of hold of a leg."""
    found: Counter[str] = Counter()
    with store.read() as session:
        for one in session.scalars(select(SegmentRow).where(SegmentRow.leg == uniqueid)):
            assert one.ended_at is not None
            kind = "talk" if one.kind in TALK else one.kind
            found[kind] += (one.ended_at - one.started_at).total_seconds()
    return found["talk"], found["hold"]


def test_a_day_is_a_day() -> None:
    """The things do happen: of some thousand, each kind shows in the facts."""
    chance = Random(1)
    seen: Counter[str] = Counter()
    for _ in range(60):
        things = [
            Thing(chance.choice(THINGS), chance.randrange(2**30), chance.choice((0, 3))) for _ in range(50)
        ]
        day: Day = lived(things)
        seen.update(type(fact).__name__ for fact in day.facts)
        seen.update(fact.how for fact in day.facts if type(fact).__name__ == "CallTransferred")
    wanted = {
        "CallAnswered",
        "LegHeld",
        "LegFailed",
        "OfferFailed",
        "WatchStarted",
        "WatchEnded",
        "WrapUpStarted",
    }
    wanted |= {"blind", "consulted", "taken", "recovered", "rescued"}
    assert {name for name in wanted if not seen[name]} == set()
