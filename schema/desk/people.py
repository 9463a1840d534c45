"""The people desk: users, and the check of their passwords at the door, with its lock-out."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.desk import audit
from schema.desk.errors import Refused
from schema.desk.passwords import NOBODY, hashed, rehashed, verified
from schema.desk.posts import all_posts, grants_of
from schema.desk.sessions import end_all
from schema.doors import SecondFactor
from schema.people import AuditRow, Department, User
from schema.rules import access
from schema.rules.passwords import Rules
from schema.store import Store, UnitOfWork

POSTS = access.POSTS
FREE_TRIES = 5
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(hours=1)
LATELY = timedelta(minutes=15)
WRONG = "wrong login or password"
LAX = Rules()

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
_SEAT = re.compile(r"[0-9]{2,8}")
_LEVEL = re.compile(r"[a-z][a-z0-9_-]{0,19}:([1-9]|10)")
_QUEUE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class WrongLogin(Exception):
    """Login or password is wrong (which of them is not said)."""


class LockedOut(Exception):
    """Too many wrong tries; `until` (UTC) is when the next one is looked at."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"too many wrong tries; locked until {until.isoformat(timespec='seconds')}")
        self.until = until


def find_user(session: Session, login: str) -> User | None:
    """The user with this login, whatever its letter case."""
    return session.scalar(select(User).where(User.login == login.strip().lower()))


def names_of(session: Session, wanted: Iterable[UUID | None]) -> dict[UUID, str]:
    """What these people are called, also those who left."""
    ids = {one for one in wanted if one is not None}
    chosen = select(User.id, User.name).where(User.id.in_(ids))
    return {id: name for id, name in session.execute(chosen)} if ids else {}


def anybody(session: Session) -> bool:
    """Whether there is any user yet."""
    return session.scalar(select(User.id).limit(1)) is not None


def department_of(session: Session, code: str) -> UUID | None:
    """The id of the department with this code; None for "". Raises Refused("bad-field")."""
    if not code.strip():
        return None
    found = session.scalar(select(Department.id).where(Department.code == code.strip()))
    if found is None:
        raise _bad("department", f"there is no department {code.strip()!r}")
    return found


def add_user(
    work: UnitOfWork,
    *,
    login: str,
    name: str,
    post: str,
    password: str,
    language: str = "zh",
    seat: str | None = None,
    mobile: str = "",
    department: UUID | None = None,
    rules: Rules = LAX,
) -> User:
    """Add somebody who works with Gridline. Raises Refused("bad-field") naming the field."""
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise _bad("login", "a login is 2 to 60 letters a-z, digits, dot, dash or underscore")
    if find_user(work.session, login):
        raise _bad("login", f"there is a user {login!r} already")
    if not name.strip() or len(name) > 100:
        raise _bad("name", "a name has 1 to 100 characters")
    if post not in (posts := all_posts(work.session)):
        raise _bad("post", f"a post is one of {', '.join(posts)}")
    if post == "department" and department is None:
        raise _bad("department", "somebody of a responsible unit works in a department")
    check_seat(work.session, post, seat)
    user = User(
        login=login,
        name=name.strip(),
        post=post,
        language=language,
        password=hashed(password, rules, (login, name)),
        password_at=work.now,
        seat=seat,
        mobile=mobile,
        department=department,
    )
    work.session.add(user)
    work.session.flush()
    return user


def check_seat(session: Session, post: str, seat: str | None, but: UUID | None = None) -> None:
    """Whether somebody of the post can have the seat (None: none); `but`: who has it now. Raises Refused."""
    if seat is None:
        return
    if "seat.work" not in grants_of(session, post):
        raise _bad("seat", "only an agent or a supervisor has a seat")
    if not _SEAT.fullmatch(seat):
        raise _bad("seat", "a seat is an extension of 2 to 8 digits")
    if session.scalar(select(User.id).where(User.seat == seat, User.id != but)):
        raise _bad("seat", f"seat {seat} belongs to somebody else")


def set_password(
    work: UnitOfWork, login: str, password: str, *, rules: Rules = LAX, temporary: bool = False
) -> User:
    """Give a user a new password, lift any lock and end their sessions. Raises Refused.

    `temporary`: somebody else chose it, so its owner must choose another at the next log-in.
    """
    user = find_user(work.session, login)
    if user is None:
        raise Refused("not-found", f"there is no user {login!r}")
    keep_password(work, user, hashed(password, rules, (user.login, user.name)), temporary=temporary)
    return user


def keep_password(work: UnitOfWork, user: User, stored: str, *, temporary: bool = False) -> None:
    """Make `stored` (from `schema.desk.passwords.hashed`) the password: no lock, no session, nothing half done."""
    user.password, user.password_at, user.password_temporary = stored, work.now, temporary
    user.failures, user.locked_until = 0, None
    end_all(work, user.id)


def must_change(user: User, now: datetime, days: int) -> bool:
    """Whether the password is to be changed before a session begins: temporary, or older than `days` (0: never)."""
    return user.password_temporary or bool(
        days and (user.password_at is None or now - user.password_at > timedelta(days=days))
    )


