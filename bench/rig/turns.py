"""Searches that take turns, so that a machine that slows down for a while slows all sides of a comparison."""

from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

Tried = TypeVar("Tried")


def in_turns(
    searches: Sequence[Generator[Tried, bool, Tried]], sides: Sequence[Callable[[Tried], bool]]
) -> list[Tried]:
    """What each search came to. A search yields what is to be tried, is told whether it was clean, and returns."""
    wanted = {number: next(search) for number, search in enumerate(searches)}
    found: dict[int, Tried] = {}
    while wanted:
        for number, what in list(wanted.items()):
            try:
                wanted[number] = searches[number].send(sides[number](what))
            except StopIteration as over:
                found[number] = over.value
                del wanted[number]
    return [found[number] for number in range(len(sides))]
