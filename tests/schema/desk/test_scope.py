"""Which cases somebody sees: one by one and in lists, by the same rule."""

from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import select, update

from schema.cases import Case
from schema.desk.scope import about, actor_of, audible, departments_below, may_see, subject_of, visible_cases
from schema.ids import uuid7
from schema.people import Department, User
from schema.recordings import Recording
from schema.rules.access import ALL, CONFIDENTIAL, DEPARTMENT, OWN_ONLY, POSTS, READ, Actor
from tests.schema.desk.casework import Office

UNITS = ("", "unit", "section", "other")


def cases_of_every_kind(desk: Office) -> dict[UUID, Case]:
    """One case for each department × confidential × worker."""
    found = {}
    for unit, confidential, worker in product(UNITS, (False, True), (None, "worker", "worker2")):
        case = desk.case(confidential=confidential)
        with desk.store.work() as work:
            work.session.execute(
                update(Case)
                .where(Case.id == case.id)
                .values(
                    department=getattr(desk, unit) if unit else None,
                    worker=getattr(desk, worker) if worker else None,
                )
            )
        found[case.id] = desk.look(case.id)
    return found


def scoped(desk: Office) -> list[Actor]:
    """Every post's somebody, in every department, and whatever scopes a post might be given."""
    actors = []
    with desk.store.read() as session:
        for post, unit in product(POSTS, UNITS):
            user = User(id=desk.worker, login="x", name="x", post=post, password="!")
            user.department = getattr(desk, unit) if unit else None
            actors.append(actor_of(session, user))
        at_unit = actor_of(session, session.get_one(User, desk.department))
    scopes = (None, ALL, DEPARTMENT, OWN_ONLY)
    for reads, secrets in product(scopes, scopes):
        grants = {right: scope for right, scope in ((READ, reads), (CONFIDENTIAL, secrets)) if scope}
        actors += [replace(at_unit, grants=grants, user=user) for user in (desk.worker, None)]
    return actors


def test_the_list_holds_exactly_the_cases_that_may_be_seen_one_by_one(desk: Office) -> None:
    kept = cases_of_every_kind(desk)
    counts = set()
    with desk.store.read() as session:
        for actor in scoped(desk):
            listed = set(session.scalars(select(Case.id).where(visible_cases(session, actor))))
            assert listed == {id for id, case in kept.items() if may_see(session, actor, case)}, actor
            left_out = set(session.scalars(select(Case.id).where(~visible_cases(session, actor))))
            assert listed | left_out == kept.keys() and not listed & left_out, actor
            counts.add(len(listed))
    assert {0, len(kept)} < counts


def test_a_department_reaches_itself_and_all_below_it(desk: Office) -> None:
    with desk.store.work() as work:
        deep = Department(code="deep", name="deep", parent=desk.section)
        work.session.add(deep)
    with desk.store.read() as session:
        assert departments_below(session, desk.unit) == {desk.unit, desk.section, deep.id}
        assert departments_below(session, deep.id) == {deep.id}
        assert departments_below(session, uuid7()) == frozenset()
        clerk = actor_of(session, session.get_one(User, desk.department))
        assert clerk.departments == {desk.unit, desk.section, deep.id} and clerk.department == desk.unit
        assert actor_of(session, session.get_one(User, desk.agent)).departments == frozenset()


def test_anybody_the_store_or_a_door_knows_can_be_asked_about(desk: Office) -> None:
    case = desk.case(confidential=True)
    with desk.store.read() as session:
        boss, agent = session.get_one(User, desk.supervisor), session.get_one(User, desk.agent)
        assert may_see(session, boss, case) and may_see(session, actor_of(session, boss), case)
        assert not may_see(session, agent, case)
        assert subject_of(case).confidential and about(case) == {"department": None, "confidential": True}
    assert about(None) == {}


@pytest.mark.parametrize("confidential", [False, True])
def test_a_recording_of_a_contact_with_a_hidden_case_is_not_heard(desk: Office, confidential: bool) -> None:
    case = desk.case(confidential=confidential)
    ids = {}
    with desk.store.work() as work:
        for name, contact in (("of the case", case.contact), ("of nothing", uuid7())):
            row = Recording(id=uuid7(), contact=contact, call=uuid7(), node="pbx1", leg=name, name=name, state="kept",
                            seat="101", seconds=1.0, started_at=work.now)  # fmt: skip
            work.session.add(row)
            ids[name] = row.id

    def heard(who: UUID) -> set[UUID]:
        with desk.store.read() as session:
            user = session.get_one(User, who)
            return set(session.scalars(select(Recording.id).where(audible(session, user))))

    assert heard(desk.supervisor) == set(ids.values())
    assert heard(desk.agent) == ({ids["of nothing"]} if confidential else set(ids.values()))
    assert heard(desk.leader) == heard(desk.department) == heard(desk.expert) == set()


def test_a_post_that_hears_recordings_of_its_department_hears_no_others(desk: Office) -> None:
    contacts = {}
    for unit in ("section", "other"):
        case = desk.case()
        with desk.store.work() as work:
            work.session.execute(
                update(Case).where(Case.id == case.id).values(department=getattr(desk, unit))
            )
            row = Recording(id=uuid7(), contact=case.contact, call=uuid7(), node="pbx1", leg=unit, name=unit,
                            state="kept", seat="101", seconds=1.0, started_at=work.now)  # fmt: skip
            work.session.add(row)
            contacts[unit] = row.id
    with desk.store.read() as session:
        clerk = actor_of(session, session.get_one(User, desk.department))
        hears = replace(clerk, grants={READ: DEPARTMENT, "recording.play": DEPARTMENT})
        assert list(session.scalars(select(Recording.id).where(audible(session, hears)))) == [
            contacts["section"]
        ]
