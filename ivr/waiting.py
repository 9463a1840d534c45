"""What those who wait are told: place and time, the offer of a call-back, and the last words to who is sent away.

What is to be said now is in the channel's GRIDLINE_SAY, which the telephone room sets: "place:3 seconds:240",
"offer" (a call-back, by voice), "full" (nobody more may wait); "key" means that the caller pressed one. A call-back is
promised only when the telephone room has it: GRIDLINE_PROMISED is 1.
"""

import re
from collections.abc import Iterable

from ivr.agi import Line
from ivr.speaker import KEYS, Speaker
from schema.rules.menus import Menu, Prompt
from schema.rules.services import Service
from schema.rules.spokennumbers import digits, number

NUMBER = re.compile(r"\+?[0-9]{3,20}")
ASKED_FOR, LOOK = 4.0, 0.1
"""Seconds within which a promise must be confirmed, and between two looks."""
SAID = re.compile(r"place:([0-9]{1,4}) seconds:(-?[0-9]{1,6})")


def wait_said(place: int, seconds: int, language: str) -> tuple[str, ...]:
    """The prompts that say a place in the line (from 1) and a waiting time (-1: none is said).

    The time is rounded up to whole minutes, as it was when it was promised.
    """
    where = ("next",) if place == 1 else ("place-before", *number(place, language), "place-after")
    if seconds < 0:
        return where
    if seconds <= 60:
        return (*where, "wait-short")
    if seconds > 3600:
        return (*where, "wait-long")
    return (*where, "wait-before", *number(-(-seconds // 60), language, counted=True), "wait-after")


class Waiting:
    """The scripts `waiting`, `away` and `kept`."""

    def __init__(self, speaker: Speaker, services: Iterable[Service]) -> None:
        self._speaker = speaker
        self._calls_back = {one.queue for one in services if one.callback_after is not None}
        self._choice = Menu((Prompt("callback-offer"),), {"1": "yes", "2": "no"}, "no", 1, speaker.wait)
        self._confirm = Menu((Prompt("callback-confirm"),), {"1": "yes", "2": "no"}, "no", 1, speaker.wait)

    async def waiting(self, line: Line) -> None:
        """Say what is to be said, and offer a call-back where it is one's turn to."""
        say, language = await line.variable("GRIDLINE_SAY"), await self._speaker.language_of(line)
        if (match := SAID.fullmatch(say)) is not None:
            place, seconds = int(match[1]), int(match[2])
            key = await self._speaker.say(line, language, wait_said(place, seconds, language), KEYS)
            await line.tell("WaitTold", Position=str(place), Seconds=str(seconds))
            if not key:
                return
        if say == "full":
            await self._speaker.say(line, language, ("full",))
        await self._offer(line, language)

    async def away(self, line: Line) -> None:
        """Why nobody answers; then what to do."""
        language = await self._speaker.language_of(line)
        reason = await line.variable("GRIDLINE_REASON")
        what = "leave-message" if await line.variable("GRIDLINE_AWAY") == "voicemail" else "call-later"
        why = reason if reason in ("closed", "holiday", "full") else "waited"
        await self._speaker.say(line, language, (why, what))

    async def kept(self, line: Line) -> None:
        """The message is recorded."""
        await self._speaker.say(line, await self._speaker.language_of(line), ("message-kept",))

    async def _offer(self, line: Line, language: str) -> None:
        home = await line.variable("CALLERID(num)")
        if not NUMBER.fullmatch(home) or await line.variable("GRIDLINE_QUEUE") not in self._calls_back:
            return
        speaker = self._speaker
        if (await speaker.ask(line, self._choice, language)).choice != "yes":
            return
        await speaker.say(line, language, ("callback-number", *digits(home, language)))
        if (await speaker.ask(line, self._confirm, language)).choice != "yes":
            return
        await line.set_variables({"GRIDLINE_PROMISED": "", "GRIDLINE_ASKED": "1"})
        await line.tell("CallBackAsked", Number=home)
        promised = await self._promised(line)
        await speaker.say(line, language, ("callback-promised" if promised else "callback-refused",))

    async def _promised(self, line: Line) -> bool:
        """Whether the telephone room keeps the promise: only then is it spoken."""
        for _ in range(round(ASKED_FOR / LOOK)):
            said = await line.variable("GRIDLINE_PROMISED")
            if said:
                return said == "1"
            await line.wait_key(LOOK)
        return False
