import asyncio
from collections.abc import Callable

import pytest

from cti import keeper as room
from cti import notes
from cti.keeper import Keeper
from cti.link import Action, ActionFailed, Answer, LinkLost
from schema.desk import seats
from schema.facts import CallEnded, CallEntered
from schema.orders import OpenSeat
from schema.store import Store
from tests.cti.fakeendpoints import FakeEndpoints
from tests.cti.fakemouth import FakeMouth
from tests.cti.loops import awaited
from tests.cti.play import LI, WANG, Caller, Play
from tests.cti.test_snapshot import citizen
from tests.patience import LONG


class Stage:
    """A keeper at a play, before a PBX that has `channels` and `members`."""

    def __init__(self, play: Play, store: Store) -> None:
        self.play, self.mouth, self.endpoints = play, FakeMouth(), FakeEndpoints()
        self.channels: list[dict[str, str]] = []
        self.members: dict[str, str] = {}
        self.shown: list[str] = []
        self.said_before = 0
        self.mouth.reply = self.answer
        self.keeper = Keeper(
            play.hearing, play.floor, self.mouth, self.endpoints, store, ("hotline",),  # type: ignore[arg-type]
            write=play.note, changed=lambda: self.shown.append(self.keeper.link),
        )  # fmt: skip
        self.keeper.ears = True

    def answer(self, action: Action) -> Answer | Exception:
        rows = {
            "CoreShowChannels": self.channels,
            "QueueStatus": [
                {"Event": "QueueMember", "Location": f"PJSIP/seat{s}", "Paused": p}
                for s, p in self.members.items()
            ],
        }
        return Answer({"Response": "Success"}, list(rows.get(str(action["Action"]), [])))

    async def runs(self, until: Callable[[], bool]) -> None:
        """Let it run until something holds."""
        task = asyncio.get_running_loop().create_task(self.keeper.run())
        try:
            async with asyncio.timeout(LONG):
                while not until():  # noqa: ASYNC110 (the rows tell nobody when they change)
                    await asyncio.sleep(0.01)
        finally:
            task.cancel()


@pytest.fixture
def stage(play: Play, store: Store, monkeypatch: pytest.MonkeyPatch) -> Stage:
    for name, seconds in (("BETWEEN_LOOKS", 0.01), ("LOOK_EVERY", 0.05), ("AGAIN", 0.05)):
        monkeypatch.setattr(room, name, seconds)
    return Stage(play, store)


@pytest.fixture(params=["sqlite"])
def store_url(sqlite_url: str) -> str:
    """One database is enough here: the desks' tests try both."""
    return sqlite_url


def test_without_both_sessions_the_link_is_down(stage: Stage) -> None:
    assert stage.keeper.link == "resync"
    stage.keeper.ears = False
    assert stage.keeper.link == "down"
    stage.keeper.ears, stage.mouth.state = True, "down"
    assert stage.keeper.link == "down"


@awaited
async def test_the_link_is_up_when_the_pbx_was_looked_at(stage: Stage) -> None:
    stage.keeper.link_changed()
    await stage.runs(lambda: stage.keeper.link == "up")
    await stage.keeper.until_up()
    stage.keeper.link_changed()
    assert stage.shown == ["resync", "up", "resync"]


