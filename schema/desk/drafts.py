"""The drafts desk: what an agent has typed for a contact and not filed yet, so that nothing typed is lost."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from schema.cases import Draft
from schema.desk.errors import Refused
from schema.store import UnitOfWork

FIELDS = (
    "class_", "kind", "category", "channel", "title", "text", "cell", "address", "lon", "lat", "citizen", "number",
    "language", "confidential",
)  # fmt: skip
LONGEST = 20_000


def save_draft(work: UnitOfWork, user: UUID, contact: UUID, body: dict[str, Any]) -> Draft:
    """Keep what is typed, over what was kept before; unknown fields are dropped. Raises Refused("bad-field")."""
    kept = {field: str(body[field]) for field in FIELDS if body.get(field) not in (None, "")}
    if sum(map(len, kept.values())) > LONGEST:
        raise Refused("bad-field", "the draft is too long")
    draft = find_draft(work.session, user, contact)
    if draft is None:
        draft = Draft(user=user, contact=contact, body=kept, saved_at=work.now)
        work.session.add(draft)
    else:
        draft.body, draft.saved_at = kept, work.now
    return draft


def find_draft(session: Session, user: UUID, contact: UUID) -> Draft | None:
    """The draft of this user for this contact."""
    return session.scalar(select(Draft).where(Draft.user == user, Draft.contact == contact))


def open_drafts(session: Session, user: UUID, limit: int = 20) -> list[Draft]:
    """What this user has typed and not filed, newest first."""
    return list(
        session.scalars(select(Draft).where(Draft.user == user).order_by(Draft.saved_at.desc()).limit(limit))
    )


def drop_draft(work: UnitOfWork, user: UUID, contact: UUID) -> None:
    """Forget the draft (the case is filed, or the agent threw it away)."""
    work.session.execute(delete(Draft).where(Draft.user == user, Draft.contact == contact))
