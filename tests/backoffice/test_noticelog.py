"""The log of notices shows how each came out; what did not go is sent again and that is written down."""

from datetime import timedelta

from sqlalchemy import select

from schema.ids import uuid7
from schema.notices import Notice
from schema.people import AuditRow
from tests.backoffice.conftest import Town, plain


def told(town: Town, **changes: object) -> Notice:
    case = town.filed()
    row = Notice(**{
        "id": uuid7(), "fact": uuid7(), "kind": "assigned", "case": case.id, "receiver": town.users["worker"].id,
        "way": "mail", "address": "li@city.example", "language": "zh", "subject": "s", "text": "t", "state": "sent",
        "why": "", "tries": 1, "at": case.made_at, "made_at": town.clock(),
    } | changes)  # fmt: skip
    with town.store.work() as work:
        work.session.add(row)
    return row


def test_each_says_how_it_came_out_and_why(town: Town) -> None:
    told(town)
    told(town, state="could-not", way="sms", why="no-gateway", address="139")
    told(town, state="failed", why="550 <b>gone</b>")
    told(town, state="waiting", why="busy", next_try=town.clock() + timedelta(minutes=5), tries=3)
    boss = town.visit("supervisor")
    text = plain(boss.text("/notices"))
    assert "短信 139 无法发送 未配置短信网关" in text and "已试 3 次" in text
    assert "550 &lt;b&gt;gone" in boss.text("/notices")
    assert "550" not in boss.text("/notices?state=waiting") and "139" not in boss.text("/notices?way=mail")
    assert "没有符合条件的通知" in boss.text("/notices?state=sending")


def test_what_did_not_go_is_sent_again(town: Town) -> None:
    failed, sent = told(town, state="failed", why="x"), told(town)
    boss = town.visit("supervisor")
    assert boss.post(f"/notices/{failed.id}/again").status_code == 303
    assert boss.post(f"/notices/{sent.id}/again").status_code == 409
    assert boss.post("/notices/x/again").status_code == 404
    with town.store.read() as session:
        assert session.get_one(Notice, failed.id).state == "waiting"
        assert "notice.again" in session.scalars(select(AuditRow.what)).all()


def test_one_without_an_address_is_sent_to_the_one_that_is_known_now(town: Town) -> None:
    lost = told(town, state="could-not", why="no-address", address="")
    boss = town.visit("supervisor")
    assert boss.post(f"/notices/{lost.id}/again").status_code == 409
    town.visit("worker").post(
        "/me/notices", {"mail": "new@city.example", "quiet_from": "00:00", "quiet_to": "00:00"}
    )
    assert boss.post(f"/notices/{lost.id}/again").status_code == 303
    with town.store.read() as session:
        assert session.get_one(Notice, lost.id).address == "new@city.example"


def test_a_text_to_a_citizen_shows_the_number_to_who_may_see_it(town: Town) -> None:
    told(town, receiver=None, way="sms", address="13800138000")
    assert "13800138000" in town.visit("supervisor").text("/notices")
    assert "13800138000" not in town.visit("admin").text("/notices")
