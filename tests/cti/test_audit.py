import lzma
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from conf.cli import main
from conf.settings import Settings
from cti.audit import Found, audit
from cti.ledger import Ledger
from cti.memory import Memory
from cti.tape import Mark, Reader
from schema.base import Base, table_of
from schema.calls import CallRow, LegRow, SegmentRow
from schema.ids import uuid7
from schema.store import Store
from tests.cti.test_pbxlog import BEGAN, NOON, Log

TAPES = Path(__file__).parents[1] / "tapes"
ALWAYS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
CITIZEN, SEAT = "PJSIP/carrier-1", "PJSIP/seat101-2"


class Audited:
    """One call of ten seconds as both sides have it, until a test bends one."""

    def __init__(self, store: Store, log: Path) -> None:
        self.store, self.folder = store, log
        self.cel = Log(log / "cel-custom" / "Master.csv")
        self.call = uuid7()

    def at_the_pbx(self, seconds: float = 10) -> None:
        for channel in (CITIZEN, SEAT):
            self.cel.say(0, "CHAN_START", channel)
            self.cel.say(1, "ANSWER", channel)
            self.cel.say(2, "BRIDGE_ENTER", channel, "b")
        for channel in (SEAT, CITIZEN):
            self.cel.say(2 + seconds, "BRIDGE_EXIT", channel, "b")
            self.cel.say(2 + seconds, "CHAN_END", channel)

    def in_the_rows(self, seconds: float = 10, outcome: str = "answered", inferred: bool = False) -> None:
        end = NOON + timedelta(seconds=2 + seconds)
        with self.store.work() as work:
            work.session.add(CallRow(id=self.call, contact=self.call, node="pbx1", leg=f"{BEGAN}.1", outcome=outcome,
                                     entered_at=NOON, inferred=inferred))  # fmt: skip
            work.session.flush()
            for n, kind in ((1, "citizen"), (2, "seat")):
                about = {"node": "pbx1", "leg": f"{BEGAN}.{n}", "call": self.call}
                work.session.add(LegRow(**about, kind=kind, started_at=NOON, ended_at=end))
                work.session.add(SegmentRow(**about, n=1, leg_kind=kind, kind="talk", others=[], ended_at=end,
                                            started_at=NOON + timedelta(seconds=2)))  # fmt: skip

    def find(self, since: datetime = ALWAYS[0], until: datetime = ALWAYS[1]) -> list[str]:
        with self.store.read() as session:
            return audit(session, "pbx1", "carrier", self.folder, since, until).differences


@pytest.fixture
def books(store: Store, tmp_path: Path) -> Iterator[Audited]:
    yield Audited(store, tmp_path / "log")


def test_what_agrees_makes_no_line(books: Audited) -> None:
    books.at_the_pbx()
    books.in_the_rows(seconds=10.9)
    assert books.find() == []


def test_a_talk_that_differs_by_more_than_a_second_is_told_with_both_times(books: Audited) -> None:
    books.at_the_pbx()
    books.in_the_rows(seconds=3600, inferred=True)
    lines = [line for line in books.find() if "talked" in line]
    assert len(lines) == 2
    assert lines[0].startswith(
        f"differs   {BEGAN}.1 (citizen, call {books.call}): talked 10.0 s at the PBX, 3600.0 s by"
    )
    assert lines[0].endswith("(inferred from a snapshot)")


def test_a_leg_that_the_rows_do_not_have_is_missing(books: Audited) -> None:
    books.at_the_pbx()
    assert books.find() == [
        f"missing   {BEGAN}.1 {CITIZEN}: answered 2026-03-04 04:00:01 UTC at the PBX, not in the rows",
        f"missing   {BEGAN}.2 {SEAT}: answered 2026-03-04 04:00:01 UTC at the PBX, not in the rows",
    ]


def test_a_leg_that_the_pbx_never_had_is_extra(books: Audited) -> None:
    books.cel.say(-60, "CHAN_START", "PJSIP/carrier-9")
    books.in_the_rows()
    assert [line.split()[:2] for line in books.find()] == [["extra", f"{BEGAN}.1"], ["extra", f"{BEGAN}.2"]]


def test_a_leg_that_is_up_only_by_the_rows_differs(books: Audited) -> None:
    books.at_the_pbx()
    books.in_the_rows()
    books.cel.say(100, "CHAN_START", "PJSIP/carrier-9")
    books.cel.say(100, "CHAN_END", "PJSIP/carrier-9")
    legs = table_of(LegRow)
    with books.store.work() as work:
        work.session.execute(update(legs).where(legs.c.leg == f"{BEGAN}.2").values(ended_at=None))
    (line,) = books.find()
    assert line.endswith("ended 2026-03-04 04:00:12 UTC at the PBX, still up by the rows")


def test_a_call_that_died_with_the_pbx_has_no_end_there_to_compare(books: Audited) -> None:
    for channel in (CITIZEN, SEAT):
        books.cel.say(0, "CHAN_START", channel)
        books.cel.say(1, "ANSWER", channel)
    books.in_the_rows(outcome="lost")
    assert books.find() == []


