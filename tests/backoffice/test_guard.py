"""The guard: deny first, forms from our own pages only, what breaks is logged."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from structlog.contextvars import get_contextvars
from werkzeug.routing import Rule

from backoffice.app import BODY_LIMIT
from backoffice.guard import local_path
from backoffice.rights import LOGGED_IN, PUBLIC, may, right_of
from schema.desk.sessions import IDLE
from schema.ids import uuid7
from schema.people import AuditRow, WebSession
from schema.rules.access import RIGHTS
from tests.backoffice.api.conftest import program
from tests.backoffice.conftest import POSTS, Town

# Every route with the right it must declare: a new page that is not here fails the test below.
TABLE = {
    "static": PUBLIC, "vendor": PUBLIC, "words": PUBLIC,
    "session.home": LOGGED_IN, "session.here": LOGGED_IN, "session.log_out": LOGGED_IN,
    "session.switch_language": PUBLIC, "door.page": PUBLIC, "door.log_in": PUBLIC, "captchas.picture": PUBLIC,
    "captchas.sound": PUBLIC, "door.step": PUBLIC, "door.give_code": PUBLIC, "door.enrol": PUBLIC,
    "door.new_password": PUBLIC, "door.leave": PUBLIC,
    "oidc.out": PUBLIC, "oidc.back": PUBLIC, "oidc.leave": PUBLIC,
    "own.me": LOGGED_IN, "own.change_password": LOGGED_IN, "own.begin_second": LOGGED_IN,
    "own.confirm_second": LOGGED_IN, "own.fresh_codes": LOGGED_IN, "own.end_second": LOGGED_IN,
    "seat.page": "seat.work", "seat.open_seat": "seat.work", "seat.order_state": "seat.work",
    "seatorders.ask": "seat.work", "targets.targets": "seat.work",
    "registers.listing": "register.read", "registers.one": "register.read", "registers.csv": "register.read",
    "registers.make": "register.keep", "registers.check": "register.keep", "registers.put_in": "register.keep",
    "registers.back": "register.keep", "registers.close": "register.keep",
    "watch.order_over": "seat.supervise",
    "reports.page": "report.read", "reports.counted": "report.read", "reports.excel": "report.read",
    "reports.pdf": "report.read",
    "contacts.contact": "contact.read", "contacts.keep_draft": "case.file",
    "contacts.throw_draft_away": "case.file",
    "contactlist.listing": "contact.list", "contactlist.one": "contact.list",
    "citizens.listing": "contact.read", "citizens.one": "contact.read", "citizens.correct": "contact.correct",
    "contactexport.csv": "contact.export", "contactexport.excel": "contact.export",
    "filing.new_case": "case.file", "filing.cells": "case.file", "filing.file": "case.file",
    "duplicates.likely": "case.file", "duplicates.page": "duplicates.set", "duplicates.choose": "duplicates.set",
    "caselist.listing": "case.read", "caselist.rows": "case.read", "caselist.counted": "case.read",
    "caseexport.csv": "case.export", "caseexport.excel": "case.export", "caseexport.paper": "case.export",
    "caseviews.save": "case.read", "caseviews.change": "case.read",
    "cases.page": "case.read", "cases.part": "case.read",
    "casework.dispatch": "case.dispatch", "casework.handle": "case.handle", "casework.check": "case.check",
    "casework.close": "case.close", "casework.send_back": "case.send-back",
    "caseturns.send_to_check": "case.check", "caseturns.take_back_check": "case.check",
    "caseturns.verify": "case.verify", "caseturns.confirm": "case.confirm", "caseturns.file": "case.file",
    "caseturns.reply": "case.reply",
    "caseturns.reject": "case.reject", "caseturns.void": "case.void", "caseturns.suspend": "case.suspend",
    "caseturns.resume": "case.suspend", "caseturns.ask": "case.extend", "caseturns.decide": "case.approve",
    "caseturns.reopen": "case.reopen", "caseturns.merge": "case.merge", "caseturns.unmerge": "case.merge",
    "caseturns.split": "case.split", "caseturns.sign": "case.sign", "caseturns.delegate": "case.delegate",
    "casefiles.attach": "case.attach", "casefiles.show": "case.read", "casefiles.back": "case.attach",
    "caseturns.conceal": "case.conceal", "caseturns.reveal": "case.reveal",
    "caseurging.urge": "case.urge", "caseurging.supervise": "case.supervise", "caseurging.answer": "case.answer",
    "caseurging.instruct": "case.instruct", "casemarks.follow": "case.follow", "casemarks.hot": "case.hot",
    "fielddevices.listing": "field.see", "fielddevices.one": "field.see", "fielddevices.do": "field.manage",
    "fieldenrol.form": "field.manage", "fieldenrol.enrol": "field.manage",
    "fieldwaiting.conflicts": "field.settle", "fieldwaiting.settle": "field.settle", "fieldwaiting.aside": "field.see",
    "fieldwaiting.settle_aside": "field.settle", "fieldwaiting.loose": "field.settle",
    "fieldwaiting.to_case": "field.settle",
    "fieldmessages.listing": "field.see", "fieldmessages.send": "field.see", "fieldmessages.one": "field.see",
    "fieldmessages.read": "field.settle",
    "leader.page": "leader.see", "briefs.listing": "leader.see", "briefs.page": "leader.see",
    "briefs.pdf": "leader.see",
    "sound.play": "recording.play", "sound.wave": "recording.play", "sound.download": "recording.download",
    "recordings.listing": "recording.play", "recordings.one": "recording.play", "recordings.marks": "recording.play",
    "recordings.write": "recording.note", "recordings.drop": "recording.note", "recordings.hold": "recording.hold",
    "recordings.release": "recording.hold", "recordings.retention": "recording.keep",
    "recordings.keep": "recording.keep",
    "photos.show": "case.read",
    "wallboard.board": "board.see", "wallboard.numbers": "board.see",
    "replay.page": "board.see", "replay.day": "board.see", "replay.floor": "board.see",
    "staff.listing": "people.list", "staffwork.unlock": "people.unlock", "staffwork.blank": "people.admin",
    "staffwork.add": "people.admin", "staffwork.person": "people.admin", "staffwork.edit": "people.admin",
    "staffwork.password": "people.admin", "staffwork.act": "people.admin",
    "departments.page": "people.admin", "departments.add": "people.admin", "departments.change": "people.admin",
    "posts.page": "people.admin", "posts.choose": "people.admin",
    "auditlog.page": "audit.read", "auditlog.csv": "audit.read",
    "rulebooks.first": "rules.set", "rulebooks.page": "rules.set", "rulebooks.version": "rules.set",
    "calendars.first": "rules.set", "calendars.page": "rules.set", "calendars.version": "rules.set",
    "calendars.holidays": "rules.set", "calendars.change": "rules.set", "rulebooks.change": "rules.set",
    "rulebooks.choices": "case.file", "voicebook.walk": "rules.set", "voicebook.hear": "rules.set",
    "voicebook.counts": "rules.set", "voiceprompts.page": "rules.set", "voiceprompts.record": "rules.set",
    "voiceprompts.back": "rules.set",
    "voiceprompts.by_telephone": "rules.set", "voiceprompts.progress": "rules.set",
    "assessment.page": "assessment.read", "assessment.excel": "assessment.read", "assessment.one": "assessment.read",
    "assessment.cases": "assessment.read", "assessment.give": "assessment.give", "assessment.preview": "rules.set",
    "assessment.me": LOGGED_IN, "assessment.my_cases": LOGGED_IN,
    "noticelog.page": "notice.read", "noticelog.again": "notice.again",
    "messages.box": LOGGED_IN, "messages.new": "message.send", "messages.send": "message.send",
    "messages.thread": LOGGED_IN, "messages.mark": LOGGED_IN, "messages.news": LOGGED_IN,
    "messages.receivers": "message.send", "messages.groups": "message.group", "messages.keep_group": "message.group",
    "announcing.page": "announce", "announcing.announce": "announce", "announcing.end": "announce",
    "announcing.read": LOGGED_IN,
    "phrases.listing": "phrase.own", "phrases.page": "phrase.own", "phrases.keep": "phrase.own",
    "phrases.act": "phrase.own",
    "visits.page": "case.visit", "visits.rows": "case.visit", "visits.one": "case.visit", "visits.take": "case.visit",
    "visits.hand_out": "case.give-visits", "visits.put_back": "case.visit", "visits.tell": "case.visit",
    "visitcalls.call": "call.out", "visits.skip": "case.visit",
    "visitcalls.outcome": "call.out", "placing.call": "call.out", "placing.outcome": "call.out",
    "callbacks.listing": "call.list", "callbacks.drop": "call.list",
    **dict.fromkeys((f"campaigns.{one}" for one in ("listing", "new", "make", "one", "progress", "close", "review",
                                                    "csv", "excel")), "case.give-visits"),
    "donotcall.listing": "call.block", "donotcall.block": "call.block", "donotcall.lift": "call.unblock",
    "qualitylists.first": LOGGED_IN, "qualitylists.todo": "quality.review", "qualitylists.done": "quality.review",
    "qualitylists.appeals": "quality.answer", "qualitylists.every": "quality.plan", "quality.one": "quality.review",
    "quality.appeal": "quality.answer", "quality.draft": "quality.review", "quality.submit": "quality.review",
    "quality.answer": "quality.answer", "quality.drop": "quality.review", "quality.give": "quality.plan",
    "qualitymine.listing": LOGGED_IN, "qualitymine.one": LOGGED_IN, "qualitymine.acknowledge": "quality.appeal",
    "qualitymine.appeal": "quality.appeal", "qualityplans.page": "quality.plan", "qualityplans.save": "quality.plan",
    "qualityplans.draw": "quality.plan", "qualityplans.told": "quality.plan",
    "qualitycalibration.page": "quality.review", "qualitycalibration.begin": "quality.plan",
    "qualitycalibration.end": "quality.plan", "qualitytrends.page": "quality.see",
    "qualitytrends.excel": "quality.export", "qualitytrends.csv": "quality.export",
    "qualitytrends.reviews_excel": "quality.export",
    "tracks.page": "track.see",
    "supervision.page": "supervision.see", "supervision.urge": "case.urge",
    "desks.dispatch": "case.dispatch", "desks.department": "case.sign",
    "wishes.page": LOGGED_IN, "wishes.keep": LOGGED_IN,
    **dict.fromkeys((f"webhooks.{one}" for one in ("listing", "add", "page", "act", "resend")), "webhook.manage"),
    "health.healthz": PUBLIC, "health.readyz": PUBLIC, "metrics.metrics": PUBLIC,
}  # fmt: skip


def address(rule: Rule) -> str:
    """The rule's path with ids that name nothing."""
    path = rule.rule
    for name in rule.arguments:
        path = (
            path.replace(f"<path:{name}>", "x")
            .replace(f"<int:{name}>", "1")
            .replace(f"<{name}>", str(uuid7()))
        )
    return path


