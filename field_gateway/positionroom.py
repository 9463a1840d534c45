"""Positions in one gateway process: its consumers, and the thread that lets go of what is old."""

import threading
from collections.abc import Callable
from functools import partial

import structlog

from conf.settings import Settings
from field_gateway.consumers import Consumer
from field_gateway.figures import Figures
from field_gateway.positions import PositionIntake
from field_gateway.pressure import BUSY, Pressure
from schema.partitions import keep_house
from schema.store import Store, StoreUnreachable

SHOWN = {
    "kept": "Positions kept since the start, those that are not trusted too",
    "flagged": "Positions kept since the start that are not trusted",
    "off_duty": "Positions made off duty since the start, not kept",
    "too_old": "Positions older than they are kept since the start, not kept",
    "dropped": "Messages of positions since the start that were more than could be held, to come again",
    "shed": "Positions sent away under pressure since the start, to come again",
}
"""What became of positions, as it is shown."""
AFTER, EVERY = 60.0, 3_600.0
"""Seconds after the start, and from then on, that parts are made and old positions let go."""

log = structlog.get_logger()


class PositionRoom:
    """`reports` tells how many other messages wait in this process: positions give way to them.

    After `busy` seconds with more than can be taken a backlog is sent away.
    """

    def __init__(
        self, settings: Settings, store: Store, reports: Callable[[], int], *, busy: float = BUSY
    ) -> None:
        wanted = settings.positions
        self._store = store
        self._days = settings.field.position_days
        self.intake = PositionIntake(store, wanted, self._days)
        self.consumers = [
            Consumer(settings, self.intake, Pressure(reports, busy=busy), number)
            for number in range(wanted.first, wanted.first + wanted.consumers)
        ]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_house, name="positions' house", daemon=True)

    def show(self, figures: Figures) -> None:
        """Have what became of positions since the start told to whoever asks for figures."""
        for name, about in SHOWN.items():
            figures.watch(
                f"gridline_gateway_positions_{name}", about, partial(self.intake.counts.__getitem__, name)
            )

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()
        for consumer in self.consumers:
            consumer.start()

    def stop(self) -> None:
        """Finish what is in hand."""
        self._stopping.set()
        for consumer in self.consumers:
            consumer.stop()
        if self._thread.is_alive():
            self._thread.join(5)

    def _keep_house(self) -> None:
        seconds = AFTER
        while not self._stopping.wait(seconds):
            seconds = EVERY
            try:
                with self._store.work() as work:
                    gone = keep_house(work, self._days)
                if gone:
                    log.info("old positions were let go", parts=gone)
            except StoreUnreachable as away:
                seconds = AFTER
                log.warning("old positions stay for now", reason=str(away))
            except Exception:
                log.exception("old positions could not be let go; it is tried again")
