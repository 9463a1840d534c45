"""Menus as data, and the pure engine that walks one: events in, actions out, no I/O.

A menu plays its prompts, waits for a key, and ends with a choice: a key's meaning, or its default after so many tries.
"""

from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Prompt:
    """A spoken text: `name` in the catalogue, in `language` ("" is the call's own)."""

    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """`keys` maps a key to its meaning. After `tries` silences or wrong keys the choice is `default`.

    `wait` is in seconds, from the end of the last prompt. `wrong` is played before the menu is said again.
    """

    prompts: tuple[Prompt, ...]
    keys: dict[str, str]
    default: str
    tries: int = 3
    wait: float = 5.0
    wrong: Prompt | None = None

    def __post_init__(self) -> None:
        if self.tries < 1 or not self.prompts or not self.keys:
            raise ValueError("a menu has a prompt, a key, and at least one try")
        if not set(self.keys) <= set("0123456789*#"):
            raise ValueError(f"no telephone has all of the keys {', '.join(self.keys)}")


# -- actions: what the caller of the engine must do --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Play:
    """Play a prompt; a key of `keys` stops it."""

    prompt: Prompt
    keys: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait for a key."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """The menu is done. `key` is "" when it was the default."""

    choice: str
    key: str


Action = Play | Wait | Chosen
Event = Literal["done", "silence"] | str
"""What came of the last action: "done" (a prompt ended), "silence" (no key in time), or the key that was pressed."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a caller is in a menu: the try (from 1) and what is still to be played."""

    menu: Menu
    attempt: int = 1
    queue: tuple[Prompt, ...] = ()

    @classmethod
    def begin(cls, menu: Menu) -> "tuple[Walk, Action]":
        """Enter a menu."""
        return cls(menu, queue=menu.prompts)._next()

    def heard(self, event: Event) -> "tuple[Walk, Action]":
        """The next action after an event."""
        if event == "done":
            return self._next()
        if event in self.menu.keys:
            return self, Chosen(self.menu.keys[event], event)
        if self.attempt >= self.menu.tries:
            return self, Chosen(self.menu.default, "")
        sorry = (self.menu.wrong,) if self.menu.wrong and event != "silence" else ()
        return replace(self, attempt=self.attempt + 1, queue=(*sorry, *self.menu.prompts))._next()

    def _next(self) -> "tuple[Walk, Action]":
        if not self.queue:
            return self, Wait(self.menu.wait)
        first, *rest = self.queue
        return replace(self, queue=tuple(rest)), Play(first, "0123456789*#")
