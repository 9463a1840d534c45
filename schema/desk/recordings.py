"""The recordings' desk: the only writer of recording rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.desk import audit
from schema.facts import RecordingKept
from schema.ids import CallId, ContactId, uuid7
from schema.recordings import Recording
from schema.store import UnitOfWork


def begin(
    work: UnitOfWork,
    *,
    contact: UUID,
    call: UUID,
    node: str,
    leg: str,
    seat: str,
    name: str,
    at: datetime | None,
) -> Recording:
    """The row of a leg that is being recorded; an existing one is returned, with its start if that was unknown."""
    found = work.session.scalar(select(Recording).where(Recording.node == node, Recording.leg == leg))
    if found is not None:
        found.started_at = found.started_at or at
        return found
    row = Recording(
        id=uuid7(),
        contact=contact,
        call=call,
        node=node,
        leg=leg,
        seat=seat,
        name=name,
        state="spool",
        started_at=at,
    )
    work.session.add(row)
    return row


def keep(
    work: UnitOfWork,
    recording: UUID,
    *,
    seconds: float,
    paths: dict[str, str],
    hashes: dict[str, str],
    started_at: datetime | None = None,
) -> Recording:
    """The files are in the vault. `paths` and `hashes` by side: mix, citizen, seat. Twice changes nothing.

    `started_at` is an estimate, for a row whose start nobody heard.
    """
    row = work.session.get(Recording, recording, with_for_update=True)
    if row is None:
        raise LookupError(f"there is no recording {recording}")
    if row.state == "kept":
        return row
    row.state, row.kept_at, row.seconds, row.reason = "kept", work.now, seconds, ""
    row.started_at = row.started_at or started_at
    row.mix, row.citizen_side, row.seat_side = paths["mix"], paths["citizen"], paths["seat"]
    row.mix_sha256, row.citizen_sha256, row.seat_sha256 = hashes["mix"], hashes["citizen"], hashes["seat"]
    work.emit(
        RecordingKept(
            at=work.now, contact=ContactId(row.contact), recording=row.id, call=CallId(row.call), leg=row.leg,
            seconds=seconds, sha256=hashes["mix"],
        )
    )  # fmt: skip
    return row


def miss(work: UnitOfWork, recording: UUID, reason: str) -> None:
    """The files never came: say so, so that the leg without a recording has a stated reason."""
    row = work.session.get(Recording, recording, with_for_update=True)
    if row is not None and row.state == "spool":
        row.state, row.reason = "missing", reason[:200]


def unfinished(session: Session) -> list[Recording]:
    """Rows whose files are still to come out of the spool."""
    return list(session.scalars(select(Recording).where(Recording.state == "spool")))


def find(session: Session, recording: UUID) -> Recording | None:
    """One recording."""
    return session.get(Recording, recording)


def of_contact(session: Session, contact: UUID) -> list[Recording]:
    """The recordings of a contact, oldest first."""
    rows = select(Recording).where(Recording.contact == contact).order_by(Recording.started_at, Recording.id)
    return list(session.scalars(rows))


def looked(
    work: UnitOfWork, *, who: UUID, login: str, recording: UUID, ip: str, allowed: bool = True
) -> None:
    """One row in the access log for one look at a recording."""
    audit.note(work, "recording.play", str(recording), who=who, login=login, ip=ip, allowed=allowed)
