"""The audit finds what is lost, doubled, invented, still open or unlike, and nothing in books that agree."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from bench.rig.books import audit, story
from conf.settings import Settings
from schema.calls import CallRow
from schema.ids import uuid7
from schema.store import Store
from schema.upgrade import upgrade
from tests.cti.test_pbxlog import BEGAN, Log

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
Make = Callable[[str], Store]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Store] = []

    def empty(name: str) -> Store:
        url = f"sqlite:///{tmp_path / name}.sqlite"
        upgrade(url)
        made.append(Store(url))
        return made[-1]

    yield empty
    for store in made:
        store.close()


def write(store: Store, leg: str, outcome: str = "answered", ident: int = 0) -> None:
    """A call's row; the same leg and `ident` make the same row."""
    call = uuid7() if ident else SAME.setdefault(leg, uuid7())
    with store.work() as work:
        work.session.add(CallRow(id=call, contact=call, node="pbx1", leg=leg, outcome=outcome, entered_at=AT))


SAME: dict[str, object] = {}


def pbx_knows(site: Settings, *legs: str) -> None:
    """The PBX's event log: each leg came in and was answered; a leg with "-" was never answered."""
    folder = site.var / "log" / "asterisk" / "cel-custom"
    folder.mkdir(parents=True)
    lines = []
    for leg in legs:
        row = f'"{AT}","139","12345","from-carrier","PJSIP/carrier-0000001","{leg.strip("-")}","1.1",""\n'
        lines += [f'"CHAN_START",{row}', *([] if leg.endswith("-") else [f'"ANSWER",{row}'])]
    lines.append(f'"ANSWER","{AT}","","","gridline-dial","PJSIP/seat101-00000002","9.9","1.1",""\n')
    (folder / "Master.csv").write_text("".join(lines), "utf-8")


def test_books_that_agree_have_nothing_to_say(site: Settings, make: Make) -> None:
    ours, twin = make("ours"), make("twin")
    pbx_knows(site, "1.1", "1.2", "1.3-")
    for store in (ours, twin):
        write(store, "1.1")
        write(store, "1.2", "lost")
    found = audit(site, ours, twin)
    assert (found.rows, found.ended_lost) == (2, 1)
    assert not any((found.lost, found.doubled, found.invented, found.open, found.cut, found.unlike))


def test_every_kind_of_wrong_is_found(site: Settings, make: Make) -> None:
    ours, twin = make("ours"), make("twin")
    pbx_knows(site, "1.1", "1.2", "1.4", "1.5")
    write(ours, "1.1")
    write(ours, "1.1", ident=1)
    write(ours, "1.3")
    write(ours, "1.4", "")
    write(ours, "1.5", "abandoned")
    found = audit(site, ours, twin)
    assert found.lost == ["1.2"]
    assert found.doubled == ["1.1"]
    assert found.invented == ["1.3"]
    assert found.open == ["1.4"]
    assert found.cut == ["1.5 abandoned"]
    assert len(found.unlike) == 5 and all("only in the rows" in line for line in found.unlike)


def test_a_twin_that_differs_in_one_column_is_told_with_both_values(site: Settings, make: Make) -> None:
    ours, twin = make("ours"), make("twin")
    pbx_knows(site, "1.1")
    write(ours, "1.1")
    write(twin, "1.1", "lost")
    assert [line.partition(": ")[2] for line in audit(site, ours, twin).unlike] == [
        "outcome 'answered' / 'lost'"
    ]
    with ours.work() as work:
        work.session.execute(delete(CallRow))
    assert [line.partition(": ")[2] for line in audit(site, ours, twin).unlike] == ["only in the twin"]


def test_a_caller_who_talked_too_short_while_the_pbx_lived_was_cut_off(site: Settings, make: Make) -> None:
    ours, twin = make("ours"), make("twin")
    pbx_knows(site)
    log = Log(site.var / "log" / "asterisk" / "cel-custom" / "Master.csv")
    citizen, seat = f"PJSIP/{site.pbx.trunk_user}-1", "PJSIP/seat101-2"
    for channel in (citizen, seat):
        log.say(0, "CHAN_START", channel)
        log.say(1, "ANSWER", channel)
        log.say(2, "BRIDGE_ENTER", channel, "b")
    for channel in (seat, citizen):
        log.say(4, "BRIDGE_EXIT", channel, "b")
        log.say(4, "CHAN_END", channel)
    for store in (ours, twin):
        write(store, f"{BEGAN}.1")
    assert audit(site, ours, twin, talk=1.7).cut == []
    assert audit(site, ours, twin, talk=2.7).cut == [f"{BEGAN}.1 talked 2.0 s of 2.7"]


@pytest.mark.parametrize(("source", "cut"), [("", 1), ("PJSIP/seat101-2", 0)])
def test_a_served_caller_whom_nobody_hung_up_was_cut_off(
    site: Settings, make: Make, source: str, cut: int
) -> None:
    ours, twin = make("ours"), make("twin")
    pbx_knows(site, f"{BEGAN}.1")
    row = f'"2026-03-04 12:00:09.000","139","101","gridline-dial","PJSIP/{site.pbx.trunk_user}-1","{BEGAN}.1","1.1"'
    with (site.var / "log" / "asterisk" / "cel-custom" / "Master.csv").open("a", encoding="utf-8") as out:
        out.write(f'"HANGUP",{row},"{{""hangupcause"":16,""hangupsource"":""{source}""}}","the contact"\n')
    for store in (ours, twin):
        write(store, f"{BEGAN}.1")
    assert audit(site, ours, twin).cut == [f"{BEGAN}.1 was hung up, and by neither end"] * cut
    assert story(site, f"{BEGAN}.1").endswith(f"HANGUP by {source or 'nobody'}")
