"""A worker's track of a day: seen by whoever may, and every look is written down."""

import re
from datetime import datetime, timedelta

from sqlalchemy import select

from schema.desk.duty import set_duty
from schema.desk.handsets import enrol
from schema.desk.people import find_user
from schema.desk.positions import NewPoint, NewTrack, keep_tracks
from schema.ids import uuid7
from schema.people import AuditRow
from schema.rules.positionfilters import Limits
from tests.backoffice.conftest import NOW, Town, plain


def walked(town: Town) -> str:
    """The worker has walked to the east for ten minutes; the address of the page."""
    with town.store.work() as work:
        user = find_user(work.session, "worker")
        assert user is not None
        handset = enrol(work, device="hs1", worker=user.id, secret="sixteen letters!")
        set_duty(work, handset, id=uuid7(), made=NOW - timedelta(hours=2), on=True)
        points = [
            NewPoint(NOW - timedelta(seconds=600 - 10 * n), 120.15 + n * 1e-4, 30.26, 8.0) for n in range(60)
        ]
        points.append(NewPoint(NOW - timedelta(seconds=5), 0.0, 0.0))
        keep_tracks(work, [NewTrack("hs1", user.id, points)], Limits(), 30)
    return f"/people/{user.id}/track"


def looks(town: Town) -> list[tuple[str, str]]:
    with town.store.read() as session:
        return [
            (row.login, row.subject) for row in session.scalars(select(AuditRow)) if row.what == "track.see"
        ]


def test_a_supervisor_sees_the_way_the_hours_and_what_is_not_trusted(town: Town) -> None:
    path = walked(town)
    boss = town.visit("supervisor")
    assert path in boss.text("/people")
    html = boss.text(path)
    words = plain(html)
    for part in ("2:00:00", "0.6 km", "61", "15:50", "坐标为零", "30 天后删除"):
        assert part in words, part
    assert len(re.findall('<polyline class="way"', html)) == 1 and '<polygon class="cell"' in html
    assert looks(town) == [("supervisor", "worker 2026-11-24")]
    boss.text(path)
    assert len(looks(town)) == 1, "looking again at once is the same look"
    town.visit("supervisor").text(path + "?day=2026-11-23")
    assert looks(town)[-1] == ("supervisor", "worker 2026-11-23")


def test_nobody_else_does(town: Town) -> None:
    path = walked(town)
    for post in ("worker", "agent", "leader", "admin", "department"):
        assert town.visit(post).get(path).status_code == 403
    assert "track-open" not in town.visit("admin").text("/people")
    assert looks(town) == []


def test_a_day_without_a_track_says_why_and_leads_to_the_last_one(town: Town) -> None:
    path = walked(town)
    boss = town.visit("supervisor")
    empty = plain(boss.text(path + "?day=2026-11-01"))
    assert "没有上班打卡" in empty and "2026-11-24" in empty
    assert "没有这样的日期" in plain(boss.text(path + "?day=never"))
    assert "没有这样的日期" in plain(boss.text(path + "?day=0001-01-01"))
    assert boss.get(f"/people/{uuid7()}/track").status_code == 404
    assert boss.get("/people/x/track").status_code == 404


def test_midnight_ends_the_day_on_duty(town: Town) -> None:
    path = walked(town)
    town.clock.now = datetime.fromisoformat("2026-11-26T12:00:00+00:00")
    assert "10:00:00" in plain(town.visit("supervisor").text(path + "?day=2026-11-24"))  # 14:00 to midnight
