"""Tests that await: each runs on a loop of its own, for the tests' own loop is the reactor's and runs already."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec

from tests.real.pbx import run

Given = ParamSpec("Given")


def awaited(test: Callable[Given, Awaitable[None]]) -> Callable[Given, None]:
    """Make an ordinary test of one that awaits."""

    @functools.wraps(test)
    def play(*args: Given.args, **kwargs: Given.kwargs) -> None:
        async def whole() -> Any:
            await test(*args, **kwargs)

        run(whole())

    return play
