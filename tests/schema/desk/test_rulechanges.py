"""The rule books: changed by order, version by version, and what counts at filing is the newest."""

import json
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError, InternalError

from schema.clocks import ClockRow
from schema.defaults import default_body
from schema.desk.clocks import clocks_of
from schema.desk.errors import Refused
from schema.desk.rulebooks import book_body, book_history, categories, limits, newest_book, policy_for
from schema.desk.rulechanges import change_rulebook
from schema.desk.splitting import split_case
from schema.ids import CaseId, uuid7
from schema.orders import ChangeRulebook, Part, SplitCase
from schema.people import Department
from schema.rulebooks import RulebookVersion
from schema.rules.calendar import URGENT_HOURS, WORKING_DAYS
from schema.rules.limits import Limit
from tests.schema.desk.casework import Office

LAMPS = {"code": "02", "names": {"zh": "路灯"}, "limit": [4, URGENT_HOURS, "city"]}
ROADS = {"code": "03", "names": {"zh": "道路"}}


def change(desk: Office, name: str, body: dict[str, Any], **more: Any) -> RulebookVersion:
    with desk.store.work() as work:
        version = more.pop("version", newest_book(work.session, name))
        order = ChangeRulebook(
            **{"by": desk.admin, "name": name, "body": json.dumps(body), "version": version} | more
        )
        return change_rulebook(work, order)


def refused(desk: Office, name: str, body: dict[str, Any], **more: Any) -> Refused:
    before = len(desk.said())
    with pytest.raises(Refused) as found:
        change(desk, name, body, **more)
    assert len(desk.said()) == before
    return found.value


def test_a_site_begins_with_the_usual_books(desk: Office) -> None:
    with desk.store.read() as session:
        assert newest_book(session, "categories") == 0 and book_history(session, "categories") == []
        assert book_body(session, "categories", 0) == default_body("categories")
        assert categories(session).takes("0203")
        assert policy_for(session, "government", "complaint", "").source == "government/complaint"


def test_the_newest_version_counts_and_the_older_ones_stay(desk: Office) -> None:
    change(desk, "categories", {"rows": [LAMPS, ROADS]}, why="新目录")
    change(desk, "categories", {"rows": [ROADS]})
    with desk.store.read() as session:
        assert [row.code for row in categories(session).rows] == ["03"]
        assert book_body(session, "categories", 1)["rows"][0] == LAMPS
        told = [(row.version, row.made_by, row.why) for row in book_history(session, "categories")]
    assert told == [(2, desk.admin, ""), (1, desk.admin, "新目录")]
    facts = [(row.name, row.body["name"], row.body["version"]) for row in desk.said()]
    assert facts == [("RulebookChanged", "categories", 1), ("RulebookChanged", "categories", 2)]


def test_two_sites_in_one_process_have_their_own_books(desk: Office) -> None:
    change(desk, "categories", {"rows": [LAMPS]})
    with desk.store.read() as session:
        assert len(categories(session).rows) == 1 == len(categories(session).rows)


def test_the_same_order_again_changes_nothing(desk: Office) -> None:
    order = uuid7()
    first, again = (change(desk, "categories", {"rows": [LAMPS]}, order=order, version=0) for _ in range(2))
    assert first.version == again.version == 1 and len(desk.said()) == 1


def test_who_saw_an_older_version_is_told(desk: Office) -> None:
    change(desk, "categories", {"rows": [LAMPS]})
    assert refused(desk, "categories", {"rows": [ROADS]}, version=0).code == "stale"


@pytest.mark.parametrize("post", ["agent", "supervisor", "expert", "worker", "clerk"])
def test_only_an_administrator_writes_a_book(desk: Office, post: str) -> None:
    assert refused(desk, "categories", {"rows": [LAMPS]}, by=getattr(desk, post)).code == "not-allowed"


