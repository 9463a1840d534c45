"""Coroutines that nobody waits for: held, their failures told, cancelled at the end."""

import asyncio

from structlog.testing import capture_logs

from cti.tasks import Tasks
from tests.cti.loops import awaited


async def fails() -> None:
    raise ValueError("no")


@awaited
async def test_one_is_done_another_fails_and_a_third_is_cancelled() -> None:
    tasks, done = Tasks(), list[str]()

    async def works() -> None:
        await asyncio.sleep(0)
        done.append("works")

    async def waits() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            done.append("cancelled")

    with capture_logs() as said:
        for one in (works(), fails(), waits()):
            tasks.spawn(one)
        await asyncio.sleep(0.01)
        tasks.shut()
        tasks.spawn(works())
        tasks.cancel()
        await asyncio.sleep(0.01)
    assert done == ["works", "cancelled"] and tasks.over and not tasks._running
    assert [one["event"] for one in said] == ["the telephone room stumbled"]
