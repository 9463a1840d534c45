"""The notices desk: makes of a published fact one notice a receiver and way, hands them out, keeps how they went.

A fact heard twice makes nothing twice. A notice that is handed out is leased: whoever dies with it in hand gives it
back by letting the lease run out.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case, CaseStep
from schema.clocks import Extension, Supervision
from schema.desk.casemarks import followers
from schema.desk.errors import Refused
from schema.desk.posts import grants_of
from schema.desk.scope import may_see
from schema.facts import CaseFact, MessageSent, VisitGiven
from schema.ids import uuid7
from schema.notices import Message, MessageCopy, Notice, NoticeWishes
from schema.outbox import BusCursor
from schema.people import User
from schema.rules.access import ALL
from schema.rules.notices import DEFAULT, KINDS, MOVES, Wishes, is_mail, kind_of, kinds_of, pause_after, plan
from schema.store import UnitOfWork
from schema.wire import to_body

LEASE = timedelta(minutes=5)
"""How long a runner may have a notice in hand; longer than any way takes to answer."""

Write = Callable[[str, str, Case, CaseFact], tuple[str, str]]
"""(language, kind, case, fact) → subject and text."""


def make_notices(work: UnitOfWork, key: UUID, fact: CaseFact, write: Write) -> list[Notice]:
    """The notices of a fact whose message has this key; those there already are left alone."""
    kinds = kinds_of(type(fact).__name__, to_body(fact))
    case = work.session.get(Case, fact.case) if kinds else None
    if case is None:
        return []
    about: UUID | None = case.id
    if isinstance(fact, VisitGiven) and fact.agent is not None:
        # Return visits are handed out by the dozen, in one moment: an agent is told of all of them once.
        key, about = uuid5(fact.agent, fact.at.isoformat()), None
    known = select(Notice.receiver, Notice.way).where(Notice.fact == key)
    there = {(receiver, way) for receiver, way in work.session.execute(known)}
    made: list[Notice] = []
    told: set[UUID] = set()
    for kind, user in [(one, user) for one in kinds for user in receivers(work.session, one, case, fact)]:
        if user.id in told:
            continue  # who is told because it is theirs to do is not told once more because they follow it
        told.add(user.id)
        words = write(user.language, kind, case, fact)
        made += put_notices(work, user, kind, key, about, fact.at, words, there)
    return made


def make_brief_notices(
    work: UnitOfWork, key: UUID, at: datetime, write: Callable[[str], tuple[str, str]]
) -> list[Notice]:
    """Tell of a daily brief whoever may see it, once: `key` is the brief's own; `write` gives subject and text of a
    language."""
    known = select(Notice.receiver, Notice.way).where(Notice.fact == key)
    there = {(receiver, way) for receiver, way in work.session.execute(known)}
    posts = [
        post
        for post in work.session.scalars(select(User.post).where(User.active).distinct())
        if grants_of(work.session, post).get("leader.see") == ALL
    ]
    made: list[Notice] = []
    query = select(User).where(User.active, User.post.in_(posts)).order_by(User.login)
    for user in work.session.scalars(query).all():
        made += put_notices(work, user, "brief", key, None, at, write(user.language), there)
    return made


def put_notices(
    work: UnitOfWork, user: User, kind: str, key: UUID, case: UUID | None, at: datetime, words: tuple[str, str],
    there: set[tuple[UUID | None, str]],
) -> list[Notice]:  # fmt: skip
    """One person's notices of one thing, by every way that is not there yet."""
    made = []
    wishes = wishes_of(work.session, user.id)
    for one in plan(kind, mail=user.mail, mobile=user.mobile, wishes=wishes, now=work.now, zone=work.zone):
        if (user.id, one.way) in there:
            continue
        notice = Notice(
            id=uuid7(), fact=key, kind=kind, case=case, receiver=user.id, way=one.way, address=one.address,
            language=user.language, subject=words[0][:300], text=words[1], why=one.why, tries=0, at=at,
            made_at=work.now, state="could-not" if one.why else "waiting",
            next_try=None if one.why else one.at, done_at=work.now if one.why else None,
        )  # fmt: skip
        work.session.add(notice)
        if one.way == "message":
            _put_in_inbox(work, notice, user.id)
        made.append(notice)
    return made