def test_faults_are_named_by_their_place_in_the_book(desk: Office) -> None:
    found = refused(
        desk, "categories", {"rows": [LAMPS | {"department": "nobody", "limit": [4, URGENT_HOURS, "moon"]}]}
    )
    assert found.code == "bad-field" and set(found.fields) == {"02.department", "02.limit"}
    assert set(refused(desk, "limits", {}).fields) >= {"social/service"}
    moon = {key: limit.body() for key, limit in _limits(desk).items()} | {
        "social/service": [1, WORKING_DAYS, "moon"]
    }
    assert refused(desk, "limits", moon).fields == {"social/service": "there is no calendar moon"}
    assert refused(desk, "jokes", {}).code == "not-found"
    assert refused(desk, "categories", {"rows": [LAMPS]}, why="x" * 301).code == "bad-field"


@pytest.mark.parametrize("body", ["", "{", "[]", "7", "null", "[" * 100_000])
def test_what_is_no_json_object_is_refused(desk: Office, body: str) -> None:
    order = ChangeRulebook(by=desk.admin, name="categories", body=body, version=0)
    with pytest.raises(Refused) as found, desk.store.work() as work:
        change_rulebook(work, order)
    assert set(found.value.fields) == {"body"} and desk.said() == []


def test_a_category_of_a_department_that_is_there_is_taken(desk: Office) -> None:
    with desk.store.work() as work:
        work.session.add(Department(code="roads", name="道路处"))
    assert change(desk, "categories", {"rows": [LAMPS | {"department": "roads"}]}).version == 1


def test_a_category_that_cases_have_is_closed_and_not_left_out(desk: Office) -> None:
    change(desk, "categories", {"rows": [LAMPS, ROADS]})
    desk.case(category="02")
    assert set(refused(desk, "categories", {"rows": [ROADS]}).fields) == {"02"}
    change(desk, "categories", {"rows": [LAMPS | {"open": False}, ROADS]})
    with pytest.raises(Refused) as closed:
        desk.case(category="02")
    assert set(closed.value.fields) == {"category"}


def test_a_clock_goes_by_its_category_s_limit_and_says_where_it_is_written(desk: Office) -> None:
    change(desk, "categories", {"rows": [LAMPS, ROADS]})
    told = {}
    for category in ("02", "03", ""):
        row = clock(desk, desk.case(category=category).id)
        told[category] = (row.units, row.unit, row.policy)
    usual = (5, WORKING_DAYS, "government/complaint")
    assert told == {"02": (4, URGENT_HOURS, "category 02"), "03": usual, "": usual}


def test_a_changed_limit_counts_for_the_next_case_and_not_for_the_last(desk: Office) -> None:
    before = desk.case()
    body = {key: limit.body() for key, limit in _limits(desk).items()} | {
        "government/complaint": [2, WORKING_DAYS]
    }
    change(desk, "limits", body)
    after = desk.case()
    assert clock(desk, before.id).units == 5 and clock(desk, after.id).units == 2
    assert after.due_at is not None and before.due_at is not None and after.due_at < before.due_at


def test_the_parts_of_a_case_keep_its_category_and_way(desk: Office) -> None:
    case = desk.case(category="0203", channel="letter")
    with desk.store.work() as work:
        parts = (Part(title="一", text="一"), Part(title="二", text="二"))
        made = split_case(work, SplitCase(by=desk.agent, case=CaseId(case.id), parts=parts))
    assert {(part.category, part.channel) for part in made} == {("0203", "letter")}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "02"}, "category"),
        ({"category": "7777"}, "category"),
        ({"channel": "pigeon"}, "channel"),
    ],
)
def test_a_category_or_way_that_is_none_is_refused(desk: Office, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as found:
        desk.case(**changes)
    assert set(found.value.fields) == {field}


def test_the_database_itself_keeps_every_version(desk: Office) -> None:
    change(desk, "categories", {"rows": [LAMPS]})
    for what in (update(RulebookVersion).values(why="x"), delete(RulebookVersion)):
        with pytest.raises((IntegrityError, InternalError)), desk.store.work() as work:
            work.session.execute(what)
    with desk.store.read() as session:
        assert len(book_history(session, "categories")) == 1


def clock(desk: Office, case: Any) -> ClockRow:
    with desk.store.read() as session:
        return clocks_of(session, case)[-1]


def _limits(desk: Office) -> dict[str, Limit]:
    with desk.store.read() as session:
        return limits(session)