def routes(town: Town) -> list[tuple[Rule, str]]:
    return [
        (rule, method) for rule in town.app.url_map.iter_rules() for method in rule.methods & {"GET", "POST"}
    ]


def test_every_route_declares_its_right(town: Town) -> None:
    declared = {rule.endpoint: right_of(town.app.view_functions[rule.endpoint]) for rule, _ in routes(town)}
    assert declared == TABLE
    assert set(TABLE.values()) - {PUBLIC, LOGGED_IN} <= set(RIGHTS)


@pytest.mark.parametrize("post", POSTS)
def test_every_route_for_every_post(town: Town, post: str) -> None:
    visit = town.visit(post)
    for rule, method in routes(town):
        right = TABLE[rule.endpoint]
        if rule.endpoint in ("session.log_out", "door.log_in"):
            continue
        answer = visit.post(address(rule)) if method == "POST" else visit.get(address(rule))
        assert not answer.headers.get("Location", "").startswith("/login?"), "still logged in"
        if right in (PUBLIC, LOGGED_IN) or may(post, right):
            assert answer.status_code != 403, (rule.rule, method)
        else:
            assert answer.status_code == 403, (rule.rule, method)
            assert "没有权限" in answer.get_data(as_text=True) or answer.json["error"] == "http-403"


