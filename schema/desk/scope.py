"""Who somebody is to the rules of access, and which cases they see: one by one, and as a criterion for lists.

`who` is anybody the store or a door knows: a user, a visitor of the pages, a program with a token, or an actor.
"""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from schema.asking import ask
from schema.base import table_of
from schema.cases import Case
from schema.desk.posts import carried, grants_of
from schema.people import Department, Post, User
from schema.recordings import Recording
from schema.rules.access import (
    ALL,
    CONFIDENTIAL,
    DEPARTMENT,
    OWN_ONLY,
    READ,
    Actor,
    Subject,
    may,
)


class Known(Protocol):
    """Somebody whose actor was made when they came in."""

    @property
    def actor(self) -> Actor:
        """Who they are to the rules."""


Who = Actor | User | Known
_USERS, _POSTS = table_of(User), table_of(Post)
ACTIVE = (
    select(_USERS.c.post, _USERS.c.department, _POSTS.c.grants)
    .select_from(_USERS.outerjoin(_POSTS, _POSTS.c.name == _USERS.c.post))
    .where(_USERS.c.id == bindparam("user"), _USERS.c.active, ~_USERS.c.locked)
)


def actor_of(session: Session, user: User, grants: Mapping[str, str] | None = None) -> Actor:
    """A user as the rules of access see them: what their post carries (looked up if not given), how far it reaches."""
    if grants is None:
        grants = grants_of(session, user.post)
    return _actor(session, user.id, user.post, user.department, grants)


def active_actor(session: Session, user: UUID) -> Actor | None:
    """The same of the user with this id; None for one who is not there, not active or locked."""
    row = ask(session, ACTIVE, user=user)
    if row is None:
        return None
    post, department, grants = row
    return _actor(session, user, post, department, carried(post, grants))


def _actor(
    session: Session, id: UUID, post: str, department: UUID | None, grants: Mapping[str, str]
) -> Actor:
    reach: frozenset[UUID] = frozenset()
    if department is not None and DEPARTMENT in grants.values():
        reach = departments_below(session, department)
    return Actor(post, grants, id, department, reach)


def departments_below(session: Session, department: UUID) -> frozenset[UUID]:
    """The department and all below it."""
    tree = select(Department.id).where(Department.id == department).cte("below", recursive=True)
    child = aliased(Department)
    tree = tree.union(select(child.id).where(child.parent == tree.c.id))
    return frozenset(session.scalars(select(tree.c.id)))


def subject_of(case: Case) -> Subject:
    """A case as the rules of access see it."""
    return Subject(case.department, case.worker, case.confidential)


def about(case: Case | None) -> dict[str, Any]:
    """What a fact about a case says of who may hear of it."""
    return {"department": case.department, "confidential": case.confidential} if case is not None else {}


def may_see(session: Session, who: Who, case: Case) -> bool:
    """Whether `who` may read the case."""
    return may(known(session, who), READ, subject_of(case))


def visible_cases(session: Session, who: Who) -> ColumnElement[bool]:
    """The cases that `who` may read, for lists, searches, feeds and exports: those of which `may_see` says so."""
    actor = known(session, who)
    return and_(_reached(actor, READ), or_(~Case.confidential, _reached(actor, CONFIDENTIAL)))


def reached_cases(session: Session, who: Who, right: str) -> ColumnElement[bool]:
    """The cases over which `who` has the right, of those they may read."""
    actor = known(session, who)
    return and_(visible_cases(session, actor), _reached(actor, right))


def audible(session: Session, who: Who) -> ColumnElement[bool]:
    """The recordings that `who` may hear or see named: none of a contact with a confidential case they may not read."""
    actor = known(session, who)
    scope = actor.grants.get("recording.play")
    if scope is None:
        return false()
    about = Case.contact == Recording.contact
    kept_from = exists().where(about, Case.confidential, ~visible_cases(session, actor))
    if scope == ALL:
        return ~kept_from
    return and_(~kept_from, exists().where(about, _reached(actor, "recording.play")))


def _reached(actor: Actor, right: str) -> ColumnElement[bool]:
    """The cases that the right reaches, whether confidential or not."""
    scope = actor.grants.get(right)
    if scope == ALL:
        return true()
    if scope == DEPARTMENT and actor.departments:
        # Never unknown (NULL): "not visible" is asked for too.
        return and_(Case.department.is_not(None), Case.department.in_(actor.departments))
    if scope == OWN_ONLY and actor.user is not None:
        return and_(Case.worker.is_not(None), Case.worker == actor.user)
    return false()


def known(session: Session, who: Who) -> Actor:
    """Anybody as the rules of access see them."""
    if isinstance(who, Actor):
        return who
    return actor_of(session, who) if isinstance(who, User) else who.actor
