"""The towers desk: cells are taken over from a file, those already known by their newer state."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.positions import TowerRow
from schema.rules.celltowers import Tower
from schema.store import UnitOfWork

KEY = ("mcc", "mnc", "lac", "cid")


def take_towers(work: UnitOfWork, cells: Sequence[tuple[str, Tower]]) -> int:
    """Add these cells, (radio, cell) each, or change those that are known and older; returns how many were."""
    # Of one that is there twice the newest counts: a statement may not change a row twice.
    newest: dict[tuple[int, int, int, int], tuple[str, Tower]] = {}
    for radio, cell in cells:
        known = newest.get(cell.key)
        if known is None or known[1].updated <= cell.updated:
            newest[cell.key] = (radio, cell)
    if not newest:
        return 0
    rows = [
        {
            **dict(zip(KEY, cell.key, strict=True)),
            "radio": radio,
            "lon": cell.lon,
            "lat": cell.lat,
            "range": cell.range,
            "samples": cell.samples,
            "created_at": datetime.fromtimestamp(cell.created, UTC),
            "updated_at": datetime.fromtimestamp(cell.updated, UTC),
        }
        for radio, cell in newest.values()
    ]
    table = table_of(TowerRow)
    insert = sqlite.insert if work.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(table)
    changed = {name: new.excluded[name] for name in rows[0] if name not in KEY}
    statement = new.on_conflict_do_update(
        index_elements=KEY, set_=changed, where=table.c.updated_at <= new.excluded.updated_at
    )
    return len(work.session.execute(statement.returning(table.c.cid), rows).all())


def towers_known(session: Session) -> int:
    """How many cells there are."""
    return session.scalar(select(func.count()).select_from(TowerRow)) or 0
