"""Every route for every post, about every kind of case: of the own department, of another's, confidential or not.

Made from the route table: a route with a new kind of thing in its address fails until it is said here what that is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from backoffice.rights import LOGGED_IN, PUBLIC
from schema.casefiles import CaseFile
from schema.cases import Case
from schema.desk.cases import dispatch_case
from schema.desk.scope import may_see
from schema.handsets import Media, Report
from schema.ids import CaseId, ContactId, uuid7
from schema.orders import DispatchCase
from schema.people import AuditRow, User
from schema.recordings import Recording
from schema.rules.access import RIGHTS, WITHIN
from tests.backoffice.conftest import POSTS, Town
from tests.backoffice.test_guard import TABLE, routes
from tests.backoffice.test_photos import JPEG

ABOUT_A_CASE = {"ref": "case", "media": "media", "recording": "recording", "file": "file"}
"""What stands in an address and leads to a case."""
OTHER = {
    "citizen",
    "entry",
    "day",
    "kind",
    "act",
    "contact",
    "delivery",
    "department",
    "device",
    "filename",
    "language",
    "hook",
    "id",
    "key",
    "name",
    "node",
    "order",
    "report",
    "seat",
    "side",
    "user",
    "verb",
    "version",
    "view",
    "what",
    "which",
    "year",
}
"""What stands in an address and does not: a contact shows only cases in its answer (see below)."""
KINDS = [("", False), ("unit", False), ("section", True), ("other", False), ("other", True)]
"""Of which department's subtree a case is, and whether it is confidential."""


@dataclass(frozen=True)
class Thing:
    """A case of a kind, and what hangs on it."""

    case: Case
    ids: dict[str, UUID]


def make(town: Town, unit: str, confidential: bool, n: int = 1) -> Thing:
    """A case that is with a department ("": with nobody), with a photo and a recording."""
    contact = ContactId(uuid7())
    case = town.filed(
        contact=contact, confidential=confidential, number=f"1380000{n:04}", text=f"第{n}件 秘密 词"
    )
    by = town.users["supervisor"].id
    report, media, recording = uuid7(), uuid7(), uuid7()
    with town.store.work() as work:
        if unit:
            order = DispatchCase(by=by, case=CaseId(case.id), department=town.units[unit].id)
            assert dispatch_case(work, order) is None
        work.session.add(
            Report(id=report, device="w1", worker=town.users["worker"].id, case=case.id, contact=contact,
                   kind="report", text="灯杆歪了", made_at=work.now, at=work.now, lon=120.16, lat=30.27, accuracy=8.0)
        )  # fmt: skip
        work.session.flush()
        work.session.add(
            Media(id=media, report=report, device="w1", contact=contact, case=case.id, type="image/jpeg",
                  size=len(JPEG), sha256="0" * 64, state="whole", path=f"media/{media}.jpg", whole_at=work.now)
        )  # fmt: skip
        work.session.add(
            Recording(id=recording, contact=contact, call=uuid7(), node="pbx1", leg=str(recording), name="x",
                      state="kept", seat="101", seconds=1.5, started_at=work.now)
        )  # fmt: skip
    file = town.settings.vault / f"media/{media}.jpg"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(JPEG)
    with town.store.work() as work:
        work.session.add(
            CaseFile(id=media, case=case.id, name="a.jpg", type="image/jpeg", size=len(JPEG), sha256="0" * 64,
                     path=f"media/{media}.jpg", words=0, by=by, at=work.now)
        )  # fmt: skip
    for side in ("mix", "citizen", "seat"):
        town.player.sounds[recording, side] = b"RIFF" + bytes(20)
    with town.store.read() as session:
        case = session.get_one(Case, case.id)
    return Thing(case, {"case": case.id, "media": media, "recording": recording, "file": media})


def about_cases(town: Town) -> Iterator[tuple[Rule, str]]:
    for rule, method in routes(town):
        if rule.arguments & ABOUT_A_CASE.keys():
            yield rule, method


def looks(town: Town) -> list[AuditRow]:
    with town.store.read() as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.id)))