def test_every_route_for_a_stranger(town: Town) -> None:
    for rule, method in routes(town):
        if TABLE[rule.endpoint] == PUBLIC:
            continue
        visit = town.stranger()
        answer = visit.post(address(rule)) if method == "POST" else visit.get(address(rule))
        if rule.rule.startswith("/api/"):
            assert answer.status_code == 401 and answer.json["error"] == "logged-out"
        else:
            assert answer.status_code == 302 and answer.location.startswith("/login?next=/")


def test_a_page_that_forgot_its_right_is_shut(town: Town) -> None:
    town.app._got_first_request = False
    town.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert town.visit("admin").get("/forgotten").status_code == 403


def test_a_refusal_is_written_down(town: Town) -> None:
    town.visit("agent").get("/audit")
    with town.store.read() as session:
        row = session.scalars(select(AuditRow)).one()
    assert (row.login, row.what, row.subject, row.allowed, row.reason) == (
        "agent", "refused", "GET /audit", False, "audit.read",
    )  # fmt: skip


@pytest.mark.parametrize("post", ["agent", "stranger"])
def test_a_form_without_the_token_is_refused_everywhere(town: Town, post: str) -> None:
    for rule, method in routes(town):
        if method != "POST" or (post == "stranger" and TABLE[rule.endpoint] != PUBLIC):
            continue
        if (
            post == "agent"
            and TABLE[rule.endpoint] not in (PUBLIC, LOGGED_IN)
            and not may(post, TABLE[rule.endpoint])
        ):
            continue
        visit = town.visit("agent") if post == "agent" else town.stranger()
        for token in ("", "wrong", town.visit("agent").csrf):
            answer = visit.client.post(address(rule), data={"csrf": token})
            assert answer.status_code == 403, (rule.rule, token)
        assert "过期" in answer.get_data(as_text=True) or answer.json["error"] == "bad-form"


