"""Who may do what to what: one table of rights and the posts that carry them. What is not in the table is refused.

Posts are agent 座席, supervisor 班长, expert 专家, worker 网格员, clerk 文员, admin 管理员, department 责任单位,
leader 领导. A post carries a right over everything, over the cases of its own department and those below it, or over
what was given to that very person. The pages ask before they show something, the desks ask again before they do it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

POSTS = ("agent", "supervisor", "expert", "worker", "clerk", "admin", "department", "leader")

ALL, DEPARTMENT, OWN_ONLY = "all", "department", "own"
SCOPES = (ALL, DEPARTMENT, OWN_ONLY)
"""How far a right reaches, the widest first."""
REACHING = ("case.", "recording.", "assessment.")
"""What rights begin with that may reach less than all; the others one has or not."""
CONFIDENTIAL = "case.confidential"
"""What a right over a case takes besides, when the case is confidential (保密件)."""
READ = "case.read"
ASSESS = "assessment.read"
"""To see how a unit or a person does; one's own everybody sees."""
ADMIN = "people.admin"
"""To say who works here, where, and what their post carries; somebody always has it."""

_SEATS = frozenset({"agent", "supervisor"})
_DESK = _SEATS | {"clerk"}
_SUPERVISOR = frozenset({"supervisor"})

RIGHTS: dict[str, frozenset[str]] = {
    "seat.work": _SEATS,
    "seat.supervise": _SUPERVISOR,
    "seat.on-behalf": _SUPERVISOR,
    **dict.fromkeys(
        (
            *(f"watch.{verb}" for verb in ("listen", "whisper", "barge", "takeover", "stop")),
            *(f"seat.force-{verb}" for verb in ("hangup", "transfer", "pause", "ready", "logout")),
        ),
        _SUPERVISOR,
    ),
    **dict.fromkeys(
        ("call.transfer", "call.transfer-outside", "call.consult", "call.out", "call.pick", "call.digits"),
        _SEATS,
    ),
    "call.list": _SEATS,
    "call.block": _DESK,
    "call.unblock": _SUPERVISOR,
    "contact.read": _SEATS,
    "contact.list": _DESK,
    "contact.all": frozenset({"supervisor", "clerk"}),
    "contact.correct": _SEATS,
    "contact.export": frozenset({"supervisor", "clerk"}),
    READ: _DESK | {"expert", "leader"},
    CONFIDENTIAL: frozenset({"supervisor", "leader"}),
    "task.read": _DESK | {"expert", "leader"},
    "calendar.read": frozenset(POSTS),
    "case.file": _DESK,
    "case.dispatch": _DESK,
    "case.handle": _DESK,
    "case.check": _DESK,
    "case.close": _DESK,
    "case.send-back": _DESK,
    "case.rate": _DESK,
    "case.visit": _DESK,
    "case.give-visits": _SUPERVISOR,
    **dict.fromkeys(
        (
            f"case.{what}"
            for what in (
                "reply",
                "verify",
                "confirm",
                "reject",
                "extend",
                "reopen",
                "merge",
                "split",
                "conceal",
                "urge",
                "answer",
                "attach",
            )
        ),
        _DESK,
    ),
    **dict.fromkeys(
        (
            f"case.{what}"
            for what in ("suspend", "approve", "void", "reveal", "sign", "delegate", "supervise", "detach")
        ),
        _SUPERVISOR,
    ),
    "case.instruct": frozenset({"leader"}),
    "case.follow": frozenset({"supervisor", "leader"}),
    "case.hot": frozenset({"supervisor", "leader"}),
    "leader.see": frozenset({"supervisor", "leader"}),
    "duplicates.set": _SUPERVISOR,
    "case.export": frozenset({"supervisor", "clerk"}),
    "case.share-view": _SUPERVISOR,
    "recording.play": _SEATS,
    "recording.pause": _SEATS,
    "recording.download": _SUPERVISOR,
    "recording.note": _SEATS,
    "recording.hold": _SUPERVISOR,
    "recording.keep": frozenset({"admin"}),
    "board.see": frozenset({"supervisor", "admin"}),
    "report.read": frozenset({"supervisor", "admin", "leader"}),
    ASSESS: frozenset({"supervisor", "admin", "leader"}),
    "assessment.give": frozenset({"supervisor", "leader"}),
    "quality.appeal": _SEATS,
    **dict.fromkeys((f"quality.{what}" for what in ("plan", "review", "answer", "export")), _SUPERVISOR),
    "quality.see": frozenset({"supervisor", "leader"}),
    "people.list": frozenset({"supervisor", "admin"}),
    "track.see": _SUPERVISOR,
    "people.unlock": frozenset({"admin"}),
    ADMIN: frozenset({"admin"}),
    "audit.read": frozenset({"admin"}),
    "rules.set": frozenset({"admin"}),
    "register.read": frozenset(POSTS),
    "register.keep": frozenset({"clerk", "admin"}),
    "field.server": frozenset({"supervisor", "admin"}),
    "message.send": frozenset(POSTS),
    "message.group": frozenset({"supervisor", "admin"}),
    "announce": frozenset({"supervisor", "admin"}),
    "supervision.see": frozenset({"supervisor", "leader"}),
    "phrase.own": _DESK | {"expert", "department"},
    "phrase.share": _SUPERVISOR,
    "notice.read": frozenset({"supervisor", "admin"}),
    "notice.again": frozenset({"supervisor", "admin"}),
    "webhook.manage": frozenset({"admin"}),
    "field.see": frozenset({"supervisor", "clerk", "admin"}),
    "field.settle": frozenset({"supervisor", "clerk"}),
    "field.manage": frozenset({"supervisor", "admin"}),
}
"""The posts that carry a right over everything."""

