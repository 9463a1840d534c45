"""Replay on the command line and for the pages."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conf.cli import main
from cti.replay import BadMoment, Replays, moment_of, nodes
from cti.tape import Mark, Tape, new_epoch
from tests.cti.play import NOON, ZONE, Caller
from tests.cti.test_film import a_day, fold, taped

DAY = [
    ("seat", 0, 0.0),
    ("call", 1, 1.0),
    ("wait", 1, 1.0),
    ("ring", 0, 5.0),
    ("call", 2, 1.0),
    ("hang up", 2, 60.0),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    play = a_day(DAY)
    play.told(Caller("x"), "Nothing")
    taped(tmp_path, play)
    return tmp_path


def printed(capsys: Any, *args: str) -> str:
    assert main(["replay", *args]) == 0
    return str(capsys.readouterr().out)


def test_the_floor_at_a_second_as_a_table(folder: Path, capsys: Any) -> None:
    text = printed(capsys, str(folder), "--at", "2026-03-04T12:00:03")
    assert text.startswith("pbx1 at 2026-03-04T12:00:03+08:00")
    rows = {line.split()[0]: line.split() for line in text.splitlines() if line}
    assert rows["101"][:4] == ["101", "Wang", "ready", "0:00:03"]
    assert rows["13900000001"][:4] == ["13900000001", "queue", "hotline", "zh"]
    assert rows["hotline"] == ["hotline", "1", "0", "0", "0", "0", "1"]
    assert "13900000002" not in text and "do not add up" not in text


def test_the_floor_as_json_is_what_boards_draw(folder: Path, capsys: Any) -> None:
    told = json.loads(
        printed(capsys, str(next(folder.glob("*.tape"))), "--at", "2026-03-04T04:01:30Z", "--json")
    )
    assert (told["node"], told["full"], told["link"]) == ("pbx1", True, "up")
    state = fold(a_day(DAY).tape, NOON + timedelta(seconds=90))
    assert told["seats"].keys() == state.seats.keys()
    assert told["figures"]["queues"]["hotline"]["offered"] == state.queues["hotline"].offered


@pytest.mark.parametrize(
    ("args", "said"),
    [(["--at", "noon"], "is no time"), (["--at", "12:00:00", "--node", "pbx7"], "name one with --node")],
)
def test_what_is_wrong_is_one_line(folder: Path, capsys: Any, args: list[str], said: str) -> None:
    assert main(["replay", str(folder), *args]) == 1
    assert said in capsys.readouterr().err


def test_a_folder_without_a_tape_says_so(tmp_path: Path, capsys: Any) -> None:
    assert main(["replay", str(tmp_path), "--at", "12:00:00"]) == 1
    assert "it has none" in capsys.readouterr().err


def test_times_as_people_write_them() -> None:
    day = date(2026, 3, 4)
    noon = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    for text in ("12:00", "12:00:00", "2026-03-04T12:00:00", "2026-03-04 12:00", "2026-03-04T04:00:00Z"):
        assert moment_of(text, ZONE, day) == noon
    for text in ("", "25:00:00", "4 March"):
        with pytest.raises(BadMoment):
            moment_of(text, ZONE, day)


def test_pages_get_the_floor_once_the_film_has_come_so_far(tmp_path: Path) -> None:
    play = a_day([("seat", 0, 0), *[("call", n, 1.0) for n in range(3000)], ("hang up", 1, 1)])
    taped(tmp_path, play, segment=100_000)
    now = iter(range(1_000_000))
    films = Replays(tmp_path, ZONE, 30, lambda: float(next(now)))
    parts, message = [], None
    while message is None:
        part, message = films.at("pbx1", play.now)
        parts.append(part)
    assert parts == sorted(parts) and len(parts) > 2 and parts[0] < 0.5 and parts[-1] == 1.0
    assert json.loads(message)["calls"].keys() == {str(call) for call in fold(play.tape, play.now).calls}
    done, events = films.events("pbx1", NOON, play.now + timedelta(seconds=1))
    assert done == 1.0 and [what for _, what, _ in events] == ["abandoned"]
    assert films.events("pbx1", NOON, NOON + timedelta(seconds=5)) == (1.0, [])


def test_who_has_a_tape_and_of_which_days(folder: Path) -> None:
    Tape(folder, "far-2", new_epoch(folder, "far-2", Mark())).append([b"x"], 0, NOON)
    (folder / "notes-of-mine.tape").touch()
    films = Replays(folder, ZONE, 30)
    today = datetime.now(ZONE).date()
    assert films.nodes() == nodes(folder) == ["far-2", "pbx1"] and films.days("pbx1") == (today, today)
    with pytest.raises(LookupError):
        films.days("pbx9")
    with pytest.raises(LookupError):
        films.at("pbx9", NOON)
    assert films.at("pbx1", NOON)[0] == 1.0, "a question about nobody holds up nothing"
