"""Voice scripts: a coroutine per service, talking through a `Line`. What a caller chooses is told to the PBX."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from ivr.agi import Line
from ivr.menu import Chosen, Menu, Play, Prompt, Walk
from ivr.prompts import file_of

log = structlog.get_logger()
LANGUAGES = ("zh", "en", "ug")
SCORES = ("1", "2", "3", "4", "5")


def language_menu(default: str, tries: int, wait: float) -> Menu:
    """1 Chinese, 2 English, 3 Uyghur; each said in its own language."""
    prompts = tuple(Prompt("choose-language", language) for language in LANGUAGES)
    keys = {str(number): language for number, language in enumerate(LANGUAGES, 1)}
    return Menu(prompts, keys, default, tries, wait, wrong=Prompt("wrong-key", default))


def rating_menu(tries: int, wait: float) -> Menu:
    """1 very satisfied … 5 very dissatisfied; "" when nothing was said."""
    return Menu(
        (Prompt("rate"),), dict(zip(SCORES, SCORES, strict=True)), "", tries, wait, wrong=Prompt("wrong-key")
    )


class Scripts:
    """The services: `reception` before the queue, `rating` in a return visit."""

    def __init__(self, prompts: Path, *, default: str, tries: int, wait: float) -> None:
        self._prompts = prompts
        self._default = default
        self._tries = tries
        self._wait = wait
        self._services: dict[str, Callable[[Line], Awaitable[None]]] = {
            "reception": self.reception,
            "rating": self.rating,
        }

    async def run(self, line: Line, name: str) -> None:
        """Run the service `name`; an unknown one is logged and the call goes on in the dialplan."""
        service = self._services.get(name)
        if service is None:
            log.error("the dialplan asks for an unknown voice script", script=name)
            return
        await service(line)

    async def reception(self, line: Line) -> None:
        """The recording notice, then the language. The chosen language stays with the contact.

        Who chose another language than the notice was in hears it again, shorter, in the chosen one.
        """
        await self._play(line, Prompt("notice", self._default))
        await line.tell("NoticePlayed")
        chosen = await self.ask(line, language_menu(self._default, self._tries, self._wait), self._default)
        await line.set_variable("__GRIDLINE_LANGUAGE", chosen.choice)
        await line.set_variable("CHANNEL(language)", chosen.choice)
        await line.tell("LanguageChosen", Language=chosen.choice, Key=chosen.key)
        if chosen.choice != self._default:
            await self._play(line, Prompt("notice-again", chosen.choice))

    async def rating(self, line: Line) -> None:
        """Ask for the rating of the case in the citizen's language, thank, and end."""
        language = await line.variable("GRIDLINE_LANGUAGE") or self._default
        case = await line.variable("GRIDLINE_CASE")
        key = await self._play(line, Prompt("visit-greeting", language), "".join(SCORES))
        score = key or (await self.ask(line, rating_menu(self._tries, self._wait), language)).choice
        if not score or not case:
            if score:
                log.error("a return visit carries no case; the rating is lost", score=score)
            await self._play(line, Prompt("goodbye", language))
            return
        # Told before it is confirmed: who hangs up during the confirmation has rated.
        await line.tell("RatingGiven", Case=case, Score=score)
        await self._play(line, Prompt(f"rated-{score}", language))
        await self._play(line, Prompt("thanks", language))

    async def ask(self, line: Line, menu: Menu, language: str) -> Chosen:
        """Walk a menu with the caller."""
        walk, action = Walk.begin(menu)
        while not isinstance(action, Chosen):
            if isinstance(action, Play):
                prompt = Prompt(action.prompt.name, action.prompt.language or language)
                event = await self._play(line, prompt, action.keys) or "done"
            else:
                event = await line.wait_key(action.seconds) or "silence"
            walk, action = walk.heard(event)
        return action

    async def _play(self, line: Line, prompt: Prompt, keys: str = "") -> str:
        return await line.play(str(file_of(self._prompts, prompt.language, prompt.name)), keys)
