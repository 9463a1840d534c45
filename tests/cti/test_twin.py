from pathlib import Path

from cti import checkpoint, notes
from cti.floor import Changed, Floor
from cti.memory import Memory
from cti.tape import Mark, Reader, Tape, new_epoch
from cti.twin import Twin, changed_seats
from tests.cti.play import ZONE, Caller, Play


def taped(folder: Path, play: Play) -> Tape:
    tape = Tape(folder, "pbx1", new_epoch(folder, "pbx1", Mark()))
    for frame in play.tape:
        tape.append([frame.raw], frame.monotonic, frame.at)
    return tape


def test_a_twin_comes_to_the_same_floor_and_tells_each_seat_as_it_was(tmp_path: Path, play: Play) -> None:
    play.seat()
    play.brought(Caller(), "talking")
    taped(tmp_path, play).close()
    twin = Twin(Reader(tmp_path, "pbx1", Mark()), "pbx1", Memory(), Floor(ZONE))
    entries = twin.read(3) + twin.read(500)
    twin.close()
    told = [pair for _, told in entries for pair in told]
    assert [fact for fact, _ in told] == play.facts
    assert twin.floor.state == play.floor.state and twin.mark == entries[-1][0]
    states = [(seat, live.state) for _, seats in told for seat, live in seats if live is not None]
    assert states == [("101", state) for state in ("unreachable", "paused", "ready", "ringing", "talking")]


def test_a_twin_begins_at_the_checkpoint(tmp_path: Path, play: Play) -> None:
    play.seat()
    tape = taped(tmp_path, play)
    mark, file = Mark(tape.epoch, tape.sequence), checkpoint.file_of(tmp_path, "pbx1")
    checkpoint.save(file, mark, mark, *checkpoint.packed(play.hearing.memory, play.floor.state))
    play.note(notes.seat_paused("101", "rest"))
    tape.append([play.tape[-1].raw], 0, play.now)
    tape.close()
    twin = Twin.of(file, "pbx1", mark, ZONE, 30.0)
    (entry,) = twin.read(500)
    twin.close()
    assert [type(fact).__name__ for fact, _ in entry[1]] == ["SeatPaused"]
    assert twin.floor.state == play.floor.state


def test_a_closed_seat_is_told_as_none(play: Play) -> None:
    play.seat()
    found = dict(changed_seats(play.floor, Changed(seats={"101", "999"})))
    assert found == {"101": play.floor.seats["101"], "999": None}
