from collections import defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schema.rules.segments import Segment, Segments, Who, kind_of, talk_seconds

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
CITIZEN, SEAT, OTHER = Who("1", "citizen"), Who("2", "seat", "101"), Who("3", "seat", "102")
PARTY, EAR = Who("4", "party", number="+8657100"), Who("5", "watcher", "900")
ALL = (CITIZEN, SEAT, OTHER, PARTY, EAR)


class Told:
    """Segments as somebody who writes them down has them; the clock is in seconds from noon."""

    def __init__(self) -> None:
        self.segments = Segments()
        self.done: dict[str, list[Segment]] = defaultdict(list)
        self.at = 0.0

    def wait(self, seconds: float) -> None:
        self.at += seconds

    @property
    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.at)

    def join(self, who: Who, bridge: str = "b") -> None:
        self._put(self.segments.joined(who, bridge, self.now))

    def leave(self, who: Who, bridge: str = "b") -> None:
        self._put(self.segments.left(who.leg, bridge, self.now))

    def hold(self, who: Who) -> None:
        self._put(self.segments.held(who, self.now))

    def send_on(self) -> None:
        self._put(self.segments.sent_on(self.now))

    def end(self, who: Who) -> None:
        self._put(self.segments.ended(who.leg, self.now))

    def watch(self, who: Who, mode: str) -> None:
        self._put(self.segments.watches(who, mode, "101", self.now))

    def unwatch(self, who: Who) -> None:
        self._put(self.segments.watched(who.leg, self.now))

    def _put(self, changed: list[Segment]) -> None:
        for one in changed:
            if one.ended is not None:
                self.done[one.who.leg].append(one)

    def of(self, who: Who) -> list[tuple[str, float, float, tuple[str, ...]]]:
        """Kind, from, to and company of each segment that lasted."""
        return [
            (one.kind, (one.started - NOON).total_seconds(), (one.ended - NOON).total_seconds(), one.others)
            for one in self.done[who.leg]
            if one.ended is not None and one.ended > one.started
        ]


def test_a_talk_begins_when_the_second_comes_and_ends_when_one_goes() -> None:
    told = Told()
    told.join(CITIZEN)
    told.wait(3)
    told.join(SEAT)
    told.wait(60)
    told.leave(SEAT)
    told.wait(2)
    told.leave(CITIZEN)
    assert told.of(CITIZEN) == [("talk", 3, 63, ("seat:101",))]
    assert told.of(SEAT) == [("talk", 3, 63, ("citizen",))]
    assert told.segments.empty


def test_a_consultation_a_conference_and_a_citizen_on_hold() -> None:
    told = Told()
    told.join(CITIZEN)
    told.join(SEAT)
    told.wait(10)
    told.leave(CITIZEN)
    told.hold(CITIZEN)
    told.leave(SEAT)
    told.join(SEAT, "c")
    told.wait(5)
    told.join(PARTY, "c")
    told.wait(20)
    told.join(CITIZEN, "c")
    told.wait(30)
    for who in (SEAT, PARTY, CITIZEN):
        told.end(who)
    assert told.of(CITIZEN) == [
        ("talk", 0, 10, ("seat:101",)), ("hold", 10, 35, ()), ("conference", 35, 65, ("party:+8657100", "seat:101")),
    ]  # fmt: skip
    assert told.of(SEAT) == [
        ("talk", 0, 10, ("citizen",)), ("consult", 15, 35, ("party:+8657100",)),
        ("conference", 35, 65, ("citizen", "party:+8657100")),
    ]  # fmt: skip
    assert talk_seconds(told.done["2"]) == 60


def test_a_supervisor_listens_whispers_and_joins_in() -> None:
    told = Told()
    told.join(CITIZEN)
    told.join(SEAT)
    told.wait(10)
    told.watch(EAR, "listen")
    told.wait(5)
    told.watch(EAR, "whisper")
    told.wait(5)
    told.watch(EAR, "barge")
    told.join(EAR)
    told.wait(5)
    told.unwatch(EAR)
    told.wait(1)
    told.end(EAR)
    assert told.of(EAR) == [
        ("listen", 10, 15, ("seat:101",)), ("whisper", 15, 20, ("seat:101",)), ("barge", 20, 25, ("seat:101",)),
        ("conference", 25, 26, ("citizen", "seat:101")),
    ]  # fmt: skip
    assert told.of(SEAT) == [
        ("talk", 0, 20, ("citizen",)),
        ("conference", 20, 26, ("citizen", "watcher:900")),
    ]


def test_who_is_moved_left_the_bridge_before_whether_or_not_that_was_heard() -> None:
    told = Told()
    told.join(CITIZEN)
    told.join(SEAT)
    told.wait(10)
    told.join(SEAT, "c")
    told.wait(5)
    told.leave(SEAT, "b")  # late
    told.join(CITIZEN, "c")
    told.wait(5)
    told.end(CITIZEN)
    assert told.of(SEAT) == [("talk", 0, 10, ("citizen",)), ("talk", 15, 20, ("citizen",))]


