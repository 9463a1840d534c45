"""What each kind of message does, in the unit of work that keeps it: the desk is asked, the receipt made."""

from datetime import datetime

import msgspec
import structlog

from field_gateway.answers import MediaState, Receipt
from field_gateway.sending import Sending
from field_gateway.wire import ClockUp, MessageUp, ReportUp, Status, TaskUp
from schema.desk import devicestatus, duty, edits, field, fieldmessages, tasksdown
from schema.desk.handsets import Speaker
from schema.desk.reportlookup import LookedUp
from schema.handsets import Handset
from schema.rules.handclocks import Made, Told, made_at
from schema.store import UnitOfWork

Said = ReportUp | ClockUp | TaskUp | MessageUp
"""What is carried out by itself; positions are taken many at once (`field_gateway.positions`)."""
log = structlog.get_logger()


def carry_out(
    work: UnitOfWork,
    handset: Handset,
    speaker: Speaker,
    message: Said,
    sending: Sending,
    received: datetime,
    known: LookedUp | None = None,
) -> Receipt:
    """Do what a message says; `received`: when it reached the broker, `known`: what was looked up for it already.

    Raises Refused.
    """
    if not isinstance(message, ReportUp) and message.status is not None:
        note_status(work, handset, message.status)
    made = when(message, sending, received)
    match message:
        case ReportUp(edits=None):
            return _report(work, speaker, message, made, known)
        case ReportUp():
            return _edit(work, speaker, message, made)
        case ClockUp():
            duty.set_duty(work, speaker, id=message.id, made=made.at, on=message.on)
        case TaskUp(what="shown"):
            tasksdown.task_shown(work, speaker, message.task, made.at)
        case TaskUp():
            tasksdown.task_gone(work, speaker, message.task)
        case MessageUp():
            _message(work, speaker, message, made)
    return Receipt(id=message.id, status="kept")


def reported(message: Said) -> ReportUp | None:
    """The message, if it is a report of its own, of which something is looked up beforehand."""
    return message if isinstance(message, ReportUp) and message.edits is None else None


def when(message: Said, sending: Sending, received: datetime) -> Made:
    """When a message was made, by whichever of the handset's clocks can be believed."""
    told = Told(message.made, message.boot, message.mono, sending.sent, sending.boot, sending.mono)
    return made_at(told, received)


def note_status(work: UnitOfWork, handset: Handset, status: Status) -> None:
    """Write down what a handset says of itself."""
    devicestatus.note(
        work, handset, battery=status.battery, charging=status.charging, version=status.version,
        backlog=status.backlog, free_mb=status.free_mb,
    )  # fmt: skip


def _new(message: ReportUp, made: Made) -> field.NewReport:
    place = message.place
    return field.NewReport(
        id=message.id,
        kind="report",
        text=message.text,
        made=made.at,
        told=made.told,
        flag=made.flag,
        task=message.task,
        case=message.case,
        contact=message.contact,
        title=message.title,
        category=message.category,
        passed=message.passed,
        edits=message.edits,
        base=message.base or 0,
        lon=place.lon if place else None,
        lat=place.lat if place else None,
        accuracy=place.accuracy if place else None,
        media=[
            field.NewMedia(one.id, one.type, one.size, one.sha256, one.kind, one.of) for one in message.media
        ],
    )


def _report(
    work: UnitOfWork, speaker: Speaker, message: ReportUp, made: Made, known: LookedUp | None
) -> Receipt:
    kept = field.take_report(work, speaker, _new(message, made), known)
    if kept.left:
        log.warning("a report came but moved no case", report=str(message.id), reason=kept.left)
    return Receipt(
        id=message.id,
        status="kept",
        code=kept.code or msgspec.UNSET,
        case_no=kept.case_no or msgspec.UNSET,
        row_hash=kept.row_hash,
        reason=kept.left or msgspec.UNSET,
        media=_due(message),
    )


def _edit(work: UnitOfWork, speaker: Speaker, message: ReportUp, made: Made) -> Receipt:
    kept = edits.take_edit(work, speaker, _new(message, made))
    reason = f"the report was changed since: the newest version is {kept.version}; yours is kept beside it"
    return Receipt(
        id=message.id,
        status="conflict" if kept.is_conflict else "kept",
        code="edit-conflict" if kept.is_conflict else msgspec.UNSET,
        reason=reason if kept.is_conflict else msgspec.UNSET,
        case_no=kept.case_no or msgspec.UNSET,
        row_hash=kept.row_hash,
        version=kept.version,
        media=_due(message),
    )


def _due(message: ReportUp) -> tuple[MediaState, ...]:
    return tuple(MediaState(one.id, 0) for one in message.media)


def _message(work: UnitOfWork, speaker: Speaker, message: MessageUp, made: Made) -> None:
    if message.message is not None:
        fieldmessages.message_shown(work, speaker, message.message, made.at)
    elif message.text is not None:
        fieldmessages.take_note(
            work, speaker, id=message.id, text=message.text, made=made.at, told=made.told, flag=made.flag
        )
