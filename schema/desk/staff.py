"""The staff desk: an administrator adds and changes users, lets them in or keeps them out.

Every order is carried out once, in the caller's commit, one order about people at a time: the same again changes
nothing. All raise `Refused`: not-allowed, not-found, bad-field, wrong-state. Whatever is done, somebody who may
administer is left.
"""

import secrets
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from schema.desk import duty, fieldlogins
from schema.desk.errors import Refused
from schema.desk.moves import allow, text_fault
from schema.desk.people import add_user, check_seat, set_password, set_skills
from schema.desk.posts import all_posts, any_admin, check_post
from schema.desk.sessions import end_all
from schema.facts import UserKeptOut, UserLetIn
from schema.orders import (
    AddUser,
    DeactivateUser,
    EditUser,
    EndSessions,
    LockUser,
    PeopleOrder,
    Person,
    ReactivateUser,
    ResetPassword,
    SetPost,
    UnlockUser,
    UserOrder,
)
from schema.people import Department, PeopleStep, Post, User
from schema.rules.access import ADMIN
from schema.rules.languages import LANGUAGES
from schema.store import PEOPLE_LOCK, UnitOfWork, alone

# No letters or digits that are taken for each other when they are read out.
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def add(work: UnitOfWork, order: AddUser) -> tuple[User, str]:
    """Add a user; gives the password for the first log-in, which is told once ("" for the same order again)."""
    if (done := begin(work, order)) is not None:
        return work.session.get_one(User, done), ""
    _check(work, order)
    password = one_time_password()
    user = add_user(
        work, login=order.login, name=order.name, post=order.post, password=password, language=order.language,
        seat=order.seat or None, mobile=order.mobile.strip(), department=order.department,
    )  # fmt: skip
    user.work_phone = order.work_phone.strip()
    set_skills(work, user.login, languages=order.languages, skills=order.skills, queues=order.queues)
    set_password(work, user.login, password, temporary=True)
    finish(work, order, user.id)
    return user, password


def edit(work: UnitOfWork, order: EditUser) -> User:
    """Say anew what is said of a user; another post or department counts at once."""
    done, user = begin(work, order), _user(work, order.user)
    if done is not None:
        return user
    _check(work, order)
    check_seat(work.session, order.post, order.seat or None, but=user.id)
    if order.post == "department" and order.department is None:
        raise Refused("bad-field", "somebody of a responsible unit works in a department", "department")
    if not order.name.strip() or len(order.name) > 100:
        raise Refused("bad-field", "a name has 1 to 100 characters", "name")
    user.name, user.post, user.department = order.name.strip(), order.post, order.department
    user.mobile, user.work_phone = order.mobile.strip(), order.work_phone.strip()
    user.seat, user.language = order.seat or None, order.language
    set_skills(work, user.login, languages=order.languages, skills=order.skills, queues=order.queues)
    finish(work, order, user.id)
    return user


def lock(work: UnitOfWork, order: LockUser) -> User:
    """Keep a user out until they are unlocked; they are logged out everywhere."""
    return _change(work, order, lambda user: _keep_out(work, user, locked=True))


def unlock(work: UnitOfWork, order: UnlockUser) -> User:
    """Let a user in again: the lock and the wrong tries are forgotten."""

    def change(user: User) -> None:
        user.locked, user.failures, user.locked_until = False, 0, None
        _let_in(work, user)

    return _change(work, order, change, "people.unlock")


def deactivate(work: UnitOfWork, order: DeactivateUser) -> User:
    """The user works here no longer: what they did stays, they come in no more, their seat is free.

    Their handsets are let in no more either, until they are enrolled for somebody else: the gateway tells the broker.
    """
    return _change(work, order, lambda user: _keep_out(work, user, active=False))


def reactivate(work: UnitOfWork, order: ReactivateUser) -> User:
    """The user works here again."""

    def change(user: User) -> None:
        user.active = True
        _let_in(work, user)

    return _change(work, order, change)