def test_only_what_began_in_the_window_counts(books: Audited) -> None:
    books.at_the_pbx()
    assert (
        books.find(since=NOON + timedelta(seconds=1)) == books.find(until=NOON - timedelta(seconds=1)) == []
    )
    assert len(books.find(NOON, NOON)) == 2


# -- a real tape with the log that the PBX wrote at the same time -----------------------------------------------


class Recorded:
    """Two hundred calls, once really made: the rows of their tape, and the PBX's log, in a site of their own."""

    def __init__(self, site: Settings, store: Store) -> None:
        self.site, self.store = site, store
        self.log = site.var / "log" / "asterisk"
        (self.log / "cel-custom").mkdir(parents=True, exist_ok=True)
        events = lzma.decompress((TAPES / "calls.cel.csv.xz").read_bytes())
        (self.log / "cel-custom" / "Master.csv").write_bytes(events)
        tape = site.tape / f"pbx1-{UUID(int=7)}-000000000001.tape"
        tape.parent.mkdir(parents=True, exist_ok=True)
        tape.write_bytes(lzma.decompress((TAPES / "calls.tape.xz").read_bytes()))
        ledger = Ledger(store, Reader(site.tape, "pbx1", Mark()), "pbx1", Memory())
        while ledger.step():
            pass
        ledger.stop()

    def find(self) -> Found:
        with self.store.read() as session:
            return audit(session, "pbx1", "carrier", self.log, *ALWAYS)


@pytest.fixture
def recorded(site: Settings, sqlite_url: str) -> Iterator[Recorded]:
    store = Store(sqlite_url)
    yield Recorded(site, store)
    store.close()


def test_a_real_tapes_rows_agree_with_the_logs_of_its_pbx(recorded: Recorded) -> None:
    assert recorded.find() == Found(400, 400, [])


def test_a_call_taken_out_of_real_rows_is_found(recorded: Recorded) -> None:
    legs, segments = table_of(LegRow), table_of(SegmentRow)
    with recorded.store.work() as work:
        one = work.session.query(CallRow).first()
        assert one is not None
        gone = (segments.c.call == one.id, legs.c.call == one.id)
        work.session.execute(delete(segments).where(gone[0]))
        work.session.execute(delete(legs).where(gone[1]))
    lines = recorded.find().differences
    assert [line.split()[0] for line in lines] == ["missing", "missing"]


TAMPERED: tuple[tuple[type[Base], dict[str, object], str], ...] = (
    (CallRow, {"outcome": "abandoned"}, "differs"),
    (LegRow, {"started_at": datetime(2026, 1, 1, tzinfo=UTC)}, "differs"),
    (LegRow, {"ended_at": datetime(2030, 1, 1, tzinfo=UTC)}, "differs"),
    (LegRow, {"ended_at": None}, "differs"),
    (LegRow, {"leg": "1.1"}, "extra"),
    (SegmentRow, {"ended_at": datetime(2030, 1, 1, tzinfo=UTC)}, "differs"),
)


@pytest.mark.parametrize(("table", "values", "word"), TAMPERED)
def test_every_row_that_is_tampered_with_is_told(
    recorded: Recorded, table: type[Base], values: dict[str, object], word: str
) -> None:
    rows = table_of(table)
    with recorded.store.work() as work:
        one = work.session.query(table).first()
        key = [column == getattr(one, column.name) for column in rows.primary_key.columns]
        work.session.execute(update(rows).where(*key).values(**values))
    lines = recorded.find().differences
    assert word in [line.split()[0] for line in lines] and len(lines) <= 3


def test_a_call_that_is_there_twice_is_told(recorded: Recorded) -> None:
    with recorded.store.work() as work:
        one = work.session.query(CallRow).first()
        assert one is not None
        about = {"contact": one.contact, "node": one.node, "leg": one.leg, "entered_at": one.entered_at}
        work.session.add(CallRow(id=uuid7(), outcome="answered", **about))
    assert recorded.find().differences == [f"doubled   {one.leg}: 2 calls by the rows"]


def test_an_answer_that_the_pbx_never_saw_is_told(books: Audited) -> None:
    books.at_the_pbx(seconds=0)
    books.in_the_rows()
    assert any("talked with nobody at the PBX, answered by the rows" in line for line in books.find())


def test_the_command_says_what_differs_and_where(
    site: Settings,
    store: Store,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("conf.cli.load", lambda _: site)
    monkeypatch.setattr(Store, "of", lambda _: Store(store.engine.url.render_as_string(hide_password=False)))
    books = Audited(store, site.var / "log" / "asterisk")
    books.at_the_pbx()
    books.in_the_rows(seconds=20)
    assert main(["audit", "calls", "--since", "2026-03-04", "--until", "2026-03-04"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "pbx1: 2 channels at the PBX, 2 legs in the rows, 4 differences"
    assert all(line.startswith("pbx1  differs") for line in lines[:-1])
    assert main(["audit", "calls", "--since", "2026-03-05"]) == 0
    assert main(["audit", "calls", "--since", "yesterday"]) == 1
    assert "is no date or time" in capsys.readouterr().err
