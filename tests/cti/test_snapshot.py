from cti import snapshot
from schema.facts import (
    CallAnswered,
    CallEnded,
    CallEntered,
    CallFact,
    CallOffered,
    CallQueued,
    LegHeld,
    LegJoined,
    LegLeft,
    NetUsed,
    RecordingStarted,
)
from schema.ids import CallId, uuid7
from tests.cti.play import Caller, Play

Row = dict[str, str]


def citizen(caller: Caller, context: str, **more: str) -> Row:
    return {
        "Event": "CoreShowChannel", "Channel": f"PJSIP/carrier-{caller.leg}", "Uniqueid": caller.leg,
        "Context": context,
        "CallerIDNum": caller.number, "ChannelState": "6", "BridgeId": "",
        "ChanVariable": f"GRIDLINE_CONTACT={caller.id}\nGRIDLINE_CALL={caller.call}", **more,
    }  # fmt: skip


def seat(caller: Caller, leg: str, state: str = "5", bridge: str = "") -> Row:
    return {
        "Event": "CoreShowChannel", "Channel": f"PJSIP/seat101-{leg}", "Uniqueid": leg, "Context": "from-seat",
        "ChannelState": state, "BridgeId": bridge,
        "ChanVariable": f"GRIDLINE_CONTACT={caller.id}\nGRIDLINE_CALL={caller.call}",
    }  # fmt: skip


def caught_up(play: Play, *rows: Row) -> None:
    """Take the differences in; afterwards there must be none."""
    for note in snapshot.differences(rows, play.hearing.memory, "hotline"):
        play.note(note)
    assert snapshot.differences(rows, play.hearing.memory, "hotline") == []


def test_a_pbx_that_is_as_we_believe_differs_in_nothing(play: Play) -> None:
    waits, talks = play.brought(Caller("1"), "queue"), play.brought(Caller("2"), "talking")
    rows = [
        citizen(waits, "gridline-wait"),
        citizen(talks, "gridline-dial", BridgeId="b"),
        seat(talks, talks.legs[0], "6", "b"),
    ]
    for leg in (talks.leg, talks.legs[0]):
        play.event(Event="BridgeEnter", Uniqueid=leg, BridgeUniqueid="b")
    assert snapshot.differences(rows, play.hearing.memory, "hotline") == []


def test_where_legs_are_is_caught_up_with(play: Play) -> None:
    talks = play.brought(Caller("2"), "talking")
    both = [citizen(talks, "gridline-dial", BridgeId="b"), seat(talks, talks.legs[0], "6", "b")]
    caught_up(play, *both)
    assert {leg.bridge for leg in play.hearing.memory.legs.values()} == {"b"}
    caught_up(play, citizen(talks, "gridline-hold"), seat(talks, talks.legs[0], "6"))
    assert play.hearing.memory.legs[talks.leg].held
    assert [type(fact) for fact in play.facts[-3:]] == [LegLeft, LegHeld, LegLeft]
    caught_up(play, *both)
    assert not play.hearing.memory.legs[talks.leg].held


def test_a_caller_of_another_pbx_is_no_call_of_ours(play: Play, caller: Caller) -> None:
    play.seat()
    guest = citizen(caller, "from-node") | {"Channel": "PJSIP/node-pbx2-1"}
    caught_up(play, guest)
    assert caller.call in play.hearing.memory.calls and not play.floor.calls
    caught_up(play)
    assert not play.hearing.memory.calls and not any(isinstance(fact, CallEnded) for fact in play.facts)


def test_a_call_that_vanished_while_nobody_listened(play: Play, caller: Caller) -> None:
    play.brought(caller, "talking")
    caught_up(play)
    ended = play.last(CallEnded)
    assert (ended.outcome, ended.stage, ended.inferred) == ("answered", "talking", True)


