"""The marks desk: how far the records of each PBX have got on its tape, committed together with them."""

from sqlalchemy.orm import Session

from schema.calls import TapeMark
from schema.store import UnitOfWork


def behind(session: Session, node: str) -> tuple[str, int]:
    """How far a node's records have got: (epoch, sequence), ("", 0) at the very beginning."""
    row = session.get(TapeMark, node, populate_existing=True, with_for_update=True)
    return (row.epoch, row.sequence) if row is not None else ("", 0)


def advance(work: UnitOfWork, node: str, epoch: str, sequence: int) -> None:
    """Put the mark where the records now are."""
    row = work.session.get(TapeMark, node)
    if row is None:
        work.session.add(TapeMark(node=node, epoch=epoch, sequence=sequence))
    else:
        row.epoch, row.sequence = epoch, sequence
