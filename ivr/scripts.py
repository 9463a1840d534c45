"""Voice scripts: a coroutine per service, talking through a `Line`. What a caller chooses is told to the PBX."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import structlog

from ivr import numbers
from ivr.agi import Line
from ivr.menu import Menu, Prompt
from ivr.speaker import KEYS, Speaker
from ivr.texts import service_prompt
from ivr.waiting import Waiting
from schema.rules.languages import LANGUAGES
from schema.rules.services import Service, priority_of

log = structlog.get_logger()
SCORES = ("1", "2", "3", "4", "5")
AGENT = "agent"
"""What key 0 means in every menu: no more questions, an agent."""


def language_menu(default: str, tries: int, wait: float) -> Menu:
    """1 Chinese, 2 English, 3 Uyghur; each said in its own language. 0 is an agent at once."""
    prompts = (*(Prompt("choose-language", language) for language in LANGUAGES), Prompt("agent-key", default))
    keys = {**{str(number): language for number, language in enumerate(LANGUAGES, 1)}, "0": AGENT}
    return Menu(prompts, keys, default, tries, wait, wrong=Prompt("wrong-key", default))


def service_menu(services: Sequence[str], tries: int, wait: float) -> Menu:
    """A key for each service, at most nine; the first is what the silent get, and what 0 leads to."""
    prompts: list[Prompt] = []
    for number, name in enumerate(services[:9], 1):
        prompts += [Prompt(service_prompt(name)), Prompt(numbers.name_of(number))]
    keys = {**{str(number): name for number, name in enumerate(services[:9], 1)}, "0": services[0]}
    return Menu((*prompts, Prompt("agent-key")), keys, services[0], tries, wait, wrong=Prompt("wrong-key"))


def rating_menu(tries: int, wait: float) -> Menu:
    """1 very satisfied … 5 very dissatisfied; "" when nothing was said."""
    return Menu(
        (Prompt("rate"),), dict(zip(SCORES, SCORES, strict=True)), "", tries, wait, wrong=Prompt("wrong-key")
    )


class Scripts:
    """`reception` before the queue, `rating` in a return visit, and what those who wait are told (`ivr.waiting`)."""

    def __init__(
        self, prompts: Path, *, default: str, tries: int, wait: float, services: Sequence[Service] = ()
    ) -> None:
        self._speaker = Speaker(prompts, default=default, tries=tries, wait=wait)
        self._services = {one.name: one for one in services or (Service("hotline"),)}
        waiting = Waiting(self._speaker, self._services.values())
        self._scripts: dict[str, Callable[[Line], Awaitable[None]]] = {
            "reception": self.reception,
            "rating": self.rating,
            "waiting": waiting.waiting,
            "away": waiting.away,
            "kept": waiting.kept,
        }

    async def run(self, line: Line, name: str) -> None:
        """Run the script `name`; an unknown one is logged and the call goes on in the dialplan."""
        script = self._scripts.get(name)
        if script is None:
            log.error("the dialplan asks for an unknown voice script", script=name)
            return
        await script(line)

    async def reception(self, line: Line) -> None:
        """The recording notice, then the language, then the service. The chosen language stays with the contact.

        Who chose another language than the notice was in hears it again, shorter, in the chosen one.
        """
        speaker, default = self._speaker, self._speaker.default
        await speaker.play(line, Prompt("notice", default))
        await line.tell("NoticePlayed")
        chosen = await speaker.ask(line, language_menu(default, speaker.tries, speaker.wait), default)
        language = default if chosen.choice == AGENT else chosen.choice
        await line.set_variable("__GRIDLINE_LANGUAGE", language)
        await line.set_variable("CHANNEL(language)", language)
        await line.tell("LanguageChosen", Language=language, Key=chosen.key)
        if language != default:
            await speaker.play(line, Prompt("notice-again", language))
        names = list(self._services)
        service = names[0]
        if len(names) > 1 and chosen.choice != AGENT:
            menu = service_menu(names, speaker.tries, speaker.wait)
            service = (await speaker.ask(line, menu, language)).choice
        await self._serve(line, self._services[service], language)

    async def _serve(self, line: Line, service: Service, language: str) -> None:
        """Tell the dialplan where this caller waits, and for whom."""
        priority = priority_of(service, await line.variable("CALLERID(num)"))
        if service.languages and language not in service.languages:
            await line.set_variable("__GRIDLINE_LANGUAGE", service.languages[0])
        skills = " ".join(f"{name}:{level}" for name, level in service.wants)
        for name, value in (("QUEUE", service.queue), ("PRIORITY", str(priority)), ("SKILLS", skills)):
            if value not in ("", "0"):
                await line.set_variable(f"__GRIDLINE_{name}", value)

    async def rating(self, line: Line) -> None:
        """Ask for the rating of the case in the citizen's language, thank, and end."""
        speaker = self._speaker
        language = await speaker.language_of(line)
        case = await line.variable("GRIDLINE_CASE")
        key = await speaker.play(line, Prompt("visit-greeting", language), "".join(SCORES))
        score = key or (await speaker.ask(line, rating_menu(speaker.tries, speaker.wait), language)).choice
        if not score or not case:
            if score:
                log.error("a return visit carries no case; the rating is lost", score=score)
            await speaker.play(line, Prompt("goodbye", language))
            return
        # Told before it is confirmed: who hangs up during the confirmation has rated.
        await line.tell("RatingGiven", Case=case, Score=score)
        await speaker.play(line, Prompt(f"rated-{score}", language))
        await speaker.play(line, Prompt("thanks", language))


__all__ = ["KEYS", "LANGUAGES", "SCORES", "Scripts", "language_menu", "rating_menu", "service_menu"]
