"""A new site key: the files' own keys are wrapped anew, the files stay as they are."""

from collections.abc import Callable
from uuid import UUID

from recordings.vault import about_of
from schema.desk import recordings as desk
from schema.sealing import Sealer
from schema.store import Store

PAGE = 200


def rewrap(store: Store, sealer: Sealer, progress: Callable[[int], None] = lambda done: None) -> int:
    """Wrap every file's key by the first key of the file of keys; how many were wrapped anew.

    Killed and begun again it goes on. Raises schema.sealing.BadSeal, StoreUnreachable.
    """
    done, after = 0, None
    while True:
        with store.read() as session:
            files = desk.keys(session, after, PAGE)
        if not files:
            return done
        with store.work() as work:
            for file in files:
                new = sealer.renew(file.key, about_of(file.recording, file.side))
                if new is not None:
                    desk.rewrap(work, file.recording, file.side, file.key, new)
                    done += 1
        progress(done)
        last: tuple[UUID, str] = (files[-1].recording, files[-1].side)
        after = last