def reset_password(work: UnitOfWork, order: ResetPassword) -> tuple[User, str]:
    """Give a user a password for one log-in, which is told once ("" for the same order again)."""
    done, user = begin(work, order), _user(work, order.user)
    if done is not None:
        return user, ""
    password = one_time_password()
    set_password(work, user.login, password, temporary=True)
    finish(work, order, user.id)
    return user, password


def end_sessions(work: UnitOfWork, order: EndSessions) -> User:
    """Log a user out everywhere."""
    return _change(work, order, lambda user: end_all(work, user.id))


def set_post(work: UnitOfWork, order: SetPost) -> Post:
    """Say what a post carries, or make one."""
    done = begin(work, order)
    name = check_post(order.post, order.grants)
    row = work.session.get(Post, name)
    if done is not None and row is not None:
        return row
    if row is None:
        row = Post(name=name, grants={})
        work.session.add(row)
    row.grants, row.set_by, row.set_at = dict(order.grants), order.by, work.now
    finish(work, order, order.order)
    return row


def one_time_password() -> str:
    """A password that can be read out over the telephone: 12 letters and digits, 69 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


def begin(work: UnitOfWork, order: PeopleOrder, right: str = ADMIN) -> UUID | None:
    """Be the only one at work on people; gives whom the order was about if it was carried out before."""
    allow(work, order.by, right)
    alone(work.session, PEOPLE_LOCK)
    work.session.expire_all()  # what was read before the wait may be old
    step = work.session.get(PeopleStep, order.order)
    if step is not None and step.what != type(order).__name__:
        raise Refused("bad-field", f"the order {order.order} was something else before: {step.what}", "order")
    return step.subject if step is not None else None


def finish(work: UnitOfWork, order: PeopleOrder, subject: UUID) -> None:
    """The order is carried out. Raises Refused("wrong-state") if it leaves nobody to administer."""
    work.session.add(
        PeopleStep(order=order.order, what=type(order).__name__, subject=subject, by=order.by, at=work.now)
    )
    work.session.flush()
    if order.by is not None and not any_admin(work.session):
        raise Refused("wrong-state", "somebody who may administer must be left", "admin")


def _change(work: UnitOfWork, order: UserOrder, change: Callable[[User], None], right: str = ADMIN) -> User:
    done, user = begin(work, order, right), _user(work, order.user)
    if done is None:
        change(user)
        finish(work, order, user.id)
    return user


def _keep_out(
    work: UnitOfWork, user: User, *, locked: bool | None = None, active: bool | None = None
) -> None:
    if locked is not None:
        user.locked = locked
    if active is not None:
        user.active = active
        user.seat = None
    end_all(work, user.id)
    fieldlogins.end_all(work, worker=user.id)
    duty.end_all(work, user.id)
    work.emit(UserKeptOut(at=work.now, user=user.id))


def _let_in(work: UnitOfWork, user: User) -> None:
    if user.active and not user.locked:
        work.emit(UserLetIn(at=work.now, user=user.id))


def _user(work: UnitOfWork, id: UUID) -> User:
    user = work.session.scalar(select(User).where(User.id == id).with_for_update(key_share=True))
    if user is None:
        raise Refused("not-found", "there is no such user")
    return user


def _check(work: UnitOfWork, order: Person) -> None:
    if order.post not in all_posts(work.session):
        raise Refused("bad-field", f"there is no post {order.post!r}", "post")
    if order.language not in LANGUAGES:
        raise Refused("bad-field", f"a language is one of {', '.join(LANGUAGES)}", "language")
    for field in ("mobile", "work_phone"):
        if why := text_fault(getattr(order, field), 0, 32):
            raise Refused("bad-field", why, field)
    if why := text_fault(order.name, 1, 100):
        raise Refused("bad-field", why, "name")
    if order.department is not None:
        row = work.session.get(Department, order.department)
        if row is None or row.closed_at is not None:
            raise Refused("bad-field", "there is no such department", "department")
