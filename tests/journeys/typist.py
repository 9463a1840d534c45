"""A typist whose keys are counted: how long a skilled person takes for what a journey does without the mouse.

The keystroke-level model (Card, Moran and Newell, "The keystroke-level model for user performance time with
interactive systems", Communications of the ACM 23, 1980): a key takes a skilled typist of 55 words a minute 0.2 s,
and before each step that is a thought of its own there are 1.35 s of thinking.
"""

from playwright.sync_api import Page

KEY, THINK = 0.2, 1.35
"""Seconds."""


class Typist:
    """Somebody at the keyboard of a page. `seconds` is what the model says of all they did."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = self.thoughts = 0

    @property
    def seconds(self) -> float:
        """What it takes by the model."""
        return self.keys * KEY + self.thoughts * THINK

    def thinks(self) -> None:
        """What now comes is a step of its own."""
        self.thoughts += 1

    def press(self, *keys: str) -> None:
        """Press these, each with what is held down with it ("Control+Enter" is two)."""
        for one in keys:
            self.page.keyboard.press(one)
            self.keys += 1 + one.count("+")

    def letters(self, text: str) -> None:
        """Type Latin letters and digits."""
        self.page.keyboard.type(text)
        self.keys += len(text)

    def chinese(self, text: str, by: str) -> None:
        """Write `text` with an input method: `by` is what is typed for it, the spaces that choose included."""
        self.page.keyboard.insert_text(text)
        self.keys += len(by)
