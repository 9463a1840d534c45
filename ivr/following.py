"""Following the store beside the calls: a look every so often, on a thread of its own; no call waits for it."""

import threading
from collections.abc import Callable

import structlog

from schema.store import StoreUnreachable

log = structlog.get_logger()


class Following:
    """`look` is called every `every` seconds until `stop`. What it says went wrong is told once, not each time."""

    def __init__(
        self, name: str, look: Callable[[], object], every: float, known: tuple[type[Exception], ...] = ()
    ) -> None:
        self._name, self._look, self._every, self._known = name, look, every, known
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin with a look."""
        self._thread.start()

    def stop(self) -> None:
        """No more; a look that is under way is waited for, 5 s at most."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        said = ""
        while not self._stopping.is_set():
            try:
                self._look()
                said = ""
            except StoreUnreachable:
                pass  # the process says so
            except self._known as error:
                if str(error) != said:
                    said = str(error)
                    log.error(
                        f"{self._name}: what is new cannot be used; what was before goes on", reason=said
                    )
            except Exception:
                log.exception(f"{self._name}: a look failed")
            self._stopping.wait(self._every)