def is_told(fact: CaseFact) -> bool:
    """Whether anybody is told of such a fact, because of what it says."""
    return bool(kind_of(type(fact).__name__, to_body(fact)))


def is_followed(session: Session, fact: CaseFact) -> bool:
    """Whether somebody is told of it because they follow the case."""
    return type(fact).__name__ in MOVES and bool(followers(session, fact.case))


def begins_after(session: Session) -> int:
    """The place of the last message before there were notices: nobody is told of what is older."""
    row = session.get(BusCursor, "notices-begin")
    return row.seq if row is not None else 0


def receivers(session: Session, kind: str, case: Case, fact: CaseFact) -> list[User]:
    """Who is told: the active people of the roles, each once, without whoever did it."""
    wanted: dict[UUID, None] = {}
    for role in KINDS[kind].told:
        for id in _ROLES[role](session, case, fact):
            if id is not None and id != fact.by:
                wanted[id] = None
    found = session.scalars(select(User).where(User.id.in_(wanted), User.active))
    # Of a confidential case only those hear who may read it, or have it to do.
    open_to = [
        user
        for user in found
        if not case.confidential or user.id == case.worker or may_see(session, user, case)
    ]
    return sorted(open_to, key=lambda user: list(wanted).index(user.id))


def lease(work: UnitOfWork, way: str, limit: int = 20) -> list[Notice]:
    """Take notices that are to be sent now by this way; nobody else gets them until the lease runs out."""
    query = (
        select(Notice)
        .where(
            Notice.state.in_(("waiting", "sending")),
            Notice.next_try <= work.now,
            Notice.way == way,
        )
        .order_by(Notice.next_try, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = list(work.session.scalars(query))
    for notice in taken:
        notice.state, notice.next_try = "sending", work.now + LEASE
        notice.tries += 1
    return taken


def write_text(work: UnitOfWork, id: UUID, text: str) -> None:
    """What a text message says, written when it leaves."""
    work.session.get_one(Notice, id, with_for_update=True).text = text


def was_sent(work: UnitOfWork, id: UUID) -> None:
    """It went."""
    notice = work.session.get_one(Notice, id, with_for_update=True)
    notice.state, notice.why, notice.next_try, notice.done_at = "sent", "", None, work.now


def did_not_go(work: UnitOfWork, id: UUID, why: str, *, state: str = "failed") -> None:
    """It will not go: "failed" or "could-not", for a reason."""
    notice = work.session.get_one(Notice, id, with_for_update=True)
    notice.state, notice.why, notice.next_try, notice.done_at = state, _kept(why), None, work.now


def goes_later(work: UnitOfWork, id: UUID, why: str) -> bool:
    """It did not go this time, for a reason that may pass; whether it is tried again."""
    notice = work.session.get_one(Notice, id, with_for_update=True)
    pause = pause_after(notice.tries)
    if pause is None:
        did_not_go(work, id, why)
        return False
    notice.state, notice.why, notice.next_try = "waiting", _kept(why), work.now + pause
    return True


def send_again(work: UnitOfWork, id: UUID) -> Notice:
    """Try a notice that failed or could not go once more, at once. Raises Refused("not-found", "wrong-state")."""
    notice = work.session.get(Notice, id, with_for_update=True)
    if notice is None:
        raise Refused("not-found", "there is no such notice")
    if notice.state not in ("failed", "could-not"):
        raise Refused("wrong-state", "only what did not go is sent again")
    if not notice.address:
        user = work.session.get_one(User, notice.receiver)  # a citizen's has its address
        notice.address = user.mail if notice.way == "mail" else user.mobile
        if not notice.address:
            raise Refused("wrong-state", "there is still no address to send it to")
    notice.state, notice.why, notice.tries, notice.next_try, notice.done_at = "waiting", "", 0, work.now, None
    return notice


def notices_of(session: Session, case: UUID) -> list[Notice]:
    """What was told about a case, oldest first."""
    query = select(Notice).where(Notice.case == case).order_by(Notice.made_at, Notice.id)
    return list(session.scalars(query))


def wishes_of(session: Session, user: UUID) -> Wishes:
    """What somebody chose, or what holds for who chose nothing."""
    row = session.get(NoticeWishes, user)
    if row is None:
        return DEFAULT
    return Wishes(frozenset(row.mail), frozenset(row.sms), row.quiet_from, row.quiet_to)


def set_wishes(work: UnitOfWork, user: UUID, wishes: Wishes, mail: str) -> None:
    """Keep what somebody chose, and the address their mail goes to. Raises Refused("bad-field")."""
    if mail and not is_mail(mail):
        raise Refused("bad-field", "that is no mail address", "mail")
    if not (0 <= wishes.quiet_from < 1440 and 0 <= wishes.quiet_to < 1440):
        raise Refused("bad-field", "hours are from 00:00 to 23:59", "quiet")
    work.session.get_one(User, user, with_for_update=True).mail = mail
    row = work.session.get(NoticeWishes, user)
    if row is None:
        row = NoticeWishes(user=user)
        work.session.add(row)
    row.mail, row.sms = sorted(wishes.mail & KINDS.keys()), sorted(wishes.sms & KINDS.keys())
    row.quiet_from, row.quiet_to, row.saved_at = wishes.quiet_from, wishes.quiet_to, work.now


def _put_in_inbox(work: UnitOfWork, notice: Notice, receiver: UUID) -> None:
    """The platform's own way needs nobody: the message is there with the commit that made the notice."""
    message = Message(id=notice.id, thread=notice.id, order=notice.id, sender=None, kind=notice.kind,
                      case=notice.case, subject=notice.subject, text=notice.text, to=[], at=work.now)  # fmt: skip
    work.session.add(message)
    work.session.flush()
    work.session.add(MessageCopy(message=message.id, owner=receiver, box="in"))
    notice.state, notice.next_try, notice.done_at = "sent", None, work.now
    work.emit(MessageSent(at=work.now, message=message.id, to=(receiver,)))


def _worker(session: Session, case: Case, fact: CaseFact) -> Iterable[UUID | None]:
    worker = getattr(fact, "worker", None) or case.worker
    if worker is not None or case.department is None:
        return [worker]
    unit = select(User.id).where(User.post == "department", User.department == case.department, User.active)
    return session.scalars(unit.order_by(User.login))


def _desk(session: Session, case: Case, _fact: CaseFact) -> Iterable[UUID | None]:
    dispatched = (
        select(CaseStep.by)
        .where(CaseStep.case == case.id, CaseStep.hop == "case.dispatched")
        .order_by(CaseStep.id.desc())
        .limit(1)
    )
    return [session.scalar(dispatched), case.made_by]


def _supervisors(session: Session, _case: Case, _fact: CaseFact) -> Iterable[UUID | None]:
    return session.scalars(select(User.id).where(User.post == "supervisor", User.active).order_by(User.login))


def _asker(session: Session, case: Case, _fact: CaseFact) -> Iterable[UUID | None]:
    decided = select(Extension.asked_by).where(Extension.case == case.id, Extension.state != "asked")
    return [session.scalar(decided.order_by(Extension.decided_at.desc()).limit(1))]


def _giver(session: Session, _case: Case, fact: CaseFact) -> Iterable[UUID | None]:
    given = session.get(Supervision, getattr(fact, "supervision", None))
    return [given.made_by if given is not None else None]


def _person(_session: Session, _case: Case, fact: CaseFact) -> Iterable[UUID | None]:
    return [getattr(fact, "person", None)]


def _agent(_session: Session, _case: Case, fact: CaseFact) -> Iterable[UUID | None]:
    return [getattr(fact, "agent", None)]


def _follower(session: Session, case: Case, _fact: CaseFact) -> Iterable[UUID | None]:
    return followers(session, case.id)


_ROLES: dict[str, Callable[[Session, Case, CaseFact], Iterable[UUID | None]]] = {
    "worker": _worker,
    "desk": _desk,
    "supervisor": _supervisors,
    "asker": _asker,
    "giver": _giver,
    "follower": _follower,
    "person": _person,
    "agent": _agent,
}


def _kept(why: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in why)[:300]
