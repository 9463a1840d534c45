from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cti import notes
from cti.floor import Floor
from schema.facts import SeatOpened
from tests.cti.play import LI, NOON, WANG, ZONE, Caller, Play


def figures(play: Play) -> tuple[int, int, int, int]:
    found = play.floor.figures
    return found.offered, found.answered, found.abandoned, found.waiting


def test_a_caller_is_counted_at_every_stage(play: Play, caller: Caller) -> None:
    play.seat()
    play.calls(caller)
    assert (play.floor.calls[caller.call].stage, figures(play)) == ("ivr", (0, 0, 0, 0))
    play.waits(caller)
    assert (play.floor.calls[caller.call].stage, figures(play)) == ("queue", (1, 0, 0, 1))
    play.rings(caller)
    assert (play.floor.calls[caller.call].stage, figures(play)) == ("ringing", (1, 0, 0, 1))
    play.answers(caller)
    assert (play.floor.calls[caller.call].stage, figures(play)) == ("talking", (1, 1, 0, 0))
    play.hangs_up(caller)
    assert (play.floor.calls, figures(play)) == ({}, (1, 1, 0, 0))


@pytest.mark.parametrize("stage", ["queue", "net", "ringing"])
def test_a_caller_who_gives_up_is_abandoned_once(play: Play, caller: Caller, stage: str) -> None:
    play.seat()
    play.brought(caller, stage)
    play.hangs_up(caller)
    assert figures(play) == (1, 0, 1, 0)
    assert play.floor.seats["101"].state == "ready"


def test_a_caller_who_only_listens_is_not_offered(play: Play, caller: Caller) -> None:
    play.brought(caller, "ivr")
    play.hangs_up(caller)
    assert figures(play) == (0, 0, 0, 0)


def test_a_caller_who_comes_back_keeps_the_place(play: Play, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "ringing")
    play.wait(20)
    play.fails(caller)
    play.waits(caller, returning=True)
    call = play.floor.calls[caller.call]
    assert (call.returning, call.waiting_since, call.since) == (True, NOON, NOON + timedelta(seconds=20))
    assert figures(play) == (1, 0, 0, 1)


def test_a_seat_shows_whose_call_it_has(play: Play, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "talking")
    seat = play.floor.seats["101"]
    assert (seat.state, seat.number, seat.call, seat.contact, seat.language) == (
        "talking", caller.number, caller.call, caller.id, "zh",
    )  # fmt: skip


def test_a_seat_wraps_up_and_is_ready_again(play: Play, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "talking")
    play.wait(60)
    play.hangs_up(caller)
    assert (play.floor.seats["101"].state, play.floor.seats["101"].since) == ("wrapup", play.now)
    play.wait(30)
    play.note(notes.wrapped_up("101", "timer"))
    seat = play.floor.seats["101"]
    assert (seat.state, seat.idle_since, seat.call, seat.number) == ("ready", play.now, None, "")


def test_ready_ends_wrap_up(play: Play, caller: Caller) -> None:
    play.seat()
    play.hangs_up(play.brought(caller, "talking"))
    play.note(notes.seat_ready("101"))
    assert play.floor.seats["101"].state == "ready"


def test_a_pause_during_a_call_holds_afterwards(play: Play, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "talking")
    play.note(notes.seat_paused("101", "rest"))
    assert play.floor.seats["101"].state == "talking"
    play.hangs_up(caller)
    play.note(notes.wrapped_up("101", "timer"))
    assert (play.floor.seats["101"].state, play.floor.seats["101"].paused) == ("paused", "rest")


def test_a_seat_without_its_softphone_is_unreachable_whatever_else(play: Play) -> None:
    play.seat()
    play.registered("101", "Removed")
    assert play.floor.seats["101"].state == "unreachable"
    play.registered("101")
    assert play.floor.seats["101"].state == "ready"


def test_a_seat_that_is_opened_is_not_ready_yet(play: Play) -> None:
    play.seat(ready=False)
    assert (play.floor.seats["101"].state, play.floor.seats["101"].paused) == ("paused", "opened")


def test_a_seat_taken_over_is_another_persons(play: Play) -> None:
    play.seat()
    play.seat("101", LI, ready=False)
    assert (play.floor.seats["101"].user, play.floor.seats["101"].state) == (LI, "paused")


def test_the_net_rings_a_seat_and_the_caller_stays_in_the_net(play: Play, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "net")
    play.rings(caller)
    assert (play.floor.calls[caller.call].stage, play.floor.seats["101"].state) == ("net", "ringing")


