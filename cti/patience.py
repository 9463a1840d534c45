"""Patience with the database: what must be read before there is anything to do."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from schema.store import Store, StoreUnreachable

AGAIN = 1.0
Read = TypeVar("Read")
log = structlog.get_logger()


async def patiently(store: Store, ask: Callable[[Session], Read]) -> Read:
    """What the database says, in a thread of its own, however long it takes to be there."""

    def read() -> Read:
        with store.read() as session:
            return ask(session)

    while True:
        try:
            return await asyncio.to_thread(read)
        except StoreUnreachable as error:
            log.warning("the telephone room waits for the database", reason=str(error))
            await asyncio.sleep(AGAIN)
