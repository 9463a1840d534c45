"""The desk of canned replies (常用语): everybody's, kept by supervisors, and one's own.

All of them raise `Refused`: not-found, not-allowed, bad-field. The same order again changes nothing.
"""

import re
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.desk.errors import Refused, bad_fields
from schema.desk.moves import allow, check_texts
from schema.orders import DropPhrase, KeepPhrase, MovePhrase
from schema.phrases import Phrase
from schema.rules.languages import LANGUAGES
from schema.store import UnitOfWork, alone

LONGEST = 2000
MOST = 500
_CODE = re.compile(r"[a-z0-9]{1,20}", re.ASCII)
_LOCK = 0x6772_6964_0021


def keep_phrase(work: UnitOfWork, order: KeepPhrase) -> Phrase:
    """Make or change one; a code is used once a language among one's own, and once among everybody's."""
    allow(work, order.by, "phrase.share" if order.shared else "phrase.own")
    alone(work.session, _LOCK)
    phrase = work.session.get(Phrase, order.phrase or order.order)
    if order.phrase is None and phrase is not None:
        return phrase  # the same order again
    owner = None if order.shared else order.by
    if phrase is None and order.phrase is not None or phrase is not None and phrase.owner != owner:
        raise Refused("not-found", "there is no such canned reply")
    mine = _list(work.session, owner)
    _check(order, mine)
    if phrase is None:
        if len(mine) >= MOST:
            raise Refused("bad-field", f"there are {MOST} already", "code")
        last = max((one.place for one in mine), default=0)
        phrase = Phrase(id=order.order, owner=owner, place=last + 1)
        work.session.add(phrase)
    phrase.code, phrase.language, phrase.title = order.code, order.language, order.title.strip()
    phrase.text, phrase.changed_by, phrase.changed_at = order.text.strip("\n"), order.by, work.now
    phrase.deleted_at = None
    work.session.flush()
    return phrase


def move_phrase(work: UnitOfWork, order: MovePhrase) -> None:
    """Change its place with its neighbour's; the first stays first and the last last."""
    phrase = _own(work, order.by, order.phrase)
    mine = _list(work.session, phrase.owner)
    at = next((place for place, one in enumerate(mine) if one.id == phrase.id), None)
    to = None if at is None else at + (-1 if order.up else 1)
    if at is None or to is None or not 0 <= to < len(mine):
        return
    mine[at], mine[to] = mine[to], mine[at]
    for place, one in enumerate(mine, 1):
        one.place = place


def drop_phrase(work: UnitOfWork, order: DropPhrase) -> Phrase:
    """Throw one away, or take it back; not when its code was given to another meanwhile."""
    phrase = _own(work, order.by, order.phrase)
    if order.back and phrase.deleted_at is not None:
        twins = _list(work.session, phrase.owner)
        if any((one.code, one.language) == (phrase.code, phrase.language) for one in twins):
            raise Refused("bad-field", "the code is used by another now", "code")
    phrase.deleted_at = None if order.back else work.now
    return phrase


def phrases_for(session: Session, user: UUID) -> list[Phrase]:
    """What somebody can put in: their own, then everybody's, each in its order."""
    return [*_list(session, user), *_list(session, None)]


def _own(work: UnitOfWork, by: UUID | None, id: UUID) -> Phrase:
    alone(work.session, _LOCK)
    phrase = work.session.get(Phrase, id)
    if phrase is None or phrase.owner not in (None, by):
        raise Refused("not-found", "there is no such canned reply")
    allow(work, by, "phrase.share" if phrase.owner is None else "phrase.own")
    return phrase


def _list(session: Session, owner: UUID | None) -> list[Phrase]:
    mine = Phrase.owner.is_(None) if owner is None else Phrase.owner == owner
    query = select(Phrase).where(mine, Phrase.deleted_at.is_(None)).order_by(Phrase.place, Phrase.id)
    return list(session.scalars(query))


def _check(order: KeepPhrase, others: Collection[Phrase]) -> None:
    wrong = check_texts({"title": (order.title, 1, 60), "text": (order.text, 1, LONGEST)})
    if not _CODE.fullmatch(order.code):
        wrong["code"] = "a code is of small Latin letters and digits, 20 at most"
    elif any(
        (one.code, one.language) == (order.code, order.language) and one.id != order.phrase for one in others
    ):
        wrong["code"] = "the code is used already"
    if order.language not in LANGUAGES:
        wrong["language"] = f"the language is one of {', '.join(LANGUAGES)}"
    if wrong:
        raise bad_fields(wrong)
