"""Notices: who is told of what, and by which ways. Pure; one table for both.

A way is "message" (the platform's own inbox, always), "mail" or "sms". People choose for which kinds mail and SMS are
wanted, and hours in which neither comes (what is pressing comes all the same). Why a way was not gone is a code, told
in words by messages `notice.why.CODE`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from schema.rules.lights import LADDER

WAYS = ("message", "mail", "sms")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a notice is about: the roles that are `told`, whether it is `pressing`,
    and the ways besides the inbox that who chose nothing is told by.

    Roles: worker (who has the case: a grid worker, else the people of the responsible unit), desk (who took it in and
    who dispatched it), supervisor (all of them), asker (of an extension), giver (of a supervision order),
    person (whom an instruction is for), follower (of the case), agent (who has the return visit). The
    daily brief is no fact, reviews of calls and handsets that fell silent are about no case: who is told of them is for
    desks of their own.
    """

    told: tuple[str, ...]
    ways: tuple[str, ...] = ("mail",)
    pressing: bool = False


KINDS: dict[str, Kind] = {
    "assigned": Kind(("worker",), ("mail", "sms")),
    "verify": Kind(("worker",), ("mail", "sms")),
    "check": Kind(("worker",), ("mail", "sms")),
    "sent-back": Kind(("desk",)),
    "handled": Kind(("desk",), ()),
    "extension-asked": Kind(("supervisor",)),
    "extension-granted": Kind(("asker",)),
    "extension-refused": Kind(("asker",)),
    "suspended": Kind(("worker", "desk"), ()),
    "resumed": Kind(("desk",), ()),
    "reopened": Kind(("desk", "supervisor")),
    **{rung.what: Kind(rung.tells, ("mail", "sms"), rung.percent >= 100) for rung in LADDER},
    "supervised": Kind(("worker", "desk"), ("mail", "sms"), True),
    "instructed": Kind(("person", "worker", "desk"), ("mail", "sms"), True),
    "answered": Kind(("giver",)),
    "followed": Kind(("follower",), ()),
    "visits": Kind(("agent",), ()),
    "brief": Kind((), ("mail",)),
    "silent": Kind((), ()),
    "disk-low": Kind((), ("mail",), True),
    "disk-room": Kind((), ("mail",)),
    "reviewed": Kind((), ()),
    "appealed": Kind((), ()),
    "appeal-answered": Kind((), ()),
}
"""What people are told of; the ladder's own steps tell whom the ladder says."""

FILED_TEXT, STATUS_TEXT = "filed-text", "status-text"
"""What citizens are told by text message: the number of a case that was filed; how far one is, when they ask."""

STREET_TEXT = "street-text"
"""A message of the office to the street that goes to the workers' telephones, too."""

BY_FACT = {
    "CaseDispatched": "assigned",
    "CaseDelegated": "assigned",
    "CaseVerifySent": "verify",
    "CaseCheckSent": "check",
    "CaseSentBack": "sent-back",
    "CaseHandled": "handled",
    "ExtensionAsked": "extension-asked",
    "ExtensionDecided": "extension-refused",
    "CaseSuspended": "suspended",
    "CaseResumed": "resumed",
    "CaseReopened": "reopened",
    "CaseUrged": "urge",
    "CaseSupervised": "supervised",
    "CaseInstructed": "instructed",
    "SupervisionAnswered": "answered",
    "VisitGiven": "visits",
}
"""Name of a fact → the kind of notice it makes, unless the fact itself says more (see `kind_of`)."""

MOVES = frozenset(
    {
        "CaseRejected", "CaseVerifySent", "CaseVerified", "CaseDispatched", "CaseHandled", "CaseChecked",
        "CaseSentBack", "CaseClosed", "CaseReopened", "CaseVoided", "CaseSuspended", "CaseResumed", "CaseMerged",
        "CaseUnmerged", "CaseSplit",
    }
)  # fmt: skip
"""Facts after which a case is in another state: who follows it is told. (Filing is none: hardly anybody can follow a
case before, and it is the fact of which there are most.)"""

BACKOFF = (60, 120, 300, 600, 1200, 1800, 3600)
"""Seconds before each further try; the last one repeats."""
MOST_TRIES = 48
"""About two days; then a notice has failed."""

_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}", re.ASCII)
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody chose: the kinds for which mail and SMS are wanted, and from when to when neither (minutes of the
    day; equal: never quiet)."""

    mail: frozenset[str]
    sms: frozenset[str]
    quiet_from: int = 0
    quiet_to: int = 0


DEFAULT = Wishes(
    frozenset(kind for kind, one in KINDS.items() if "mail" in one.ways),
    frozenset(kind for kind, one in KINDS.items() if "sms" in one.ways),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to tell somebody: not before `at`, or not at all for a reason `why`."""

    way: str
    address: str
    at: datetime
    why: str = ""


def kind_of(fact: str, said: Mapping[str, object]) -> str:
    """The kind of notice that a fact makes, by its name and what it says; "" for none."""
    if fact == "CaseUrged":
        return str(said["rung"])
    if fact == "ExtensionDecided" and said["granted"]:
        return "extension-granted"
    return BY_FACT.get(fact, "")


def kinds_of(fact: str, said: Mapping[str, object]) -> list[str]:
    """Every kind of notice that a fact makes; who is told of one is not told of the next."""
    first = kind_of(fact, said)
    return [*([first] if first else []), *(["followed"] if fact in MOVES else [])]


def plan(kind: str, *, mail: str, mobile: str, wishes: Wishes, now: datetime, zone: tzinfo) -> list[Plan]:
    """How somebody is told of it. The inbox comes first and always; what is wanted and cannot be says why."""
    when = now if KINDS[kind].pressing else after_quiet(wishes, now, zone)
    plans = [Plan("message", "", now)]
    if kind in wishes.mail:
        plans.append(Plan("mail", mail, when, "" if mail else "no-address"))
    if kind in wishes.sms:
        plans.append(Plan("sms", mobile, when, "" if mobile else "no-mobile"))
    return plans


def after_quiet(wishes: Wishes, now: datetime, zone: tzinfo) -> datetime:
    """`now` (aware), or the end of the quiet hours it falls in; they may go past midnight."""
    begin, end = wishes.quiet_from, wishes.quiet_to
    local = now.astimezone(zone)
    minute = local.hour * 60 + local.minute
    quiet = begin <= minute < end if begin <= end else minute >= begin or minute < end
    if not quiet or begin == end:
        return now
    day = local.date() + timedelta(days=1 if minute >= end else 0)
    return datetime.combine(day, time(end // 60, end % 60), zone).astimezone(now.tzinfo)


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries that failed in passing; None: give up."""
    if tries >= MOST_TRIES:
        return None
    return timedelta(seconds=BACKOFF[min(max(tries, 1), len(BACKOFF)) - 1])


def is_mail(address: str) -> bool:
    """Whether mail can be sent to it: one plain address of ASCII letters, nothing that could begin another header."""
    return len(address) <= 200 and _MAIL.fullmatch(address) is not None and ".." not in address


def is_mobile(number: str) -> bool:
    """Whether a text message can reach it."""
    return _MOBILE.fullmatch(number) is not None


def minute_of(text: str) -> int | None:
    """The minute of the day "22:30" names; None for anything else."""
    found = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", text, re.ASCII)
    return int(found[1]) * 60 + int(found[2]) if found else None
