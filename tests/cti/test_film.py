"""A film is the fold of its tape, wherever it was cut, paused and looked at."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cti import notes
from cti.film import BEGINNING, Film
from cti.floor import Floor, FloorState
from cti.hears import Hearing
from cti.memory import Memory
from cti.tape import Heard, Mark, Tape, files, new_epoch
from tests.cti.play import NOON, ZONE, Caller, Play

ACTS = ("call", "wait", "ring", "answer", "hang up", "seat", "close", "pause", "unreachable", "reconnect")


def taped(folder: Path, play: Play, *, epochs: tuple[int, ...] = (), segment: int = 2000) -> None:
    """Write what was played as a tape: a new epoch begins before each of these frames."""
    tape = None
    for n, frame in enumerate(play.tape):
        if tape is None or n in epochs:
            mark = Mark() if tape is None else Mark(tape.epoch, tape.sequence)
            if tape is not None:
                tape.close()
            tape = Tape(folder, "pbx1", new_epoch(folder, "pbx1", mark), segment=segment)
        tape.append([frame.raw], frame.monotonic, frame.at)
    if tape is not None:
        tape.close()


def fold(frames: list[Heard], moment: datetime) -> FloorState:
    """The floor from the beginning, up to the first frame that is later."""
    hearing, floor = Hearing("pbx1", Memory()), Floor(ZONE)
    for frame in frames:
        if frame.at > moment:
            break
        for fact in hearing.hear(frame):
            floor.hear(fact)
    return floor.state


def a_day(acts: list[tuple[str, int, float]]) -> Play:
    """What people did: each with whom, and how long after the one before (the clock may be set back)."""
    play = Play()
    callers = [Caller(f"1390000000{i}") for i in range(4)]
    for act, who, seconds in acts:
        play.wait(seconds)
        caller, seat = callers[who % 4], str(101 + who % 3)
        if act == "call":
            callers[who % 4] = caller = Caller(caller.number)
            play.calls(caller)
        elif act == "wait":
            play.waits(caller)
        elif act == "ring":
            play.rings(caller, seat)
        elif act == "answer" and caller.legs:
            play.answers(caller, seat)
        elif act == "hang up":
            play.hangs_up(caller)
        elif act == "seat":
            play.seat(seat)
        elif act == "close":
            play.note(notes.seat_closed(seat))
        elif act == "pause":
            play.note(notes.seat_paused(seat, "rest"))
        elif act == "unreachable":
            play.registered(seat, "Removed")
    return play


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 11), st.sampled_from((0.0, 0.3, 7.0, 900.0, -2.0))),
                  min_size=1, max_size=60),
    cuts=st.lists(st.integers(0, 200), max_size=3),
    looks=st.lists(st.floats(-10, 20_000), min_size=1, max_size=6),
    every=st.sampled_from((1.0, 30.0, 4000.0)), frames=st.integers(1, 40), most=st.integers(2, 9),
)  # fmt: skip
def test_the_same_tape_always_gives_the_same_floor(
    acts: list[tuple[str, int, float]],
    cuts: list[int],
    looks: list[float],
    every: float,
    frames: int,
    most: int,
) -> None:
    play = a_day([("seat", 0, 0.0), *acts])
    with TemporaryDirectory() as name:
        folder = Path(name)
        taped(folder, play, epochs=tuple(cuts))
        film = Film(folder, "pbx1", ZONE, 30, every=every, frames=frames, most=most)
        for look in looks:
            moment = NOON + timedelta(seconds=look)
            assert film.read(moment)
            assert film.at(moment).state == fold(play.tape, moment)


def test_reading_pauses_when_it_is_told_and_goes_on(tmp_path: Path) -> None:
    play = a_day([("seat", 0, 0), *[("call", n, 1.0) for n in range(600)]])
    taped(tmp_path, play, segment=20_000)
    film = Film(tmp_path, "pbx1", ZONE, 30, frames=50, most=8)
    assert film.part == 0
    steps = 0
    while not film.read(NOON + timedelta(hours=1), lambda: False):
        steps += 1
        assert 0 < film.part <= 1
    assert steps >= 2 and film.part == 1 and film.heard_at == play.now
    assert len(film._stills) <= 8, "however long the tape, the stills are few"
    moment = NOON + timedelta(seconds=333)
    assert film.at(moment).state == fold(play.tape, moment)


def test_a_film_follows_a_tape_that_is_being_written(tmp_path: Path) -> None:
    play = a_day([("seat", 0, 0)])
    tape = Tape(tmp_path, "pbx1", new_epoch(tmp_path, "pbx1", Mark()))
    for frame in play.tape:
        tape.append([frame.raw], 0, frame.at)
    film = Film(tmp_path, "pbx1", ZONE, 30)
    later = NOON + timedelta(minutes=5)
    assert film.read(later) and film.at(later).seats.keys() == {"101"}
    play.note(notes.seat_closed("101"))
    tape.append([play.tape[-1].raw], 0, NOON + timedelta(minutes=1))
    assert film.read(later) and film.at(later).seats == {}
    tape.close()


def test_what_was_pruned_is_gone_and_the_rest_stays_right(tmp_path: Path) -> None:
    play = a_day([("seat", 0, 0), *[(act, n, 5.0) for n in range(800) for act in ("call", "wait")]])
    taped(tmp_path, play, segment=100_000)
    film = Film(tmp_path, "pbx1", ZONE, 30, frames=10, most=100)
    film.read(play.now)
    kept = files(tmp_path, "pbx1")
    assert len(kept) > 3
    for path in kept[:2]:
        path.unlink()
    moment = play.now - timedelta(seconds=60)
    assert film.at(moment).state == fold(play.tape, moment)
    with pytest.raises(LookupError, match="no longer goes back"):
        film.at(NOON)
    with pytest.raises(LookupError, match="no tape of pbx9"):
        Film(tmp_path, "pbx9", ZONE, 30)


def test_events_worth_jumping_to_are_noted(tmp_path: Path) -> None:
    play = a_day([("seat", 0, 0), ("call", 1, 1), ("wait", 1, 1), ("hang up", 1, 9), ("unreachable", 0, 1)])
    taped(tmp_path, play, epochs=(len(play.tape) - 1,))
    film = Film(tmp_path, "pbx1", ZONE, 30)
    assert film.heard_at == BEGINNING
    film.read(play.now)
    assert [(event.what, event.about) for event in film.events] == [
        ("abandoned", "13900000001"), ("epoch", "pbx1"), ("unreachable", "101"),
    ]  # fmt: skip
    assert film.events[0].at == NOON + timedelta(seconds=11)
