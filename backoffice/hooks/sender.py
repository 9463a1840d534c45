"""The sender: takes messages that are due, a few at a time, sends them and writes down what came of it."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog

from backoffice.hooks.post import Post
from conf.hooks import Hooks
from schema.desk import webhooks
from schema.desk.webhooks import Claimed, Outcome
from schema.rules.hooks import secret_of, signature
from schema.store import Store, StoreUnreachable

LOOK_EVERY = 1.0
FORGET_EVERY = 3600.0
log = structlog.get_logger()


class Sender:
    """One looks, `settings.workers` send; several processes on one database take turns by subscription.

    Between the sending and writing it down a process may die: then the message is sent again, under the same id.
    """

    def __init__(
        self, store: Store, settings: Hooks, post: Post | None = None, chance: Callable[[], float] = random.random
    ) -> None:  # fmt: skip
        self._store, self._settings, self._chance = store, settings, chance
        self._post = post or Post(settings.allow, settings.timeout)
        self._asked, self._stopping = threading.Event(), threading.Event()
        self._free = threading.Semaphore(settings.workers)
        self._pool: ThreadPoolExecutor | None = None
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._pool = ThreadPoolExecutor(self._settings.workers, "webhook")
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more; what is under way ends in its time."""
        self._stopping.set()
        self._asked.set()
        if self._thread.is_alive():
            self._thread.join(5)
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def wake(self) -> None:
        """Something may be due: look now. Cheap, from any thread."""
        self._asked.set()

    def send_one(self) -> str:
        """Send one message that is due; gives the verdict, "" when there is none. Raises StoreUnreachable."""
        claimed = self._claim()
        return self._deliver(claimed) if claimed is not None else ""

    def _claim(self) -> Claimed | None:
        with self._store.read() as session:
            if not webhooks.waits(session, self._store.clock()):
                return None
        with self._store.work() as work:
            return webhooks.claim(work)

    def _deliver(self, claimed: Claimed) -> str:
        outcome = self._sent(claimed)
        with self._store.work() as work:
            found = webhooks.done(
                work, claimed, outcome, timedelta(hours=self._settings.give_up_hours), self._chance()
            )
        if found != "delivered":
            log.info(
                "a webhook was not delivered",
                hook=str(claimed.hook),
                status=outcome.status,
                reason=outcome.reason,
            )
        return found

    def _sent(self, claimed: Claimed) -> Outcome:
        body = claimed.body.encode()
        kind = "application/x-www-form-urlencoded" if claimed.form == "form" else "application/json"
        headers = {"Content-Type": kind, "User-Agent": "Gridline", "Connection": "close"}
        if claimed.kind == "webhook":
            try:
                headers |= self._signed(claimed, body)
            except ValueError as error:
                return Outcome(None, 0, "", str(error))
        return self._post.send(claimed.url, body, headers)

    def _signed(self, claimed: Claimed, body: bytes) -> dict[str, str]:
        id, now = f"msg_{claimed.delivery.hex}", int(self._store.clock().timestamp())
        secrets = [secret_of(self._settings.secret, claimed.hook, one) for one in claimed.generations]
        return {
            "webhook-id": id,
            "webhook-timestamp": str(now),
            "webhook-signature": " ".join(signature(secret, id, now, body) for secret in secrets),
        }

    def _run(self) -> None:
        forgot = -FORGET_EVERY
        while not self._stopping.is_set():
            self._asked.clear()
            try:
                while self._free.acquire(blocking=False):
                    if not self._hand_out():
                        break
                if time.monotonic() - forgot >= FORGET_EVERY:
                    forgot = time.monotonic()
                    with self._store.work() as work:
                        webhooks.forget(work, work.now - timedelta(days=self._settings.keep_days))
            except StoreUnreachable:
                pass  # what is due stays due
            except Exception:
                log.exception("webhooks cannot be sent")
            self._asked.wait(LOOK_EVERY)

    def _hand_out(self) -> bool:
        """Give a message that is due to a thread; whether there was one. A place was taken for it."""
        handed = False
        try:
            claimed = self._claim()
            if claimed is not None and self._pool is not None:
                self._pool.submit(self._work, claimed)
                handed = True
        finally:
            if not handed:
                self._free.release()
        return handed

    def _work(self, claimed: Claimed) -> None:
        try:
            self._deliver(claimed)
        except StoreUnreachable:
            pass  # it is sent again when its lease is over
        except Exception:
            log.exception("a webhook broke", hook=str(claimed.hook))
        finally:
            self._free.release()
            self._asked.set()
