"""Retention: what is past its time loses its keys, then its files; a legal hold or an open inspection keeps it."""

import structlog

from recordings.shelf import Shelf
from schema.desk import keeping
from schema.desk import recordings as desk
from schema.rules.keeping import earliest, is_over
from schema.store import Store

PAGE = 500
log = structlog.get_logger()


class Retention:
    """Erases what is over, on `shelf`. Killed at any moment and begun again it ends in the same."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store, self._shelf = store, shelf

    def sweep(self) -> int:
        """Erase what is over now; how many recordings. Raises StoreUnreachable, OSError."""
        with self._store.read() as session:
            days = keeping.retention(session)
        now, erased, after = self._store.clock(), 0, None
        before = earliest(days, now)
        while before is not None:
            with self._store.read() as session:
                rows = keeping.old_ones(session, before, after, PAGE)
                kinds = keeping.kinds(session, rows)
                held = keeping.held(session, (row.contact for row in rows))
                inspected = keeping.inspected(session, (row.id for row in rows), now)
            for row in rows:
                kind = kinds[row.id]
                if row.kept_at is None or row.contact in held or row.id in inspected:
                    continue
                if not is_over(kind, row.kept_at, days, now):
                    continue
                with self._store.work() as work:
                    if not keeping.held(work.session, [row.contact]):
                        desk.erase(work, row.id, f"{kind}: {days[kind]} days")
                        erased += 1
            if len(rows) < PAGE:
                break
            after = rows[-1].id
        self._clear()
        return erased

    def _clear(self) -> None:
        """Take the files of erased recordings off the shelf."""
        with self._store.read() as session:
            files = desk.erased_files(session)
        for file in files:
            self._shelf.remove(file.path)
            with self._store.work() as work:
                desk.forget_file(work, file.recording, file.side)
