"""The desk of a case's files: one comes to a case (附件), or is taken back by who brought it or by a supervisor.

Both raise `Refused`: not-found, not-allowed, stale, bad-field, wrong-state. The same order again changes nothing.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.casefiles import CaseFile
from schema.cases import Case
from schema.desk.casewords import add_words
from schema.desk.errors import Refused
from schema.desk.moves import LONGEST_TEXT, allow, locked_case, next_move, refuse_texts, said, take, was_done
from schema.facts import CaseFileAttached, CaseFileDetached
from schema.orders import AttachFile, DetachFile
from schema.store import UnitOfWork

MOST = 50
"""Files of a case at a time."""
LONGEST_NAME = 120
LONGEST_WORDS = 100_000
"""Characters of a file's text that the case is found by."""


def attach_file(work: UnitOfWork, order: AttachFile) -> CaseFile:
    """The file is the case's, and the case is found by the file's name and text."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.attached", case.id) is not None:
        return work.session.get_one(CaseFile, order.file)
    row = next_move(work, order, case, "attach")
    name = order.name.strip()
    refuse_texts(name=(name, 1, LONGEST_NAME))
    if work.session.get(CaseFile, order.file) is not None:
        raise Refused("bad-field", f"another file has the id {order.file}", "file")
    if files_count(work.session, case.id) >= MOST:
        raise Refused("bad-field", f"a case has at most {MOST} files", "file")
    words = order.text[:LONGEST_WORDS]
    file = CaseFile(
        id=order.file,
        case=case.id,
        name=name,
        type=order.type,
        size=order.size,
        sha256=order.sha256,
        path=order.path,
        words=len(words),
        by=order.by,
        at=work.now,
    )
    work.session.add(file)
    # The step's own text is the name: by that, too, the case is found.
    take(work, case, row, order=order.order, by=order.by, text=name, detail={"file": str(file.id)})
    if words:
        add_words(work.session, case, words)
    work.session.flush()
    work.emit(
        CaseFileAttached(
            **said(work, order, case),
            file=file.id,
            name=name,
            type=file.type,
            size=file.size,
            sha256=file.sha256,
        )
    )
    return file


def detach_file(work: UnitOfWork, order: DetachFile) -> CaseFile:
    """The file is no longer shown with the case; what was found by its text stays found."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.detached", case.id) is not None:
        return work.session.get_one(CaseFile, order.file)
    row = next_move(work, order, case, "detach")
    file = find_file(work.session, case, order.file)
    if order.by is not None and file.by != order.by:
        allow(work, order.by, "case.detach", case)
    refuse_texts(reason=(order.reason, 1, LONGEST_TEXT))
    if file.back_at is not None:
        raise Refused("wrong-state", f"the file {file.name} was taken back before")
    file.back_at, file.back_by = work.now, order.by
    reason = order.reason.strip()
    detail = {"file": str(file.id), "name": file.name}
    take(work, case, row, order=order.order, by=order.by, text=reason, detail=detail)
    work.session.flush()
    work.emit(CaseFileDetached(**said(work, order, case), file=file.id, name=file.name, reason=reason))
    return file


def find_file(session: Session, case: Case, file: UUID) -> CaseFile:
    """The case's file with this id. Raises Refused("not-found")."""
    found = session.get(CaseFile, file)
    if found is None or found.case != case.id:
        raise Refused("not-found", f"{case.case_no} has no file {file}")
    return found


def files_of(session: Session, case: UUID) -> Sequence[CaseFile]:
    """The files that belong to the case now, in the order they came."""
    query = select(CaseFile).where(CaseFile.case == case, CaseFile.back_at.is_(None))
    return session.scalars(query.order_by(CaseFile.at, CaseFile.id)).all()


def files_count(session: Session, case: UUID) -> int:
    """How many files belong to the case now."""
    query = select(func.count()).where(CaseFile.case == case, CaseFile.back_at.is_(None))
    return session.scalar(query) or 0
