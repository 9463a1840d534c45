"""Handsets on their pages: found, looked at, blocked, let in, logged out, wiped; every deed is in the log."""

import re

from sqlalchemy import select

from schema.handsets import Handset
from schema.people import AuditRow
from tests.backoffice.conftest import Town, plain
from tests.backoffice.street import in_the_street


def listed(html: str) -> list[str]:
    return re.findall(r'href="/field/devices/(hs-\d)"', html)


def test_the_list_says_how_each_stands_and_is_asked_by_state_and_words(town: Town) -> None:
    clerk = town.visit("clerk")
    assert "还没有登记任何终端" in clerk.text("/field")
    in_the_street(town.store, town.users["worker"].id)
    html = clerk.text("/field")
    assert listed(html) == ["hs-1", "hs-2"]
    words = plain(html)
    for said in ("14%", "充电中", "1.4", "512", "在岗失联", "已停用", "worker 某"):
        assert said in words, said
    assert "field-enrol" not in html, "enrolling is for those who may"
    assert listed(clerk.text("/field?state=silent")) == listed(clerk.text("/field?q=HS-1")) == ["hs-1"]
    assert listed(clerk.text("/field?state=blocked&q=worker")) == ["hs-2"]
    assert "没有符合条件的终端" in clerk.text("/field?q=nothing") and listed(clerk.text("/field?state=odd"))


def test_one_handset_is_told_whole_and_what_is_done_to_it_is_written_down(town: Town) -> None:
    in_the_street(town.store, town.users["worker"].id)
    supervisor = town.visit("supervisor")
    html = supervisor.text("/field/devices/hs-1")
    assert "192.0.2.7" in html and "&lt;b&gt;" in html and "字段有误" in html and "<b>" not in html
    missing = supervisor.post("/field/devices/hs-1/block", {"reason": " "})
    assert missing.status_code == 400 and "trouble" in missing.get_data(as_text=True)
    for what, said in (("log-out", "已全部退出登录"), ("revoke", "密钥已吊销"), ("wipe", "已下达清除"),
                       ("block", "终端已停用"), ("unblock", "终端已恢复使用")):  # fmt: skip
        answer = supervisor.post(f"/field/devices/hs-1/{what}", {"reason": "丢失"})
        assert answer.status_code == 303 and said in supervisor.text(answer.location), what
    with town.store.read() as session:
        row = session.get_one(Handset, "hs-1")
        assert row.key_revoked_at is not None and not row.blocked
        rows = session.scalars(select(AuditRow).where(AuditRow.what.like("handset.%")).order_by(AuditRow.id))
        assert [(one.what, one.subject, one.reason) for one in rows] == [
            ("handset.log-out", "hs-1", ""), ("handset.revoke", "hs-1", ""), ("handset.wipe", "hs-1", ""),
            ("handset.block", "hs-1", "丢失"), ("handset.unblock", "hs-1", ""),
        ]  # fmt: skip


def test_what_cannot_be_done_is_said(town: Town) -> None:
    in_the_street(town.store, town.users["worker"].id)
    admin = town.visit("admin")
    answer = admin.post("/field/devices/hs-2/wipe")
    assert answer.status_code == 409 and "请先恢复，再清除" in answer.get_data(as_text=True)
    assert admin.post("/field/devices/hs-2/revoke").status_code == 409
    for path in ("/field/devices/hs-9", "/field/devices/hs-9/block", "/field/devices/hs-1/paint"):
        assert (
            admin.get(path) if path.endswith("9") else admin.post(path, {"reason": "x"})
        ).status_code == 404
    assert town.visit("clerk").post("/field/devices/hs-1/block", {"reason": "x"}).status_code == 403
    assert town.visit("agent").get("/field").status_code == 403
