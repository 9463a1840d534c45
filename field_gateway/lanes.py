"""Lanes: a few threads, each with a queue; jobs of one key stay in one lane, and so in order.

What stands in a lane is worked off many jobs at once, each of another key, so that the order of a key's own stays.
"""

import threading
import time
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Job = TypeVar("Job")


@dataclass(slots=True)
class _Lane(Generic[Job]):
    jobs: deque[tuple[str, Job]]
    changed: threading.Condition
    thread: threading.Thread | None = None
    took: float = float("-inf")


class Lanes(Generic[Job]):
    """`work` is called with the jobs that stand in a lane, `most` at once, on its thread. It must not raise; it may
    look at `stopping`.

    Fewer than `few` wait for company until `linger` seconds after the last ones were done.
    """

    def __init__(
        self, count: int, work: Callable[[list[Job]], None], *, name: str, most: int = 1, few: int = 0,
        linger: float = 0.0,
    ) -> None:  # fmt: skip
        self.stopping = threading.Event()
        self._most, self._few, self._linger = most, few, linger
        self._work = work
        self._name = name
        self._lanes: list[_Lane[Job]] = [_Lane(deque(), threading.Condition()) for _ in range(count)]

    def start(self) -> None:
        """Start the threads."""
        for number, lane in enumerate(self._lanes):
            lane.thread = threading.Thread(
                target=self._run, args=(lane,), name=f"{self._name} {number + 1}", daemon=True
            )
            lane.thread.start()

    def put(self, key: str, job: Job) -> None:
        """Queue a job behind the others of its key."""
        lane = self._lanes[zlib.crc32(key.encode()) % len(self._lanes)]
        with lane.changed:
            lane.jobs.append((key, job))
            lane.changed.notify()

    def forget(self, is_moot: Callable[[Job], bool]) -> None:
        """Drop queued jobs that nobody needs any more."""
        for lane in self._lanes:
            with lane.changed:
                kept = [one for one in lane.jobs if not is_moot(one[1])]
                lane.jobs.clear()
                lane.jobs.extend(kept)

    def stop(self, seconds: float = 5) -> None:
        """Take no new job up; wait for those in hand."""
        self.stopping.set()
        for lane in self._lanes:
            with lane.changed:
                lane.changed.notify_all()
        for lane in self._lanes:
            if lane.thread is not None:
                lane.thread.join(seconds)

    def __len__(self) -> int:
        return sum(len(lane.jobs) for lane in self._lanes)

    def _run(self, lane: _Lane[Job]) -> None:
        while True:
            with lane.changed:
                while not lane.jobs and not self.stopping.is_set():
                    lane.changed.wait()
                if len(lane.jobs) < self._few and (rest := lane.took + self._linger - time.monotonic()) > 0:
                    lane.changed.wait_for(lambda: self.stopping.is_set() or len(lane.jobs) >= self._few, rest)
                if self.stopping.is_set():
                    return
                jobs = self._next(lane.jobs)
            if jobs:
                self._work(jobs)
                lane.took = time.monotonic()

    def _next(self, jobs: deque[tuple[str, Job]]) -> list[Job]:
        """The first of each key, in their order, taken out."""
        taken: dict[str, Job] = {}
        left: list[tuple[str, Job]] = []
        while jobs and len(taken) < self._most:
            key, job = jobs.popleft()
            if key in taken:
                left.append((key, job))
            else:
                taken[key] = job
        jobs.extendleft(reversed(left))
        return list(taken.values())
