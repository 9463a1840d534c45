"""The register of contacts as a page: what it shows to whom, a contact opened, each look written down."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from schema.calls import CallRating, CallRow, LegRow, SegmentRow
from schema.ids import CallId, uuid7
from schema.people import AuditRow
from schema.recordings import Recording
from tests.backoffice.conftest import NOW, Town, plain


def looks(town: Town) -> list[tuple[str, str]]:
    with town.store.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.what == "contact.read").order_by(AuditRow.id))
        return [(row.login, row.subject) for row in rows]


def answered(town: Town, **changes: Any) -> CallRow:
    """A call that the agent took, with its legs, who talked to whom, and its recording."""
    call = town.call(outcome="answered", user=town.users["agent"].id, seat="101", ended_at=NOW + timedelta(minutes=2),
                     **changes)  # fmt: skip
    with town.store.work() as work:
        same = {"node": "pbx1", "call": call.id, "started_at": NOW}
        work.session.add(LegRow(leg=f"c{call.id.hex[-8:]}", kind="citizen", number=call.number, **same))
        work.session.add(LegRow(leg=f"s{call.id.hex[-8:]}", kind="seat", seat="101", **same))
        work.session.add(
            SegmentRow(leg=f"s{call.id.hex[-8:]}", n=1, leg_kind="seat", seat="101", kind="talk",
                       others=[f"citizen:{call.number}"], ended_at=NOW + timedelta(minutes=1), **same)
        )  # fmt: skip
        work.session.add(
            Recording(id=uuid7(), contact=call.contact, call=call.id, node="pbx1", leg=f"s{call.id.hex[-8:]}",
                      seat="101", name="x", state="kept", started_at=NOW, seconds=60.0)
        )  # fmt: skip
    return call


def test_the_register_shows_each_contact_and_opens_it_and_the_looks_are_written_down(town: Town) -> None:
    call = answered(town)
    case_no = town.filed(call=CallId(call.id), contact=call.contact).case_no
    town.filed(channel="letter", number="")
    boss = town.visit("supervisor")
    page = boss.text("/cases/contacts")
    for words in (
        "13800000001",
        "已接听",
        "来信",
        "agent 某",
        case_no,
        "/cases/contacts/" + str(call.contact),
    ):
        assert words in page
    assert page.index("来信") > 0 and 'href="/cases/contacts"' in boss.text("/cases?all=1")
    opened = boss.text(f"/cases/contacts/{call.contact}")
    for words in ("市民 13800000001", "通话", "data-player", case_no):
        assert words in plain(opened) or words in opened
    assert looks(town) == [("supervisor", "contacts"), ("supervisor", str(call.contact))]


def test_what_the_citizen_thought_of_the_talk_is_on_the_page(town: Town) -> None:
    call = town.call(outcome="answered")
    with town.store.work() as work:
        work.session.add(
            CallRating(call=call.id, at=town.clock(), seat="101", queue="hotline", language="zh", score=4)
        )
    assert "市民对接听的评价：" in plain(town.visit("supervisor").text(f"/cases/contacts/{call.contact}"))


def test_one_without_the_right_sees_numbers_masked_and_cannot_look_for_one(town: Town) -> None:
    call = answered(town)
    clerk = town.visit("clerk")
    for path in ("/cases/contacts", f"/cases/contacts/{call.contact}"):
        page = clerk.text(path)
        assert "138****0001" in page and "13800000001" not in page
    assert "data-player" not in clerk.text(f"/cases/contacts/{call.contact}")
    assert 'name="number"' not in clerk.text("/cases/contacts")
    answer = clerk.get("/cases/contacts?number=13800000001")
    assert answer.status_code == 400 and "没有按号码查询的权限" in answer.text


def test_an_agent_sees_what_they_took_themselves(town: Town) -> None:
    own, other = answered(town), town.call(number="13800000009", outcome="abandoned")
    agent = town.visit("agent")
    page = agent.text(f"/cases/contacts?agent={town.users['supervisor'].id}")
    assert own.number in page and other.number not in page
    assert agent.get(f"/cases/contacts/{own.contact}").status_code == 200
    assert agent.get(f"/cases/contacts/{other.contact}").status_code == 404
    assert agent.get("/cases/contacts/export.csv").status_code == 403
    assert town.visit("worker").get("/cases/contacts").status_code == 403


def test_a_contact_with_a_confidential_case_is_not_there_for_who_may_not_read_it(town: Town) -> None:
    call = answered(town)
    town.filed(call=CallId(call.id), contact=call.contact, confidential=True)
    assert town.visit("agent").get(f"/cases/contacts/{call.contact}").status_code == 404
    assert town.visit("clerk").get(f"/cases/contacts/{call.contact}").status_code == 404
    assert "保密" in town.visit("supervisor").text(f"/cases/contacts/{call.contact}")
    with town.store.read() as session:
        refused = session.scalars(select(AuditRow.subject).where(AuditRow.what == "refused")).all()
    assert refused == [f"contact {call.contact}"] * 2


def test_days_channels_and_outcomes_choose_and_what_makes_no_sense_is_said(town: Town) -> None:
    town.call(outcome="abandoned")
    boss = town.visit("supervisor")
    assert "已放弃" in plain(boss.text("/cases/contacts?from=2026-11-24&to=2026-11-24&outcome=abandoned"))
    assert "没有符合条件的受理" in boss.text("/cases/contacts?to=2026-11-23")
    assert "没有符合条件的受理" in boss.text("/cases/contacts?channel=letter")
    for wrong in (
        "from=x",
        "from=2026-11-25&to=2026-11-24",
        "channel=pigeon",
        "outcome=x",
        "agent=x",
        "number=x",
    ):
        answer = boss.get(f"/cases/contacts?{wrong}")
        assert answer.status_code == 400 and 'aria-invalid="true"' in answer.text, wrong
    for nowhere in ("x", str(uuid7())):
        assert boss.get(f"/cases/contacts/{nowhere}").status_code == 404


def test_the_next_page_is_where_the_first_ended(town: Town) -> None:
    for n in range(51):
        town.clock.now = NOW + timedelta(minutes=n)
        town.call(number=f"1380000{n:04d}", outcome="abandoned")
    boss = town.visit("supervisor")
    first = boss.text("/cases/contacts")
    assert first.count('data-testid="contact-link"') == 50 and "13800000000" not in first
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "13800000000" in boss.text(link)