def unlock(work: UnitOfWork, user_id: UUID) -> User:
    """Forget a user's wrong tries. Raises Refused("not-found")."""
    user = work.session.get(User, user_id)
    if user is None:
        raise Refused("not-found", "there is no such user")
    user.failures, user.locked_until = 0, None
    return user


def set_skills(
    work: UnitOfWork, login: str, *, languages: str = "", skills: str = "", queues: str = ""
) -> User:
    """Say what a user can do at the seat, from when it is next opened. Raises Refused (bad-field, not-found)."""
    user = find_user(work.session, login)
    if user is None:
        raise Refused("not-found", f"there is no user {login!r}")
    for field, text in (("languages", languages), ("skills", skills)):
        if len(text) > 200 or any(not _LEVEL.fullmatch(word) for word in text.split()):
            raise _bad(field, "these are names with levels 1 to 10, such as zh:10 en:4")
    if len(queues) > 200 or any(not _QUEUE.fullmatch(word) for word in queues.split()):
        raise _bad("queues", "these are names of queues")
    user.languages, user.skills, user.queues = languages, skills, queues
    return user


def set_language(work: UnitOfWork, user_id: UUID, language: str) -> None:
    """Remember the language a user reads the screens in."""
    user = work.session.get(User, user_id)
    if user is not None:
        user.language = language


def lock_after(failures: int) -> timedelta:
    """How long the door stays shut after so many wrong tries in a row: none, then 30 s doubling to an hour."""
    if failures < FREE_TRIES:
        return timedelta(0)
    return min(FIRST_LOCK * (1 << min(failures - FREE_TRIES, 12)), LONGEST_LOCK)


def check_login(
    store: Store, login: str, password: str, ip: str, verify: Callable[[str, str], bool] | None = None
) -> User:
    """The user whose password this is; every try is one audit row.

    Who has a second factor is not through yet, and the row says so (door.first; see `schema.desk.halfway`).

    Blocks a quarter of a second for argon2 (outside any transaction) whether the login exists or not.
    Raises WrongLogin, LockedOut, or StoreUnreachable.
    """
    login = login.strip().lower()[:60]
    with store.read() as session:
        user = find_user(session, login)
        locked = _locked_until(session, login, user, store.clock())
    if locked is not None:
        with store.work() as work:
            _note(work, login, user, ip, allowed=False, reason="locked out")
        raise LockedOut(locked)
    right = (verify or verified)(user.password if user else NOBODY, password[:200]) and user is not None
    with store.work() as work:
        row = work.session.get(User, user.id, with_for_update=True) if user else None
        if right and row is not None and row.active and not row.locked:
            row.password = rehashed(row.password, password)
            if (factor := work.session.get(SecondFactor, row.id)) is not None and factor.confirmed_at:
                # Wrong tries are forgotten when the second step holds: else the first, repeated, would lift its lock.
                audit.note(work, "door.first", login, who=row.id, login=login, ip=ip)
                return row
            row.failures, row.locked_until = 0, None
            _note(work, login, row, ip, allowed=True, reason="")
            return row
        if row is not None:
            wrong_try(work, row)
        _note(work, login, row, ip, allowed=False, reason=WRONG)
    raise WrongLogin


def wrong_try(work: UnitOfWork, user: User) -> None:
    """Count a wrong try (password or second factor) of a user's row that is locked for update."""
    user.failures += 1
    wait = lock_after(user.failures)
    user.locked_until = work.now + wait if wait else None


def wrong_tries(session: Session, login: str, ip: str, now: datetime) -> int:
    """How many wrong tries of a login since it last opened, or of an address lately: the larger of the two.

    A login that nobody has counts as a real one does.
    """
    login = login.strip().lower()[:60]
    user = find_user(session, login) if login else None
    wrong = select(func.count()).where(
        AuditRow.what == "log-in", AuditRow.reason == WRONG, AuditRow.at > now - LATELY
    )
    here = session.scalar(wrong.where(AuditRow.ip == ip)) or 0
    if user is not None:
        return max(user.failures, here)
    return max(session.scalar(wrong.where(AuditRow.login == login)) or 0, here) if login else here


def _locked_until(session: Session, login: str, user: User | None, now: datetime) -> datetime | None:
    """When the lock ends, if it has not; a login nobody has locks just as a real one does."""
    if user is not None:
        until = user.locked_until
    else:
        tries = select(func.count(), func.max(AuditRow.at)).where(
            AuditRow.login == login,
            AuditRow.what == "log-in",
            AuditRow.reason == WRONG,
            AuditRow.at > now - LONGEST_LOCK,
        )
        count, last = session.execute(tries).one()
        wait = lock_after(count)
        until = last + wait if wait and last else None
    return until if until and until > now else None


def _note(work: UnitOfWork, login: str, user: User | None, ip: str, *, allowed: bool, reason: str) -> None:
    who = user.id if user else None
    audit.note(work, "log-in", login, who=who, login=login, ip=ip, allowed=allowed, reason=reason)


def _bad(field: str, text: str) -> Refused:
    return Refused("bad-field", text, field)
