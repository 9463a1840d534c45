"""Voice scripts: a coroutine per service, talking through a `Line`. What a caller chooses is told to the PBX."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path

import structlog

from ivr import status
from ivr.agi import Line
from ivr.asking import Answers, Questions
from ivr.menubook import as_set
from ivr.remembered import Remembered
from ivr.speaker import KEYS, Speaker
from ivr.waiting import Waiting
from schema.rules.caseasking import LookUp, Prove, Tell, Text
from schema.rules.dialogue import Dialogue, Serve, Status, Turn, prompt_name
from schema.rules.menus import Menu, Prompt
from schema.rules.services import Service, priority_of
from schema.rules.voicebook import VoiceBook

log = structlog.get_logger()
LONGEST = "90"
"""Seconds that the menus may take; then the dialplan goes on (its GRIDLINE_SCRIPT_MAX)."""
SCORES = ("1", "2", "3", "4", "5")


def rating_menu(tries: int, wait: float, asks: str = "rate") -> Menu:
    """1 very satisfied … 5 very dissatisfied; "" when nothing was said. `asks` is the prompt."""
    return Menu(
        (Prompt(asks),), dict(zip(SCORES, SCORES, strict=True)), "", tries, wait, wrong=Prompt("wrong-key")
    )


class Scripts:
    """`reception` before the queue, `reception-rating` after the talk, `rating` in a return visit, and what those who
    wait are told (`ivr.waiting`)."""

    def __init__(
        self,
        prompts: Path,
        *,
        default: str,
        tries: int,
        wait: float,
        services: Sequence[Service] = (),
        book: Callable[[], VoiceBook] | None = None,
        today: Callable[[], date] = date.today,
        remembered: Remembered | None = None,
        look: status.Look | None = None,
        answers: Answers | None = None,
        texts: bool = False,
    ) -> None:
        self._speaker = Speaker(prompts, default=default, tries=tries, wait=wait)
        self._services = {one.name: one for one in services or (Service("hotline"),)}
        usual = as_set(default, tries, wait)
        self._book = book or (lambda: usual)
        self._today = today
        self._look = look
        self._answers, self._texts = answers, texts
        self._remembered = remembered or Remembered(None, default)
        waiting = Waiting(self._speaker, self._services.values())
        self._scripts: dict[str, Callable[[Line], Awaitable[None]]] = {
            "reception": self.reception,
            "reception-rating": self.reception_rating,
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
        """The recording notice, then the site's menus. The chosen language stays with the contact.

        Who chose another language than the notice was in hears it again, shorter, in the chosen one.
        """
        speaker, number = self._speaker, await line.variable("CALLERID(num)")
        met = self._remembered.of(number)
        book = self._book()
        # Who is asked for a rating: once the agent has left, the dialplan goes on.
        after = {"GRIDLINE_AFTER": "g"} if book.rating else {}
        await line.set_variables({"TIMEOUT(absolute)": LONGEST, **after})
        await speaker.greet(line, Prompt("notice", met))
        await line.tell("NoticePlayed")
        talk, action = Dialogue.begin(book, met, tuple(self._services), self._today(), texts=self._texts)
        language, asks = "", Questions(self._answers, number, lambda: line.variable("GRIDLINE_CONTACT"))
        where = ""
        while not isinstance(action, Serve):
            # The dialplan tells of who hangs up: a script has no last word when its caller is gone.
            if (now := f"{talk.left}/{' '.join(talk.steps)}") != where:
                where = now
                await line.set_variables({"GRIDLINE_WALK": where})
            if isinstance(action, Turn):
                language = action.language
                self._remembered.chose(number, language)  # now: who hangs up here has chosen all the same
                await self._speaks(line, language, action.key, met)
                event = "done"
            elif isinstance(action, Status):
                await self._tell_status(line, number, talk.language)
                event = "done"
            elif isinstance(action, Tell):
                event = await speaker.say(line, talk.language, asks.said(talk.language), KEYS) or "done"
            elif isinstance(action, LookUp | Prove | Text):
                event = await asks.answer(action)
            else:
                event = await speaker.carry_out(line, action, talk.language)
            talk, action = talk.heard(event)
        await line.set_variables({"GRIDLINE_WALK": ""})
        await line.tell("MenusWalked", Path=" ".join(talk.steps))
        if not language:
            language = talk.language
            self._remembered.chose(number, language)
            await self._speaks(line, language, action.key, met)
        service = self._services.get(action.service)
        if service is None:
            log.error("the voice menus lead to a service that is not there", service=action.service)
            service = next(iter(self._services.values()))
        await self._serve(line, service, language, number)

    async def _tell_status(self, line: Line, number: str, language: str) -> None:
        """How far the caller's requests are, until a key."""
        try:
            names = (
                status.said(await self._look(number), language)
                if self._look is not None
                else ("status-away",)
            )
        except Exception as error:  # whatever it was: the caller is told, and goes on
            log.warning(
                "the status of a caller's requests could not be looked up",
                reason=str(error) or type(error).__name__,
            )
            names = ("status-away",)
        await self._speaker.say(line, language, names, KEYS)

    async def _speaks(self, line: Line, language: str, key: str, met: str) -> None:
        """The contact's language from now on; it was `met` in another, perhaps."""
        await line.set_variables({"__GRIDLINE_LANGUAGE": language, "CHANNEL(language)": language})
        await line.tell("LanguageChosen", Language=language, Key=key)
        if language != met:
            await self._speaker.play(line, Prompt("notice-again", language))

    async def _serve(self, line: Line, service: Service, language: str, number: str) -> None:
        """Tell the dialplan where this caller waits, and for whom."""
        understood = not service.languages or language in service.languages
        said = {
            "LANGUAGE": "" if understood else service.languages[0],
            "QUEUE": service.queue,
            "PRIORITY": str(priority_of(service, number)),
            "SKILLS": " ".join(f"{name}:{level}" for name, level in service.wants),
        }
        await line.set_variables(
            {f"__GRIDLINE_{name}": value for name, value in said.items() if value not in ("", "0")}
        )

    async def reception_rating(self, line: Line) -> None:
        """The agent has left: ask how the talk was, thank, and end."""
        speaker, asked = self._speaker, self._book().rating
        language = await speaker.language_of(line)
        score = ""
        if asked:
            menu = rating_menu(min(speaker.tries, 2), speaker.wait, prompt_name(asked))
            score = (await speaker.ask(line, menu, language)).choice
        if not score:
            await speaker.play(line, Prompt("goodbye", language))
            return
        await line.tell("ReceptionRated", Score=score)
        await speaker.play(line, Prompt(f"rated-{score}", language))
        await speaker.play(line, Prompt("thanks", language))

    async def rating(self, line: Line) -> None:
        """Ask for the rating of the case in the citizen's language, thank, and end."""
        speaker = self._speaker
        language = await speaker.language_of(line)
        case = await line.variable("GRIDLINE_CASE")
        if visit := await line.variable("GRIDLINE_VISIT"):
            await self._visit(line, language, case, visit)
            return
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

    async def _visit(self, line: Line, language: str, case: str, visit: str) -> None:
        """Ask what an agent asks: both ratings, and whether it is solved. Who leaves after the ratings has answered."""
        speaker, scores = self._speaker, []
        # Who is impatient, or knows it, rates during the greeting.
        early = await speaker.play(line, Prompt("visit-greeting", language), "".join(SCORES))
        for asks in ("visit-reception", "visit-department"):
            menu = rating_menu(speaker.tries, speaker.wait, asks)
            score = early or (await speaker.ask(line, menu, language)).choice
            early = ""
            if not score:
                await speaker.play(line, Prompt("goodbye", language))
                return
            scores.append(score)
        # The dialplan tells of who hangs up now: a script has no last word when its citizen is gone.
        await line.set_variables({"GRIDLINE_SCORED": "/".join(scores)})
        menu = Menu((Prompt("visit-solved"),), {"1": "1", "2": "0"}, "", speaker.tries, speaker.wait,
                    wrong=Prompt("wrong-key"))  # fmt: skip
        solved = (await speaker.ask(line, menu, language)).choice or "1"
        await line.set_variables({"GRIDLINE_SCORED": ""})
        await line.tell(
            "VisitAnswered", Visit=visit, Case=case, Reception=scores[0], Department=scores[1], Solved=solved
        )
        await speaker.play(line, Prompt("visit-unsolved" if solved == "0" else "thanks", language))


__all__ = ["KEYS", "SCORES", "Scripts", "rating_menu"]