def test_another_sites_page_is_refused_even_with_the_token(town: Town) -> None:
    agent = town.visit("agent")
    answer = agent.post("/language", {"language": "en"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert (
        agent.post("/language", {"language": "en"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code
        == 303
    )


def test_the_first_post_of_a_browser_that_never_saw_a_page_is_refused(town: Town) -> None:
    assert town.app.test_client().post("/login", data={"login": "x", "password": "y"}).status_code == 403


def test_a_body_too_large_is_refused_in_words(town: Town) -> None:
    agent = town.visit("agent")
    answer = agent.post("/language", {"language": "x" * (BODY_LIMIT + 1)})
    assert answer.status_code == 413 and "太大" in answer.get_data(as_text=True)


def test_an_idle_session_ends_and_a_used_one_is_touched(town: Town) -> None:
    agent = town.visit("agent")
    for _ in range(3):
        town.clock.now += IDLE - timedelta(seconds=1)
        assert agent.get("/cases").status_code == 200
    with town.store.read() as session:
        assert session.scalars(select(WebSession.seen_at)).one() == town.clock.now
    town.clock.now += IDLE
    assert agent.get("/cases").status_code == 302


def test_only_local_paths_are_followed() -> None:
    good: list[Any] = ["/", "/cases?x=1", "/cases/ZW-1#a"]
    assert [local_path(path) for path in good] == good
    for path in ("", "//x", "http://x", "/\\x", "/x\\y", "cases", "/a\nb"):
        assert local_path(path) == "/"


def test_what_breaks_is_logged_with_the_contact_it_was_about(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, seen = town.filed(), []

    def broken(*_: object) -> None:
        seen.append(get_contextvars().get("contact"))
        raise RuntimeError("broken")

    monkeypatch.setattr("backoffice.cases.view_case", broken)
    monkeypatch.setattr("backoffice.api.cases.light_of", broken)
    assert town.visit("clerk").get(f"/cases/{case.case_no}").status_code == 500
    client = program(town)
    assert client.get(f"/cases/{case.case_no}").status_code == 500
    assert seen == [str(case.contact)] * 2
    assert get_contextvars()["contact"] == str(case.contact) and get_contextvars()["program"] == client.name
    town.visit("clerk").get("/cases")
    assert "contact" not in get_contextvars(), "the next request of the same thread is about nobody yet"
