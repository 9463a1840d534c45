"""What the seat page shows of a caller, and the draft of what is typed."""

from datetime import timedelta

from sqlalchemy import select

from schema.cases import Draft
from schema.ids import ContactId, uuid7
from schema.people import AuditRow
from tests.backoffice.conftest import Town
from tests.conftest import store_url  # noqa: F401 (on both databases)


def test_a_known_number_comes_with_its_history(town: Town) -> None:
    old = town.call(outcome="answered")
    case = town.filed(contact=ContactId(old.contact))
    town.clock.now += timedelta(hours=1)
    town.call(outcome="abandoned")
    town.call(number="13900000009")
    town.clock.now += timedelta(hours=1)
    now = town.call(language="ug")
    told = town.visit("agent").get(f"/api/contacts/{now.contact}").json
    assert (told["number"], told["language"], told["citizen"]) == ("13800000001", "ug", "王女士")
    assert [row["what"] for row in told["history"]] == ["call", "case"]
    call, row = told["history"]
    assert call["outcome"] == "abandoned" and call["at"] == "2026-11-24 17:00"
    assert (row["case_no"], row["title"], row["state"]) == (case.case_no, "路灯不亮", "filed")
    assert row["copy"]["text"] == case.text


def test_before_the_call_is_written_down_the_floor_knows_it(town: Town) -> None:
    contact = str(uuid7())
    call = {"call": contact, "contact": contact, "number": "13800000001", "language": "en", "stage": "ringing",
            "entered": "2026-11-24T08:00:00+00:00", "seat": "101"}  # fmt: skip
    town.filed()
    town.seen(calls={contact: call})
    told = town.visit("agent").get(f"/api/contacts/{contact}").json
    assert (told["number"], told["language"], told["call"]) == ("13800000001", "en", contact)
    assert len(told["history"]) == 1


def test_a_contact_nobody_knows_is_empty_and_not_an_error(town: Town) -> None:
    agent = town.visit("agent")
    told = agent.get(f"/api/contacts/{uuid7()}").json
    assert told["number"] == "" and told["history"] == [] and told["draft"] is None
    assert agent.get("/api/contacts/nonsense").status_code == 404


def test_looking_at_a_caller_who_is_not_at_ones_seat_is_written_down(town: Town) -> None:
    contact = uuid7()
    agent = town.visit("agent")
    town.seen(seats={"101": {"seat": "101", "state": "ringing", "contact": str(contact)}})
    agent.get(f"/api/contacts/{contact}")
    with town.store.read() as session:
        assert session.scalars(select(AuditRow)).all() == []
    town.seen(v=2, seats={})
    agent.get(f"/api/contacts/{contact}")
    with town.store.read() as session:
        row = session.scalars(select(AuditRow)).one()
    assert (row.what, row.subject) == ("contact.read", str(contact))


def test_what_is_typed_is_kept_found_again_and_thrown_away(town: Town) -> None:
    agent, contact = town.visit("agent"), uuid7()
    answer = agent.post(f"/api/drafts/{contact}", json={"title": "路灯", "text": "", "evil": "x"})
    assert answer.json == {"saved": "16:00:00"}
    assert agent.get(f"/api/contacts/{contact}").json["draft"] == {"title": "路灯"}
    assert town.visit("supervisor").get(f"/api/contacts/{contact}").json["draft"] is None, (
        "drafts are one's own"
    )
    agent.post(f"/api/drafts/{contact}/drop", json={})
    with town.store.read() as session:
        assert session.scalars(select(Draft)).all() == []


def test_a_draft_that_is_no_draft_is_refused(town: Town) -> None:
    agent, contact = town.visit("agent"), uuid7()
    assert agent.post(f"/api/drafts/{contact}", json=["x"]).status_code == 400
    assert agent.post("/api/drafts/x", json={}).status_code == 404
    answer = agent.post(f"/api/drafts/{contact}", json={"text": "x" * 20_001})
    assert answer.status_code == 400 and answer.json["error"] == "bad-field"