WITHIN: dict[str, frozenset[str]] = dict.fromkeys(
    (
        READ, CONFIDENTIAL, "case.sign", "case.handle", "case.send-back", "case.extend", "case.delegate",
        "case.conceal", "case.answer", "case.attach", ASSESS,
    ),
    frozenset({"department"}),
)  # fmt: skip
"""Rights that a post has only over its own department and those below it, and their cases."""

OWN: dict[str, frozenset[str]] = dict.fromkeys(
    ("case.handle", "case.check", "case.confirm", "case.extend", "case.answer", CONFIDENTIAL),
    frozenset({"worker"}),
)
"""Rights that a post has only over what was given to that very person (a worker's own task)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wants to do something. `grants` says of each right the post carries how far it reaches (see `SCOPES`).

    `departments` are the actor's own and all below it.
    """

    post: str
    grants: Mapping[str, str] = field(hash=False)
    user: UUID | None = None
    department: UUID | None = None
    departments: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """The case it is wanted of: its responsible unit, to whom it was given, and whether it is confidential."""

    department: UUID | None = None
    worker: UUID | None = None
    confidential: bool = False


NOBODY = Actor("", {})
"""Somebody who may do nothing."""


def grants(post: str) -> dict[str, str]:
    """What a post carries by this table, each right with how far it reaches; nothing for a post that is not there."""
    found: dict[str, str] = {}
    for scope, table in ((OWN_ONLY, OWN), (DEPARTMENT, WITHIN), (ALL, RIGHTS)):
        found |= dict.fromkeys((right for right, posts in table.items() if post in posts), scope)
    return found


def bare(post: str) -> Actor:
    """Somebody of a post and no department."""
    return Actor(post, grants(post))


def only(actor: Actor, rights: Iterable[str]) -> Actor:
    """The same person with no more than these of their rights."""
    kept = {right: actor.grants[right] for right in rights if right in actor.grants}
    return Actor(actor.post, kept, actor.user, actor.department, actor.departments)


def may(actor: Actor | str, right: str, subject: Subject | None = None) -> bool:
    """Whether the actor (or anybody of the post) has the right over the subject; see `refusal`."""
    return not refusal(actor, right, subject)


def refusal(actor: Actor | str, right: str, subject: Subject | None = None) -> str:
    """Why the actor (or anybody of the post) may not do it to the subject, in words; "" when they may.

    Without a subject: whether there may be anything they may do it to, beside tasks of their own.
    """
    who = bare(actor) if isinstance(actor, str) else actor
    if right not in RIGHTS:
        return f"there is no right {right!r}, so nobody has it"
    scope = who.grants.get(right)
    if scope is None:
        return f"the post {who.post!r} does not carry the right {right}"
    if subject is None:
        return _own_only(who, right) if scope == OWN_ONLY else ""
    if scope == OWN_ONLY and (who.user is None or subject.worker != who.user):
        return _own_only(who, right)
    if scope == DEPARTMENT and subject.department not in who.departments:
        return f"a {who.post} has the right {right} only over cases of their department"
    if subject.confidential and right != CONFIDENTIAL:
        return refusal(who, CONFIDENTIAL, subject)
    return ""


def hidden(actor: Actor, subject: Subject) -> bool:
    """Whether the actor is not even told that the case is there: a confidential one, or one beyond their scope."""
    if subject.confidential and refusal(actor, CONFIDENTIAL, subject):
        return True
    return READ in actor.grants and bool(refusal(actor, READ, subject))


def _own_only(who: Actor, right: str) -> str:
    return f"a {who.post} has the right {right} only over their own tasks"
