"""Whether a connection to PostgreSQL is still there: seen by its socket before it is lent again, without asking.

Nobody speaks on a connection at rest, so there is something to read when the server has closed it (restart, kill,
end of a backend) or when the kernel has, whose keepalives go unanswered when the machine is gone. Then it is asked
for an answer; without one, every connection of the pool is made anew. To ask each time costs a round trip for each
unit of work.
"""

import select
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError


def look_before_lending(engine: Engine) -> None:
    """Have every connection of this engine looked at (psycopg)."""

    def look(raw: Any, _record: object, _lent: object) -> None:
        if not _is_quiet(raw):
            _ask(engine, raw)

    event.listen(engine, "checkout", look)


def _is_quiet(raw: Any) -> bool:
    if raw.closed:
        return False
    seen = select.poll()
    seen.register(raw.fileno(), select.POLLIN)
    return not seen.poll(0)


def _ask(engine: Engine, raw: Any) -> None:
    error_of_driver = engine.dialect.loaded_dbapi.Error
    try:
        engine.dialect.do_ping(raw)
    except error_of_driver as error:
        raise InvalidatePoolError(f"the connection is gone: {error}") from error
