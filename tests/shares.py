"""How the tests are shared out among pytest-xdist's workers (`pytest -n 6`; without -n there is nothing to share).

A file goes to one worker whole and in order, so that what a file starts once is started once. The journeys start a
PBX, telephones and browsers each: at most JOURNEYS of their files run at once, or a telephone waits for a processor
until its caller gives up. They come first, the other workers do all the rest meanwhile.
"""

from typing import TYPE_CHECKING

from xdist.scheduler.loadscope import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

JOURNEYS = 4
FOLDER = "tests/journeys/"


class Shares(LoadScopeScheduling):
    """Gives a worker its next file: a journey first, if no more than JOURNEYS have one then."""

    def __init__(self, config: "pytest.Config", log: "Producer | None" = None) -> None:
        super().__init__(config, log)
        # The files as they were collected, not those with the most tests first: they are quick, a journey is slow.
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0]

    def _assign_work_unit(self, node: "WorkerController") -> None:
        file = self._next_for(node)
        if file is None:
            # What is left are journeys, and those who have one will take them.
            node.shutdown()
            return
        self.workqueue.move_to_end(file, last=False)
        super()._assign_work_unit(node)

    def _next_for(self, node: "WorkerController") -> str | None:
        busy = [
            other for other, work in self.assigned_work.items() if other is not node and has_journey(work)
        ]
        files = list(self.workqueue)
        if len(busy) < JOURNEYS:
            files.sort(key=lambda file: not is_journey(file))
        else:
            files = [file for file in files if not is_journey(file)]
        return files[0] if files else None


def is_journey(file: str) -> bool:
    """Whether a file holds journeys."""
    return file.startswith(FOLDER)


def has_journey(work: dict[str, dict[str, bool]]) -> bool:
    """Whether a worker (its files, each with its tests and whether they are done) has a journey before it."""
    return any(is_journey(file) and not all(tests.values()) for file, tests in work.items())
