"""Whatever is killed, and when: what a handset said is there once, and the handset gets its receipt."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conf.children import Child
from conf.layout import site_file
from conf.settings import Settings
from field_gateway.audit import audit
from schema.cases import Case, CaseStep, Task
from schema.handsets import InboxRow, Media, Report
from schema.store import Store
from tests.field_gateway.play import LAT, LON
from tests.field_gateway.site import field_site
from tests.real.servers import real_postgres

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]


@contextmanager
def gateway_process(site: Settings, url: str, point: str = "never", fact: str = "") -> Iterator[Child]:
    argv = [sys.executable, "-m", "tests.field_gateway.process", site_file(site), url, point, fact]
    child = Child("gateway", argv, site.var / "log" / f"gateway-{point}.out", cwd=Path(__file__).parents[2])
    child.start()
    try:
        yield child
    finally:
        child.kill()


def wrong(site: Settings, store: Store) -> list[str]:
    """What the audit of the field finds."""
    ever = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return audit(store, site.vault, *ever).differences


def died(child: Child, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while child.pid and time.monotonic() < end:
        time.sleep(0.02)
    return child.exit_code == -9


@pytest.mark.parametrize("point", ["before", "after"])
@pytest.mark.parametrize("fact", ["ReportReceived", "MediaReceived", "TaskShown", "DutyStarted"])
def test_the_gateway_is_killed_around_a_commit(
    site: Settings, store: Store, store_url: str, tmp_path: Path, point: str, fact: str
) -> None:
    with field_site(site, store, gateway=False) as field:
        task = field.street.dispatch()
        handset = field.handset(tmp_path)
        with gateway_process(site, store_url, point, fact) as mortal:
            handset.clock_on()
            if fact in ("ReportReceived", "MediaReceived"):
                report = handset.report(task=task.id, text="灯泡已换", lon=LON, lat=LAT, photo=True)
            assert died(mortal), mortal.log.read_text()
        assert handset.waiting(), "the handset let go of something it had no receipt for"
        with gateway_process(site, store_url):
            if fact in ("TaskShown", "DutyStarted"):
                end = time.monotonic() + 20
                while not handset.tasks() and time.monotonic() < end:
                    time.sleep(0.05)
                report = handset.report(task=task.id, text="灯泡已换", lon=LON, lat=LAT, photo=True)
            assert handset.wait_delivered(30), (handset.waiting(), handset.failed())
        assert handset.failed() == {}
        assert field.street.one_of(Report).id == report
        assert field.street.one_of(Media).state == "whole"
        assert field.street.one_of(Case).state == "handled" and field.street.one_of(Task).state == "done"
        assert field.street.one_of(InboxRow, InboxRow.kind == "report").id == report
        assert field.street.one_of(CaseStep).order == report
        facts = field.street.facts()
        for name in ("DutyStarted", "ReportReceived", "MediaReceived", "CaseHandled"):
            assert facts.count(name) == 1, facts
        assert facts.count("TaskShown") <= 1
        assert wrong(site, store) == []


def test_the_broker_is_killed_while_reports_are_on_their_way(
    site: Settings, store: Store, tmp_path: Path
) -> None:
    with field_site(site, store) as field:
        handset = field.handset(tmp_path)
        handset.clock_on()
        assert handset.wait_delivered()
        written = [handset.report(text=f"巡查 {number}") for number in range(20)]
        end = time.monotonic() + 10
        while field.street.rows()["reports"] < 3 and time.monotonic() < end:
            time.sleep(0.01)
        field.broker.kill()
        written += [handset.report(text=f"停电时写的 {number}", photo=number == 0) for number in range(5)]
        assert set(handset.waiting()) >= set(written[20:])
        field.start_broker()
        assert handset.wait_delivered(40), (handset.waiting(), handset.failed())
        assert field.street.rows()["reports"] == 25
        assert field.street.facts().count("ReportReceived") == 25
        assert field.street.one_of(Media).state == "whole"
        assert wrong(site, store) == []


def test_the_broker_forgets_everything(site: Settings, store: Store, tmp_path: Path) -> None:
    with field_site(site, store) as field:
        handset = field.handset(tmp_path)
        field.stop_gateway()
        written = handset.report(text="送到了代理，但代理忘了")
        time.sleep(0.5)
        field.broker.kill()
        for file in (site.var / "mosquitto").iterdir():
            file.unlink()
        field.start_broker()
        field.start_gateway()
        assert handset.wait_delivered(30)
        assert field.street.one_of(Report).id == written


def test_the_gateway_is_away_and_comes_back(site: Settings, store: Store, tmp_path: Path) -> None:
    with field_site(site, store) as field:
        handset = field.handset(
            tmp_path, resend=60
        )  # it is the broker that keeps it, not the handset that repeats
        field.stop_gateway()
        written = [handset.report(text=f"网关不在 {number}") for number in range(100)]
        time.sleep(1)
        assert handset.waiting() == written and field.street.rows()["reports"] == 0
        field.start_gateway()
        assert handset.wait_delivered(30)
        assert field.street.rows()["reports"] == 100


@pytest.mark.parametrize(("leave", "come_back"), [("stop", "start"), ("pause", "resume")])
def test_the_database_is_gone_for_ten_seconds(
    site: Settings, tmp_path: Path, leave: str, come_back: str
) -> None:
    with real_postgres(durable=True) as postgres:
        store = Store(postgres.fresh("field"))
        with field_site(site, store) as field:
            handset, other = field.handset(tmp_path), field.handset(tmp_path, "hs2")
            for one in (handset, other):
                one.clock_on()
                assert one.wait_delivered()
            getattr(postgres, leave)()
            gone = time.monotonic()
            written = [handset.report(text=f"数据库不在 {number}", photo=number == 0) for number in range(10)]
            others = [other.report(text="另一台")]
            while time.monotonic() - gone < 10:
                assert handset.waiting() == written and other.waiting() == others
                assert not any(str(id) == one["id"] for one in handset.receipts for id in written)
                time.sleep(0.25)
            getattr(postgres, come_back)()
            back = time.monotonic()
            assert handset.wait_delivered(40) and other.wait_delivered(20)
            assert time.monotonic() - back < 20
            assert field.street.rows()["reports"] == 11
            assert field.street.facts().count("ReportReceived") == 11
            assert field.street.one_of(Media).state == "whole"
            assert field.street.rows()["refusals"] == 0
        store.close()
