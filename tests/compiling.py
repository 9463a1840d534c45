"""SQL compiled once a process: every test has a store, and so an engine, of its own that would compile all anew."""

from typing import Any

import sqlalchemy
from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

STATEMENTS = 3000
_SHARED: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}


def create_engine(*args: Any, **how: Any) -> Engine:
    """An engine as SQLAlchemy's function of this name makes it, which shares what earlier ones have compiled.

    What is compiled belongs to a dialect; the first that has looked at a real database of its kind is everybody's.
    """
    engine = sqlalchemy.create_engine(*args, **how)
    if shared := _SHARED.get(engine.dialect.name):
        engine.dialect, cache = shared
        engine.update_execution_options(compiled_cache=cache)
    else:
        event.listen(engine, "connect", lambda *_: _share(engine))
    return engine


def _share(engine: Engine) -> None:
    if engine.dialect.server_version_info and engine.dialect.name not in _SHARED:
        _SHARED[engine.dialect.name] = (engine.dialect, LRUCache(STATEMENTS))