def test_what_stands_in_every_address_is_known(town: Town) -> None:
    found = {argument for rule, _ in routes(town) for argument in rule.arguments}
    assert found <= ABOUT_A_CASE.keys() | OTHER
    assert ABOUT_A_CASE.keys() <= found


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize(("unit", "confidential"), KINDS)
def test_every_route_about_a_case(town: Town, post: str, unit: str, confidential: bool) -> None:
    thing = make(town, unit, confidential)
    with town.store.read() as session:
        person = session.scalars(select(User).where(User.post == post)).one()
        seen = may_see(session, person, thing.case)
    # Said once more in plain words, so that the rule is not only compared with itself.
    reads = post in ("agent", "supervisor", "expert", "clerk", "leader") or (
        post == "department" and unit in ("unit", "section")
    )
    assert seen is (reads and (not confidential or post in ("supervisor", "leader", "department")))
    visit = town.visit(post)
    for rule, method in about_cases(town):
        right = TABLE[rule.endpoint]
        assert right not in (PUBLIC, LOGGED_IN), rule.rule
        before = len(looks(town))
        address = rule.rule.replace("<side>", "mix")
        for each, what in ABOUT_A_CASE.items():
            address = address.replace(f"<{each}>", str(thing.ids[what]))
        answer = visit.post(address) if method == "POST" else visit.get(address)
        where = (rule.rule, method, answer.status_code)
        fresh = looks(town)[before:]
        if post not in RIGHTS[right] | WITHIN.get(right, frozenset()):
            assert answer.status_code == 403, where
            assert [(row.what, row.allowed, row.reason) for row in fresh] == [("refused", False, right)]
        elif not seen:
            assert answer.status_code == 404, where
            assert thing.case.case_no not in answer.get_data(as_text=True)
            assert [(row.what, row.allowed, row.reason) for row in fresh] == [("refused", False, "hidden")], (
                where
            )
        else:
            assert answer.status_code not in (403, 404, 500), where
            assert all(row.allowed for row in fresh)


@pytest.mark.parametrize("post", ["supervisor", "leader", "department"])
def test_each_look_at_a_confidential_case_is_written_down_for_those_who_may(town: Town, post: str) -> None:
    thing = make(town, "unit", True)
    for _ in range(2):
        assert thing.case.case_no in town.visit(post).text(f"/cases/{thing.case.case_no}")
    rows = [row for row in looks(town) if row.what == "case.confidential"]
    assert [(row.login, row.subject, row.allowed) for row in rows] == [(post, thing.case.case_no, True)]


@pytest.mark.parametrize("post", POSTS)
def test_lists_hold_what_may_be_seen_and_nothing_else(town: Town, post: str) -> None:
    things = [make(town, unit, confidential, n) for n, (unit, confidential) in enumerate(KINDS)]
    visit = town.visit(post)
    for path in ("/cases", "/cases/rows", "/cases?q=秘密", "/cases/rows?state=dispatched"):
        answer = visit.get(path)
        if post in ("worker", "admin"):
            assert answer.status_code == 403
            continue
        text = answer.get_data(as_text=True)
        for thing, (unit, confidential) in zip(things, KINDS, strict=True):
            with town.store.read() as session:
                seen = may_see(session, town.users[post], thing.case)
            if "state=dispatched" in path and not unit:
                seen = False
            assert (thing.case.case_no in text) is seen, (path, unit, confidential)


def test_hints_of_duplicates_and_the_callers_history_leave_out_what_is_hidden(town: Town) -> None:
    secret = town.filed(confidential=True)
    plain = town.filed()
    typed = {"title": "路灯不亮", "text": "文三路的路灯三天没有亮。", "cell": secret.cell, "number": secret.number,
             "contact": str(uuid7()), "class_": "government", "kind": "complaint"}  # fmt: skip
    call = town.call()
    for post, expected in (("agent", {plain.case_no}), ("supervisor", {plain.case_no, secret.case_no})):
        visit = town.visit(post)
        assert {row["case_no"] for row in visit.post("/api/duplicates", json=typed).json} == expected
        pop_up = visit.get(f"/api/contacts/{call.contact}").json
        assert {row["case_no"] for row in pop_up["history"] if row["what"] == "case"} == expected


def test_a_case_of_the_same_contact_tells_nothing_of_the_hidden_one(town: Town) -> None:
    thing = make(town, "unit", True)
    other = town.filed(contact=ContactId(thing.case.contact))
    agent, boss = (
        town.visit("agent").text(f"/cases/{other.case_no}"),
        town.visit("supervisor").text(f"/cases/{other.case_no}"),
    )
    for trace in (thing.case.case_no, "灯杆歪了", str(thing.ids["media"]), str(thing.ids["recording"])):
        assert trace not in agent
    assert thing.case.case_no in boss and str(thing.ids["recording"]) in boss