def test_a_clock_set_back_makes_no_segment_that_ends_before_it_begins() -> None:
    told = Told()
    told.wait(100)
    told.join(CITIZEN)
    told.join(SEAT)
    told.wait(-60)
    told.hold(CITIZEN)
    told.wait(70)
    told.end(CITIZEN)
    assert told.of(CITIZEN) == [("hold", 100, 110, ())]


def test_what_it_is_when_people_are_together() -> None:
    assert kind_of([CITIZEN, SEAT]) == kind_of([CITIZEN, PARTY]) == "talk"
    assert kind_of([SEAT, OTHER]) == kind_of([SEAT, PARTY]) == "consult"
    assert kind_of([SEAT, OTHER, CITIZEN]) == "conference"


THINGS = st.one_of(
    st.tuples(st.just("join"), st.sampled_from(ALL), st.sampled_from("bcd")),
    st.tuples(st.just("leave"), st.sampled_from(ALL), st.sampled_from("bcd")),
    st.tuples(st.just("hold"), st.sampled_from(ALL)),
    st.tuples(st.just("end"), st.sampled_from(ALL)),
    st.tuples(st.just("watch"), st.just(EAR), st.sampled_from(("listen", "whisper", "barge"))),
    st.tuples(st.just("unwatch"), st.just(EAR)),
    st.tuples(st.just("wait"), st.integers(-5, 20)),
)


def play(things: list[tuple[object, ...]]) -> Told:
    told = Told()
    for what, *about in things:
        getattr(told, str(what))(*about)
    for who in ALL:
        told.end(who)
    return told


@given(st.lists(THINGS, max_size=60))
def test_whatever_is_heard_lost_or_doubled_no_segment_is_negative_and_none_overlap(
    things: list[tuple[object, ...]],
) -> None:
    told = play(things)
    assert told.segments.empty
    for segments in told.done.values():
        for before, after in zip(segments, segments[1:], strict=False):
            assert before.ended is not None and before.ended <= after.started
        assert all(one.ended is not None and one.ended >= one.started for one in segments)


@given(st.lists(THINGS.filter(lambda thing: "watch" not in str(thing[0])), max_size=60))
def test_the_talk_time_of_a_leg_is_the_time_it_had_company(things: list[tuple[object, ...]]) -> None:
    """Counted anew, second by second, out of who was where."""
    things = [("wait", abs(int(str(thing[1])))) if thing[0] == "wait" else thing for thing in things]
    where: dict[str, str] = {}
    together: dict[str, int] = defaultdict(int)
    for what, who, *bridge in things:
        if what == "wait":
            for leg, room in where.items():
                if sum(other == room for other in where.values()) > 1:
                    together[leg] += int(str(who))
            continue
        assert isinstance(who, Who)
        if what == "join":
            where[who.leg] = str(bridge[0])
        elif what in ("hold", "end") or where.get(who.leg) == bridge[0]:
            where.pop(who.leg, None)
    told = play(things)
    assert {who.leg: talk_seconds(told.done[who.leg]) for who in ALL} == {
        who.leg: together[who.leg] for who in ALL
    }


@given(st.lists(THINGS, max_size=40), st.data())
def test_the_same_told_twice_makes_the_same(things: list[tuple[object, ...]], data: st.DataObject) -> None:
    doubled = [
        thing for thing in things for _ in range(1 if thing[0] == "wait" else data.draw(st.integers(1, 2)))
    ]
    one, other = play(things), play(doubled)
    assert [one.of(who) for who in ALL] == [other.of(who) for who in ALL]


def test_hold_ends_when_the_citizen_is_sent_on_not_when_somebody_takes_them() -> None:
    told = Told()
    told.join(CITIZEN)
    told.join(SEAT)
    told.wait(10)
    told.hold(CITIZEN)
    told.wait(5)
    told.send_on()
    told.send_on()
    told.wait(100)  # in a line
    told.join(CITIZEN, "b2")
    told.join(OTHER, "b2")
    told.wait(3)
    told.end(CITIZEN)
    assert [(kind, began, ended) for kind, began, ended, _ in told.of(CITIZEN)] == [
        ("talk", 0, 10), ("hold", 10, 15), ("talk", 115, 118),
    ]  # fmt: skip


def test_who_is_asked_stays_on_hold_when_the_citizen_is_sent_on() -> None:
    told = Told()
    told.hold(PARTY)
    told.wait(5)
    told.send_on()
    told.wait(5)
    told.end(PARTY)
    assert [(kind, began, ended) for kind, began, ended, _ in told.of(PARTY)] == [("hold", 0, 10)]
