"""Positions are taken from the broker by several at once, the newest first, and sent away under pressure."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import column, func, select, table

from conf.positions import Positions, consumer_user
from conf.settings import Settings
from field_gateway import consumers
from field_gateway.consumers import BATCH, FEW, HELD, LINGER, SLICE, Consumer
from field_gateway.link import Arrived
from field_gateway.positions import PositionIntake
from field_gateway.pressure import ALL, BACKLOG, NONE, Pressure
from schema.desk.duty import set_duty
from schema.desk.trackheads import lock_heads
from schema.handsets import Handset, Refusal
from schema.ids import uuid7
from schema.positions import Position
from schema.store import Store, StoreUnreachable
from tests.field_gateway.play import LAT, LON, SECRET, Street, minutes
from tests.field_gateway.site import FieldSite, field_site
from tests.patience import until
from tests.real.mqtt import Peer


class Still(Pressure):
    """A pressure that is what a test says."""

    def __init__(self, level: int) -> None:
        super().__init__(lambda: 0)
        self.now = level

    def level(self, is_full: bool, of_now: bool, now: float) -> int:
        return self.now


class Deaf:
    """Stands for the link: notes what was answered."""

    def __init__(self, *_: Any, **_more: Any) -> None:
        self.answers: list[dict[str, Any]] = []

    def publish(self, topic: str, body: bytes) -> None:
        self.answers.append(json.loads(body))


def clock_on(store: Store, device: str) -> None:
    with store.work() as work:
        handset = work.session.get_one(Handset, device)
        set_duty(work, handset, id=uuid7(), made=work.now - minutes(600), on=True)


@pytest.fixture
def street(store: Store) -> Street:
    street = Street(store)
    clock_on(store, "hs1")
    return street


def consumer(site: Settings, street: Street, level: int = NONE) -> tuple[Consumer, Deaf]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consumers, "Link", Deaf)
        made = Consumer(site, PositionIntake(street.store, Positions(), 30), Still(level), 1)
    assert isinstance(made.link, Deaf)
    return made, made.link


def message(seconds: float, east: float = 0.0) -> bytes:
    at = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    point = {"fixed_at": at, "lon": LON + east, "lat": LAT, "accuracy": 5}
    return json.dumps({"v": 1, "type": "position", "id": str(uuid7()), "seq": 1, "points": [point]}).encode()


def arrived(number: int, body: bytes, device: str = "hs1") -> Arrived:
    return Arrived(f"gridline/{device}/up/position", body, [], number, 1, 0, datetime.now(UTC))


def count(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(Position)) or 0


def test_the_newest_are_taken_first_and_the_rest_in_the_next_turn(site: Settings, street: Street) -> None:
    one, link = consumer(site, street)
    bodies = [message(n - 1000) for n in range(BATCH + 20)]
    one.turn([arrived(n, body) for n, body in enumerate(bodies)])
    ids = [json.loads(body)["id"] for body in bodies]
    assert {one["id"] for one in link.answers} == set(ids[20:]) and count(street.store) == BATCH
    one.turn([])
    assert {one["id"] for one in link.answers} == set(ids) and count(street.store) == BATCH + 20
    assert {answer["status"] for answer in link.answers} == {"kept"}


def test_positions_of_now_have_a_commit_before_those_of_before_and_these_come_in_slices(
    site: Settings, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, link = consumer(site, street)
    whole, commits = one._intake.take_free, []

    def counted(reads: Any) -> Any:
        commits.append(len(reads))
        return whole(reads)

    monkeypatch.setattr(one._intake, "take_free", counted)
    now = [message(-n) for n in range(3)]
    one.turn([arrived(n, body) for n, body in enumerate([message(-500 - n) for n in range(SLICE + 9)] + now)])
    assert commits == [3, SLICE]
    assert [answer["id"] for answer in link.answers[:3]] == [json.loads(body)["id"] for body in now]
    one.turn([])
    assert commits == [3, SLICE, 9] and len(link.answers) == SLICE + 12


def test_few_positions_wait_for_company_many_do_not(
    site: Settings, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = consumer(site, street)
    waits: list[float] = []
    at = [100.0]
    one._monotonic = lambda: at[0]

    def wait_for(is_enough: Any, seconds: float) -> bool:
        if not (enough := is_enough()):
            waits.append(seconds)
        return bool(enough)

    monkeypatch.setattr(one._changed, "wait_for", wait_for)
    one._linger()
    one.turn([])
    at[0] += LINGER / 4
    one._linger()
    one._arrived.extend([arrived(1, b"")] * FEW)
    one._linger()
    assert waits == pytest.approx([0.0, LINGER * 3 / 4])


@pytest.mark.real
def test_of_whom_another_has_some_in_hand_is_not_waited_for_but_once_it_lasts(
    site: Settings, postgres_url: str
) -> None:
    store = Store(postgres_url)
    street = Street(store)
    for device in ("hs1", "hs2"):
        clock_on(store, device)
    one, link = consumer(site, street)
    one.turn([arrived(1, message(-9))])
    with store.work() as work:
        lock_heads(work.session, ["hs1"])
        one.turn([arrived(2, message(-5)), arrived(3, message(-4), "hs2")])
        assert len(link.answers) == 2 and count(store) == 2
        one.turn([])
        assert len(link.answers) == 2
        one._held["hs1"] -= HELD
        waiting = threading.Thread(target=one.turn, args=([],))
        waiting.start()
        until(lambda: waits_for_a_lock(store))
    waiting.join(10)
    assert len(link.answers) == 3 and count(store) == 3 and one._held == {}
    assert {answer["status"] for answer in link.answers} == {"kept"}
    store.close()


def waits_for_a_lock(store: Store) -> bool:
    with store.read() as session:
        locks = table("pg_locks", column("granted"))
        return bool(session.scalar(select(func.count()).select_from(locks).where(~locks.c.granted)))


def test_under_pressure_a_backlog_is_told_to_come_later_and_counted(site: Settings, street: Street) -> None:
    one, link = consumer(site, street, BACKLOG)
    one.turn([arrived(1, message(-1)), arrived(2, message(-500)), arrived(3, message(-9000))])
    assert [answer["status"] for answer in link.answers] == ["later", "later", "kept"]
    assert all(answer["retry_after"] >= 60 for answer in link.answers[:2])
    assert count(street.store) == 1 and one._intake.counts["shed"] == 2
    one._tell()
    row = street.one_of(Refusal)
    assert (row.device, row.code, row.count) == ("hs1", "later", 2)


def test_when_reports_wait_no_positions_are_kept(site: Settings, street: Street) -> None:
    one, link = consumer(site, street, ALL)
    one.turn([arrived(1, message(-1)), arrived(2, message(-500))])
    assert [answer["status"] for answer in link.answers] == ["later"] * 2 and count(street.store) == 0


def test_one_that_cannot_be_taken_keeps_nobody_waiting(
    site: Settings, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, link = consumer(site, street)
    one._stopping.wait = lambda _=None: False  # type: ignore[method-assign]
    whole = one._intake.take_free

    def spoilt(reads: Any) -> Any:
        if any(read.message.points[0].lon > LON + 0.4 for read in reads):
            raise RuntimeError("a bug")
        return whole(reads)

    monkeypatch.setattr(one._intake, "take_free", spoilt)
    one.turn([arrived(1, message(-9)), arrived(2, message(-8, 0.5)), arrived(3, message(-7))])
    assert count(street.store) == 2
    assert sorted(answer["status"] for answer in link.answers) == ["kept", "kept", "refused"]
    assert street.one_of(Refusal).code == "failed"


def test_while_the_database_is_away_everything_waits(
    site: Settings, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, link = consumer(site, street)
    waits: list[float] = []
    one._stopping.wait = lambda seconds=None: waits.append(seconds or 0) or False  # type: ignore[method-assign,func-returns-value]
    whole = one._intake.take_free

    def away(reads: Any) -> Any:
        assert not link.answers
        if len(waits) < 5:
            raise StoreUnreachable("gone")
        return whole(reads)

    monkeypatch.setattr(one._intake, "take_free", away)
    one.turn([arrived(1, message(-9))])
    assert waits == [0.2, 0.5, 1.0, 2.0, 2.0] and len(link.answers) == 1


def test_what_waits_is_bounded(site: Settings, street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    one, link = consumer(site, street)
    bodies = [message(n - 100) for n in range(5)]
    monkeypatch.setattr(consumers, "MOST_BYTES", len(bodies[0]) * 3 + 30)
    for number, body in enumerate(bodies):
        one._heard(arrived(number, body))
    waiting, one._arrived = list(one._arrived), type(one._arrived)()
    one.turn(waiting)
    assert len(link.answers) == 3 and one._intake.counts["dropped"] == 2
    one._heard(arrived(3, bodies[3]))
    assert len(one._arrived) == 1, "there is room again"


@pytest.fixture
def field(site: Settings, store: Store) -> Iterator[FieldSite]:
    with field_site(site, store) as made:
        yield made


@pytest.mark.real
def test_consumers_share_what_the_broker_has_and_answer_each(field: FieldSite) -> None:
    for device in ("hs1", "hs2"):
        clock_on(field.store, device)
    peers = [Peer(device, SECRET, field.settings.broker.port) for device in ("hs1", "hs2")]
    for peer, device in zip(peers, ("hs1", "hs2"), strict=True):
        peer.subscribe(f"gridline/{device}/down/#")
        for number in range(30):
            peer.publish(f"gridline/{device}/up/position", message(number - 100))
    until(lambda: all(len(peer.heard) == 30 for peer in peers))
    assert {json.loads(body)["status"] for peer in peers for _, body in peer.heard} == {"kept"}
    assert count(field.store) == 60
    assert field.street.rows()["inbox"] == 60  # nobody else took them too
    for peer in peers:
        peer.close()


@pytest.mark.real
def test_what_was_sent_while_no_gateway_was_there_comes_with_the_handsets_next_try(
    field: FieldSite, tmp_path: Path
) -> None:
    clock_on(field.store, "hs1")
    field.stop_gateway()
    handset = field.handset(tmp_path, resend=1)
    now = datetime.now(UTC)
    handset.positions([(now - timedelta(seconds=5), LON, LAT), (now, LON, LAT)])
    assert not handset.wait_delivered(1.5) and count(field.store) == 0
    field.start_gateway()
    assert handset.wait_delivered() and count(field.store) == 2


@pytest.mark.real
def test_a_consumer_may_only_read_positions_and_write_receipts(field: FieldSite) -> None:
    field.stop_gateway()
    user = consumer_user(field.settings.broker.user, 8)
    peer = Peer(user, field.settings.broker.secret, field.settings.broker.port)
    peer.subscribe("gridline/#")
    other = Peer("hs1", SECRET, field.settings.broker.port)
    assert other.publish("gridline/hs1/up/report", b"{}") in (0, 16)
    assert other.publish("gridline/hs1/up/position", b"{}") in (0, 16)
    peer.wait(1)
    assert [topic for topic, _ in peer.heard] == ["gridline/hs1/up/position"]
    assert peer.publish("gridline/hs1/down/task", b"{}") == 135
    peer.close()
    other.close()