def test_a_new_day_begins_with_those_who_wait(play: Play, caller: Caller) -> None:
    play.hangs_up(play.brought(Caller("1"), "queue"))
    play.brought(caller, "queue")
    assert figures(play) == (2, 0, 1, 1)
    play.wait(13 * 3600)  # past midnight in the site's zone
    play.calls(Caller("3"))
    assert figures(play) == (1, 0, 0, 1)
    play.rings(caller)
    play.answers(caller)
    assert figures(play) == (1, 1, 0, 0)


def test_a_floor_whose_figures_are_wrong_says_so(play: Play, caller: Caller) -> None:
    play.brought(caller, "queue")
    assert play.floor.right
    play.floor.queues["hotline"].waiting += 1
    assert not play.floor.right


def test_facts_of_a_seat_that_is_not_open_change_nothing(play: Play, caller: Caller) -> None:
    play.brought(caller, "talking")
    play.hangs_up(caller)
    for note in (
        notes.seat_ready("101"),
        notes.seat_paused("101", "x"),
        notes.wrapped_up("101", "x"),
        notes.seat_closed("101"),
    ):
        play.note(note)
    assert play.floor.seats == {}


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001
def test_the_first_fact_of_any_day_begins_with_nothing(at: datetime) -> None:
    floor = Floor(ZONE)
    floor.hear(SeatOpened(at=at.replace(tzinfo=NOON.tzinfo), seat="101", node="pbx1", user=WANG))
    assert floor.right and floor.figures.offered == 0


class Conservation(RuleBasedStateMachine):
    """Whatever callers, seats and the dialplan do, in whatever order, every caller is accounted for."""

    def __init__(self) -> None:
        super().__init__()
        self.play = Play()
        self.callers: list[Caller] = []
        self.play.seat("101")
        self.play.seat("102", LI)

    @rule()
    def somebody_calls(self) -> None:
        self.callers.append(Caller(str(len(self.callers))))
        self.play.calls(self.callers[-1])

    @rule(n=st.integers(0, 9),
          what=st.sampled_from(["waits", "comes back", "net", "rings", "answers", "fails", "up", "gone"]),
          seat=st.sampled_from(["101", "102"]), seconds=st.floats(0, 9000))  # fmt: skip
    def something_happens(self, n: int, what: str, seat: str, seconds: float) -> None:
        self.play.wait(seconds)
        if not self.callers:
            return
        caller = self.callers[n % len(self.callers)]
        if what in ("waits", "comes back"):
            self.play.waits(caller, returning=what == "comes back")
        elif what == "net":
            self.play.told(caller, "Net", Queue="hotline")
        elif what == "rings":
            self.play.rings(caller, seat)
        elif what == "answers" and caller.legs:
            self.play.answers(caller, seat)
        elif what == "fails" and caller.legs:
            self.play.fails(caller, seat)
        elif what == "up":
            self.play.hangs_up(caller)
        elif what == "gone":
            self.play.event(Event="Note", What="Gone", Uniqueid=caller.leg)

    @rule(
        seat=st.sampled_from(["101", "102"]),
        what=st.sampled_from(["ready", "rest", "wrapped", "Removed", "Reachable"]),
    )
    def a_seat_changes(self, seat: str, what: str) -> None:
        if what in ("Removed", "Reachable"):
            self.play.registered(seat, what)
        elif what == "wrapped":
            self.play.note(notes.wrapped_up(seat, "agent"))
        else:
            self.play.note(notes.seat_ready(seat) if what == "ready" else notes.seat_paused(seat, what))

    @invariant()
    def everybody_is_accounted_for(self) -> None:
        assert self.play.floor.right

    @invariant()
    def hearing_and_floor_know_the_same_calls(self) -> None:
        assert self.play.floor.calls.keys() == self.play.hearing.memory.calls.keys()
        for call, state in self.play.hearing.memory.calls.items():
            assert self.play.floor.calls[call].stage == state.stage

    @invariant()
    def no_seat_has_a_call_that_is_over_but_to_write_it_up(self) -> None:
        for seat in self.play.floor.seats.values():
            if seat.busy == "ringing":
                assert seat.call in self.play.floor.calls


TestConservation = Conservation.TestCase


def test_the_seats_of_a_call_are_those_that_say_so(play: Play) -> None:
    play.seat()
    play.seat("102", LI)
    caller = play.brought(Caller(), "ringing")
    for step in (lambda: play.answers(caller), lambda: play.wait(1), lambda: play.hangs_up(caller)):
        step()
        of_call = [seat for seat in play.floor.seats.values() if seat.call == caller.call]
        assert play.floor.seats_of(caller.call) == of_call
    assert [seat.seat for seat in play.floor.seats_of(caller.call)] == ["101"]  # it writes the call up
    again = Play().floor
    again.restore(play.floor.state)
    assert again.seats_of(caller.call) == play.floor.seats_of(caller.call)
    play.note(notes.seat_closed("101"))
    assert play.floor.seats_of(caller.call) == []
