"""The speaker: plays prompts to a caller and walks menus with them."""

from collections.abc import Iterable
from pathlib import Path

from ivr.agi import Line
from ivr.prompts import Files
from schema.rules.menus import Chosen, Event, Menu, Play, Prompt, Wait, Walk

KEYS = "0123456789*#"


class Speaker:
    """`prompts` is the folder; `default` the first language; a menu waits `wait` seconds and is said `tries` times."""

    def __init__(self, prompts: Path, *, default: str, tries: int, wait: float) -> None:
        self._files = Files(prompts)
        self.default, self.tries, self.wait = default, tries, wait

    async def language_of(self, line: Line) -> str:
        """The language of the call."""
        return await line.variable("GRIDLINE_LANGUAGE") or self.default

    async def play(self, line: Line, prompt: Prompt, keys: str = "") -> str:
        """Play one prompt; a key of `keys` stops it and is returned."""
        return await line.play(self._files.of(prompt.language, prompt.name), keys)

    async def greet(self, line: Line, prompt: Prompt) -> None:
        """Answer with a prompt; no key stops it."""
        await line.greet(self._files.of(prompt.language, prompt.name))

    async def say(self, line: Line, language: str, names: Iterable[str], keys: str = "") -> str:
        """Play prompts one after the other, until a key of `keys`, which is returned."""
        for name in names:
            if key := await self.play(line, Prompt(name, language), keys):
                return key
        return ""

    async def ask(self, line: Line, menu: Menu, language: str) -> Chosen:
        """Walk a menu with the caller."""
        walk, action = Walk.begin(menu)
        while not isinstance(action, Chosen):
            walk, action = walk.heard(await self.carry_out(line, action, language))
        return action

    async def carry_out(self, line: Line, action: Play | Wait, language: str) -> Event:
        """Play or wait, in the language where the prompt has none of its own; what came of it."""
        if isinstance(action, Wait):
            return await line.wait_key(action.seconds) or "silence"
        prompt = Prompt(action.prompt.name, action.prompt.language or language)
        return await self.play(line, prompt, action.keys) or "done"