@awaited
async def test_news_without_a_session_lets_everybody_else_run(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after every start: the mouth has its session before the ears."""
    rests, rest = 0, stage.keeper._rest

    async def counted(seconds: float) -> None:
        nonlocal rests
        rests += 1
        assert rests < 20, "it turns without ever letting go"
        await rest(seconds)

    monkeypatch.setattr(stage.keeper, "_rest", counted)
    stage.keeper.ears = False
    stage.keeper.link_changed()
    task = asyncio.get_running_loop().create_task(stage.keeper.run())
    await asyncio.sleep(0)
    assert not task.done()
    stage.keeper.ears = True
    stage.keeper.link_changed()
    await stage.keeper.until_up()
    task.cancel()


@awaited
async def test_after_a_gap_the_dead_are_buried_and_the_new_are_met(stage: Stage) -> None:
    gone, new = stage.play.brought(Caller("1"), "queue"), Caller("2")
    stage.channels = [citizen(new, "gridline-wait")]
    await stage.runs(lambda: stage.keeper.link == "up")
    assert list(stage.play.floor.calls) == [new.call]
    assert stage.play.last(CallEnded).call == gone.call and stage.play.last(CallEnded).inferred
    assert stage.play.last(CallEntered).inferred and stage.play.floor.right


@awaited
async def test_a_difference_of_one_look_alone_is_only_on_its_way(stage: Stage) -> None:
    stage.keeper.link_changed()
    caller = stage.play.brought(Caller("1"), "queue")
    looks = 0

    def answer(action: Action) -> Answer | Exception:
        nonlocal looks
        looks += action["Action"] == "CoreShowChannels"
        stage.channels = [] if looks % 2 else [citizen(caller, "gridline-wait")]
        return Stage.answer(stage, action)

    stage.mouth.reply = answer
    await stage.runs(lambda: looks > 6)
    assert list(stage.play.floor.calls) == [caller.call]


@awaited
async def test_what_stays_wrong_is_mended_all_along(stage: Stage) -> None:
    await stage.runs(lambda: stage.keeper.link == "up")
    stage.play.brought(Caller("1"), "queue")  # the PBX knows nothing of it
    await stage.runs(lambda: not stage.play.floor.calls)


@awaited
async def test_a_seat_that_the_pbx_lost_is_made_anew_and_a_strangers_is_closed(
    stage: Stage, store: Store
) -> None:
    with store.work() as work:
        seats.prepare(work, OpenSeat(seat="101", user=WANG, name="Wang", digest="d" * 32), "pbx1")
        seats.prepare(work, OpenSeat(seat="103", user=LI, name="Li", digest="e" * 32, webrtc=False), "pbx1")
    stage.play.note(notes.seat_opened("101", WANG, "Wang"))
    stage.play.note(notes.seat_opened("103", LI, "Li"))
    stage.endpoints.there = {"999": True, "102": False}
    stage.keeper.opening.add("102")
    await stage.runs(lambda: stage.keeper.link == "up")
    assert stage.endpoints.there == {"101": False, "102": False, "103": False}
    assert stage.endpoints.digests == {"101": "d" * 32, "103": "e" * 32}
    assert stage.endpoints.webrtc == {"101": True, "103": False}  # a telephone stays a telephone


@awaited
async def test_softphones_that_came_or_went_unheard_are_seen(stage: Stage) -> None:
    stage.play.seat("101")
    stage.endpoints.there = {"101": False}
    await stage.runs(lambda: not stage.play.floor.seats["101"].reachable)
    stage.endpoints.there = {"101": True}
    await stage.runs(lambda: stage.play.floor.seats["101"].reachable)


@awaited
async def test_the_net_is_mended_even_when_one_member_is_refused(stage: Stage) -> None:
    stage.play.seat("101")
    stage.play.seat("102", ready=False)
    stage.endpoints.there = {"101": True, "102": True}
    stage.members = {"103": "0"}

    def answer(action: Action) -> Answer | Exception:
        if action["Action"] == "QueueAdd" and action["Interface"] == "PJSIP/seat101":
            return ActionFailed("Unable to add interface: Already there")
        return Stage.answer(stage, action)

    stage.mouth.reply = answer
    await stage.runs(lambda: stage.keeper.link == "up")
    said = {(a["Action"], a["Interface"]) for a in stage.mouth.said if "Interface" in a}
    assert said == {
        ("QueueRemove", "PJSIP/seat103"),
        ("QueueAdd", "PJSIP/seat101"),
        ("QueueAdd", "PJSIP/seat102"),
    }


@awaited
async def test_the_net_follows_a_pause_before_the_next_look(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LOOK_EVERY", 60)
    monkeypatch.setattr(room, "NET_PAUSE", 0.01)
    stage.play.seat("101")
    stage.endpoints.there, stage.members = {"101": True}, {"101": "0"}

    def paused() -> bool:
        if stage.keeper.link == "up" and not stage.play.floor.seats["101"].paused:
            stage.said_before = len(stage.mouth.said)
            stage.play.note(notes.seat_paused("101", "rest"))
            stage.keeper.net_changed()
        return bool(stage.mouth.of("QueuePause"))

    await stage.runs(paused)
    assert [str(a["Action"]) for a in stage.mouth.said[stage.said_before :]] == ["QueueStatus", "QueuePause"]
    assert [a["Paused"] for a in stage.mouth.of("QueuePause")] == ["true"]


@pytest.mark.parametrize("error", [LinkLost("gone"), TimeoutError("slow"), RuntimeError("a bug of ours")])
@awaited
async def test_a_look_that_fails_is_made_again(stage: Stage, error: Exception) -> None:
    stage.endpoints.trouble = [error, error]
    await stage.runs(lambda: stage.keeper.link == "up")
    assert stage.endpoints.trouble == []


@awaited
async def test_a_session_lost_during_the_look_leaves_the_link_in_doubt(stage: Stage) -> None:
    lost = False

    def answer(action: Action) -> Answer | Exception:
        nonlocal lost
        if action["Action"] == "QueueStatus" and not lost:
            lost = True
            stage.keeper.link_changed()
            assert stage.keeper.link == "resync"
        return Stage.answer(stage, action)

    stage.mouth.reply = answer
    await stage.runs(lambda: stage.keeper.link == "up")
    assert len(stage.mouth.of("CoreShowChannels")) >= 4


@awaited
async def test_a_beat_is_a_count_and_may_be_missed(stage: Stage) -> None:
    await stage.keeper.beat(7)
    stage.mouth.reply = lambda action: LinkLost("gone")
    await stage.keeper.beat(8)
    assert [a["Value"] for a in stage.mouth.of("Setvar")] == ["7", "8"]
    await stage.keeper.look_now()  # nor does a look that fails trouble whoever asked for it
