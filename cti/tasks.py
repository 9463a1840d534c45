"""What a room does beside hearing: coroutines, held until they are done."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger()


class Tasks:
    """Coroutines that nobody waits for. `over`: no more are taken."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self.over = False

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine, held until it is done; its failure is logged."""
        if self.over:
            coroutine.close()
            return
        task = asyncio.get_running_loop().create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(self._done)

    def shut(self) -> None:
        """Take no more; what runs goes on."""
        self.over = True

    def cancel(self) -> None:
        """Cancel what runs."""
        for task in list(self._running):
            task.cancel()

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("the telephone room stumbled", exc_info=error)