def test_a_call_that_appeared_and_talks_already(play: Play, caller: Caller) -> None:
    play.seat()
    caught_up(play, seat(caller, "s1", "6", "b"), citizen(caller, "gridline-dial", BridgeId="b"))
    found = [fact for fact in play.facts if isinstance(fact, CallFact) and not isinstance(fact, LegJoined)]
    assert [type(f) for f in found] == [CallEntered, CallQueued, CallOffered, CallAnswered, RecordingStarted]
    assert all(fact.inferred for fact in found)  # type: ignore[attr-defined]
    assert play.last(RecordingStarted).name == f"{caller.id}_{caller.call}_101_s1"
    assert play.last(CallEntered).number == caller.number
    assert (play.floor.calls[caller.call].stage, play.floor.figures.answered, play.floor.right) == (
        "talking",
        1,
        True,
    )


def test_a_caller_who_went_to_the_net(play: Play, caller: Caller) -> None:
    play.brought(caller, "queue")
    caught_up(play, citizen(caller, "gridline-net"))
    assert play.last(NetUsed).inferred


def test_a_caller_who_came_back_from_a_seat(play: Play, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "ringing")
    caught_up(play, citizen(caller, "gridline-wait"))
    assert play.last(CallQueued).returning
    assert play.floor.seats["101"].state == "ready"


def test_a_seat_that_rings_for_a_caller_we_knew(play: Play, caller: Caller) -> None:
    play.seat()
    play.brought(caller, "queue")
    caught_up(play, citizen(caller, "gridline-dial"), seat(caller, "s1"))
    assert (play.floor.calls[caller.call].stage, play.floor.seats["101"].state) == ("ringing", "ringing")


def test_a_return_visit_that_was_answered_meanwhile(play: Play, caller: Caller) -> None:
    caller.call, case = CallId(uuid7()), uuid7()
    row = citizen(caller, "gridline-visit", ConnectedLineNum=caller.number)
    row["ChanVariable"] += f"\nGRIDLINE_CASE={case}"
    caught_up(play, row)
    entered, answered = play.last(CallEntered), play.last(CallAnswered)
    assert (entered.direction, entered.case, answered.by) == ("out", case, "citizen")


def test_strangers_channels_are_nobodys(play: Play) -> None:
    rows = [{"Channel": "Local/x@y", "Uniqueid": "1", "ChanVariable": "GRIDLINE_CONTACT=\nGRIDLINE_CALL="},
            {"Channel": "PJSIP/carrier-1", "Uniqueid": "2"}, {"Event": "x"}]  # fmt: skip
    assert snapshot.differences(rows, play.hearing.memory, "hotline") == []


def test_a_channel_that_has_hung_up_meanwhile_does_not_come_back(play: Play, caller: Caller) -> None:
    play.over(caller.leg)
    play.over("s1")
    assert (
        snapshot.differences([citizen(caller, "gridline-wait"), seat(caller, "s1")], play.hearing.memory, "q")
        == []
    )


def test_only_what_two_looks_show_is_true() -> None:
    one, two = {"What": "Gone", "Uniqueid": "1"}, {"What": "Gone", "Uniqueid": "2"}
    assert snapshot.confirmed([one, two], [two]) == [two]
    assert snapshot.confirmed([one], []) == []


def test_variables_are_read_in_either_form() -> None:
    assert snapshot.variables({"ChanVariable": "A=1\nB=x=y\nnone", "ChanVariable(C)": "3"}) == {
        "A": "1",
        "B": "x=y",
        "C": "3",
    }


def test_a_caller_met_in_another_line_waits_there(play: Play, caller: Caller) -> None:
    ids = f"GRIDLINE_CONTACT={caller.id}\nGRIDLINE_CALL={caller.call}"
    caught_up(play, citizen(caller, "gridline-wait", ChanVariable=f"{ids}\nGRIDLINE_QUEUE=water"))
    assert play.last(CallQueued).queue == "water"
    assert (play.floor.queues["water"].waiting, "hotline" in play.floor.queues) == (1, False)
