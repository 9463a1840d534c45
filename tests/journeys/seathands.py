"""The thread that a browser's driver wants for its own, with a seat's house made on it, for tests of a module."""

import functools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError

from tests.journeys.seathouse import SeatHouse, seat_house

Hands = tuple[ThreadPoolExecutor, SeatHouse]


@contextmanager
def seated(folder: Path, **how: Any) -> Iterator[Hands]:
    """The thread and the house on it, for the length of the block."""
    with ThreadPoolExecutor(1) as thread:
        made = seat_house(folder, **how)
        house = thread.submit(made.__enter__).result(120)
        try:
            yield thread, house
        finally:
            thread.submit(made.__exit__, None, None, None).result(60)


def at_home(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test on the house's own thread (its module has a fixture `hands`), and leave the house as it was."""

    @functools.wraps(test)
    def run(hands: Hands) -> None:
        thread, house = hands

        def all_of_it() -> None:
            try:
                test(house)
            except BaseException:
                with suppress(PlaywrightError):  # what failed is what is told
                    house.mend()
                raise
            house.over()

        thread.submit(all_of_it).result(150)

    del run.__wrapped__  # type: ignore[attr-defined]  # pytest would look for the test's own arguments
    return run
