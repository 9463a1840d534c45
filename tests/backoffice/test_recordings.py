"""Recordings in the back office: the list, the page of one, notes, holds, downloads, and how long they are kept."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.calls import CallRow, SegmentRow, TransferRow
from schema.ids import uuid7
from schema.people import AuditRow
from schema.recordings import Recording, RecordingFile, RecordingGap, RecordingHold
from schema.store import Store
from tests.backoffice.conftest import NOW, Room, Town
from tests.backoffice.test_sound import recorded


def did(store: Store) -> list[str]:
    with store.read() as session:
        found = session.scalars(
            select(AuditRow.what).where(AuditRow.what.startswith("recording.")).order_by(AuditRow.id)
        )
        return list(found)


def row(town: Town, id: UUID) -> Recording:
    with town.store.read() as session:
        return session.get_one(Recording, id)


def listed(html: str) -> list[str]:
    return re.findall(r'data-recording="([^"]+)"', html)


def test_the_list_has_the_newest_first_and_is_chosen_from(town: Town) -> None:
    boss = town.visit("supervisor")
    assert "还没有录音" in boss.text("/cases/recordings")
    old = recorded(town, seat="102", seconds=75.0, started_at=NOW - timedelta(days=3))
    new, gone = (
        recorded(town),
        recorded(town, "missing", reason="the PBX left none", started_at=NOW - timedelta(hours=1)),
    )
    html = boss.text("/cases/recordings")
    assert listed(html) == [str(new), str(gone), str(old)] and "1:15" in html and "the PBX left none" in html
    for query, wanted in (
        ("seat=102", [old]), ("state=missing", [gone]), ("shortest=60", [old]), ("longest=60", [new, gone]),
        ("from=2026-11-24", [new, gone]), ("to=2026-11-23", [old]), ("number=13800138000", []),
    ):  # fmt: skip
        assert listed(boss.text(f"/cases/recordings?{query}")) == [str(id) for id in wanted], query
    for query in ("seat=!", "shortest=x", "from=never", "state=odd", "number=abc"):
        answer = boss.get(f"/cases/recordings?{query}")
        assert answer.status_code == 400 and "data-wrong" in answer.get_data(as_text=True), query


def test_a_long_list_has_pages(town: Town) -> None:
    ids = [recorded(town, started_at=NOW - timedelta(minutes=n)) for n in range(53)]
    boss = town.visit("supervisor")
    first = boss.text("/cases/recordings")
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    rest = boss.text(following[1].replace("&amp;", "&"))
    assert listed(first) + listed(rest) == [str(id) for id in ids] and 'rel="next"' not in rest


def test_the_marks_say_what_happened_when_and_hide_who_listened(town: Town) -> None:
    call = uuid7()
    id = recorded(town, call=call, leg="9.1", seconds=60.0, started_at=NOW)

    def at(second: float) -> object:
        return NOW + timedelta(seconds=second)

    with town.store.work() as work:
        work.session.add(CallRow(id=call, contact=uuid7(), node="pbx1", entered_at=NOW))
        work.session.flush()
        for n, (leg, leg_kind, kind, begin, end, seat) in enumerate(
            [
                ("9.0", "citizen", "hold", 10, 20, ""), ("9.1", "seat", "talk", 0, 10, "101"),
                ("9.2", "watcher", "listen", 30, 80, "900"), ("9.1", "seat", "consult", 11, 19, "101"),
                ("9.1", "seat", "hold", 10, 20, "101"), ("9.7", "seat", "conference", 1, 2, "102"),
            ]
        ):  # fmt: skip
            work.session.add(SegmentRow(
                node="pbx1", leg=leg, n=n, call=call, leg_kind=leg_kind, seat=seat, kind=kind, others=[],
                started_at=at(begin), ended_at=at(end),
            ))  # fmt: skip
        work.session.add(TransferRow(call=call, at=at(50), seat="101", target="queue:night", how="blind"))
        work.session.add(RecordingGap(node="pbx1", leg="9.1", began_at=at(40), ended_at=at(45), seat="101",
                                      by_itself=True))  # fmt: skip
    path = f"/api/recordings/{id}/marks"
    told = [
        (mark["kind"], mark["begin"], mark["end"], mark["who"])
        for mark in town.visit("supervisor").get(path).json["marks"]
    ]
    assert told == [
        ("hold", 10, 20, ""), ("consult", 11, 19, ""), ("listen", 30, 60, "900"), ("gap", 40, 45, "101"),
        ("resumed", 45, 45, "101"), ("transfer", 50, 50, "queue:night"),
    ]  # fmt: skip
    agent = [mark["kind"] for mark in town.visit("agent").get(path).json["marks"]]
    assert agent == ["hold", "consult", "gap", "resumed", "transfer"], (
        "by the setting, an agent does not learn who listened"
    )


def test_notes_stand_at_their_second_and_only_the_writer_takes_one_away(town: Town) -> None:
    id, agent, boss = recorded(town), town.visit("agent"), town.visit("supervisor")
    order = str(uuid7())
    note = {"order": order, "second": 1.25, "text": " <b>听不清</b> "}
    for _ in range(2):
        made = agent.post(f"/api/recordings/{id}/notes", json=note)
        assert made.status_code == 201
    assert (made.json["second"], made.json["text"], made.json["mine"]) == (1.2, "<b>听不清</b>", True)
    for wrong in ({"second": 99}, {"second": "x"}, {"text": ""}, {"text": "\0"}, {"text": "x" * 1001}):
        assert (
            agent.post(f"/api/recordings/{id}/notes", json=note | {"order": str(uuid7())} | wrong).status_code
            == 400
        )
    path = f"/api/recordings/{id}/notes/{made.json['id']}/drop"
    seen = boss.get(f"/api/recordings/{id}/marks").json["notes"]
    assert len(seen) == 1 and seen[0]["by"] != ""
    assert agent.post(path.replace(made.json["id"], str(uuid7()))).status_code == 404
    assert agent.post(path).status_code == 200
    assert agent.get(f"/api/recordings/{id}/marks").json["notes"] == []
    assert did(town.store).count("recording.note") == 2 and "recording.unnote" in did(town.store)


def test_a_download_is_written_down_each_time_and_only_for_who_may(town: Town) -> None:
    id = recorded(town)
    assert town.visit("agent").get(f"/recordings/{id}/mix/download").status_code == 403
    boss = town.visit("supervisor")
    for _ in range(2):
        answer = boss.get(f"/recordings/{id}/mix/download")
        assert (
            answer.status_code == 200
            and answer.headers["Content-Disposition"] == f'attachment; filename="{id}-mix.ogg"'
        )
    assert did(town.store) == ["recording.download"] * 2


def test_a_hold_has_a_reason_and_is_lifted(town: Town) -> None:
    id, boss = recorded(town), town.visit("supervisor")
    assert boss.post(f"/recordings/{id}/hold", {"order": str(uuid7()), "reason": " "}).status_code == 400
    assert (
        boss.post(f"/recordings/{id}/hold", {"order": str(uuid7()), "reason": "法院调取"}).status_code == 303
    )
    html = boss.text(f"/recordings/{id}")
    assert "法院调取" in html and "已冻结" in boss.text("/cases/recordings")
    with town.store.read() as session:
        hold = session.scalars(select(RecordingHold)).one()
    assert hold.contact == row(town, id).contact
    other = recorded(town)
    assert boss.post(f"/recordings/{other}/release", {"hold": str(hold.id)}).status_code == 404
    assert boss.post(f"/recordings/{id}/release", {"hold": str(hold.id)}).status_code == 303
    assert "已解除" in boss.text(f"/recordings/{id}") and did(town.store)[:2] == [
        "recording.hold",
        "recording.release",
    ]


def test_the_page_of_one_has_its_files_and_an_erased_one_says_why(town: Town) -> None:
    id, boss = recorded(town), town.visit("supervisor")
    with town.store.work() as work:
        work.session.add(RecordingFile(
            recording=id, side="mix", path=f"{id}/mix", media="audio/ogg", size=1234567, sha256="a" * 64, key="k",
            peaks=b"",
        ))  # fmt: skip
    html = boss.text(f"/recordings/{id}")
    assert f'data-player="{id}"' in html and "1,234,567" in html and "a" * 64 in html and "730" in html
    gone = recorded(town, "erased", reason="call: 730 days")
    html = boss.text(f"/recordings/{gone}")
    assert "data-player" not in html and "call: 730 days" in html
    assert (
        boss.get("/recordings/nothing").status_code == boss.get(f"/recordings/{uuid7()}").status_code == 404
    )


@pytest.mark.parametrize(
    ("days", "status"), [("400", 303), ("0", 303), ("5", 400), ("x", 400), ("-3", 400), ("99999", 400)]
)
def test_how_long_a_kind_is_kept_is_chosen_within_bounds(town: Town, days: str, status: int) -> None:
    admin = town.visit("admin")
    assert "尚未修改" in admin.text("/rules/retention")
    answer = admin.post("/rules/retention", {"order": str(uuid7()), "kind": "call", "days": days})
    assert answer.status_code == status
    html = admin.text("/rules/retention")
    assert ("尚未修改" in html) is (status == 400)
    if status == 303:
        assert f'value="{days}"' in html and did(town.store) == ["recording.keep"]


def test_a_disk_that_is_nearly_full_is_said_on_the_list(town: Town) -> None:
    boss = town.visit("supervisor")
    town.player.room = [Room("vault", 1000 * 10**9, 500 * 10**9, False)]
    assert "recordings-low" not in boss.text("/cases/recordings")
    town.player.room = [Room("vault", 1000 * 10**9, 42 * 10**9, True)]
    assert "仅剩 42.0 GB（4%）" in boss.text("/cases/recordings")
