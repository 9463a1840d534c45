"""A caller in the site's voice menus: the pure engine that walks the whole book. Events in, actions out, no I/O.

The same engine runs under FastAGI, in tests, and where a supervisor tries a book out. `schema.rules.menus` walks one
menu; here is what its keys lead to.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from schema.rules.caseasking import Action as Asks
from schema.rules.caseasking import Asking, End, LookUp, Prove, Tell, Text
from schema.rules.languages import LANGUAGES
from schema.rules.menus import Chosen, Event, Menu, Play, Prompt, Wait, Walk
from schema.rules.voicebook import VoiceBook, VoiceMenu, Way

SERVICES = "services"
"""Where somebody is who chooses among the services."""
CASE = "case"
"""Where somebody is who asks about a case by its number; what came of it stands in the place of a key."""
MOST_SERVICES = 9
STOPS = "0123456789*#"


@dataclass(frozen=True, slots=True)
class Turn:
    """The contact's language from now on; `key` is what was pressed, "" when nothing was. Then comes "done"."""

    language: str
    key: str


@dataclass(frozen=True, slots=True)
class Serve:
    """The end: an agent of this service. `key` is what was pressed last."""

    service: str
    key: str


@dataclass(frozen=True, slots=True)
class Status:
    """Tell how far the caller's own requests are. Then comes "done"."""


Action = Play | Wait | Turn | Status | Serve | LookUp | Prove | Tell | Text


def prompt_name(say: Mapping[str, str]) -> str:
    """The name in the catalogue of something that a book says: another text has another."""
    words = "\n".join(f"{code} {say.get(code, '')}" for code in LANGUAGES)
    return f"text-{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def texts_of(book: VoiceBook) -> dict[str, dict[str, str]]:
    """Everything that a book says, for the catalogue."""
    return {prompt_name(say): dict(say) for say in book.said()}


def service_menu(services: Sequence[str], tries: int, wait: float) -> Menu:
    """A key for each service, at most nine; the first is what the silent get, and what 0 leads to."""
    prompts: list[Prompt] = []
    for number, name in enumerate(services[:MOST_SERVICES], 1):
        prompts += [Prompt(f"service-{name}"), Prompt(f"number-{number}")]
    keys = {
        **{str(number): name for number, name in enumerate(services[:MOST_SERVICES], 1)},
        "0": services[0],
    }
    return Menu((*prompts, Prompt("agent-key")), keys, services[0], tries, wait, wrong=Prompt("wrong-key"))


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Where a caller is: the menu `at`, the language, and what was pressed so far ("language:2", "main:silent").

    `services` are the names of the site's, the main one first; `news` is announced when a language is chosen. `asking`:
    the caller asks about a case by its number (`texts`: which can be sent as a text message).
    """

    book: VoiceBook
    language: str
    services: tuple[str, ...]
    at: str
    walk: Walk
    then: Way | None = None
    news: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    steps: tuple[str, ...] = ()
    asking: Asking | None = None
    texts: bool = False

    @classmethod
    def begin(
        cls,
        book: VoiceBook,
        language: str,
        services: Sequence[str] = ("",),
        today: date | None = None,
        *,
        texts: bool = False,
    ) -> "tuple[Dialogue, Action]":
        """A caller comes in on the day `today`, and is met in `language`: that of the site, or the caller's own of
        before. A menu that is said in every language begins with it, and silence keeps it."""
        first = book.menus[book.start]
        talk = cls(
            book, language, tuple(services), book.start, Walk(_menu(first, language)),
            news=book.announced(today) if today else {}, texts=texts,
        )  # fmt: skip
        if not first.every and talk.news:
            return replace(talk, then=Way("menu", book.start))._announce()
        return talk._enter(book.start)

    def heard(self, event: Event) -> "tuple[Dialogue, Action]":
        """The next action after an event."""
        if self.asking is not None:
            return self._asks(*self.asking.heard(event))
        if self.then is not None:  # the language is taken over, or what was asked for has been said
            if self.news and self.then != Way("menu", self.at):  # not between a menu and what it told
                return self._announce()
            return replace(self, then=None)._go(self.then)
        walk, action = self.walk.heard(event)
        if not isinstance(action, Chosen):
            return replace(self, walk=walk), action
        step = f"{self.at}:{action.key or 'silent'}"
        now = replace(self, walk=walk, key=action.key, steps=(*self.steps, step))
        if self.at == SERVICES:
            return now, Serve(action.choice, action.key)
        menu = self.book.menus[self.at]
        way = menu.keys[action.key] if action.key else menu.silent
        if not action.key and way.do == "language":
            way = replace(way, to=self.language)
        return now._go(way)

    def _announce(self) -> "tuple[Dialogue, Action]":
        return replace(self, news={}), Play(Prompt(prompt_name(self.news)), STOPS)

    def _go(self, way: Way) -> "tuple[Dialogue, Action]":
        if way.do == "menu":
            return self._enter(way.to)
        if way.do == "language":
            return replace(self, language=way.to, then=way.then), Turn(way.to, self.key)
        if way.do == "status":
            return replace(self, then=Way("menu", self.at)), Status()
        if way.do == "case":
            return self._asks(*Asking.begin(self.book.menus[self.at].wait, texts=self.texts))
        if way.do == "say":
            return replace(self, then=Way("menu", self.at)), Play(Prompt(prompt_name(way.say)), STOPS)
        if way.do == "services" and len(self.services) > 1:
            first = self.book.menus[self.book.start]
            return self._walk(SERVICES, service_menu(self.services, first.tries, first.wait))
        return self, Serve(way.to or self.services[0], self.key)

    def _asks(self, asking: Asking, action: Asks) -> "tuple[Dialogue, Action]":
        if not isinstance(action, End):
            return replace(self, asking=asking), action
        return replace(self, asking=None, steps=(*self.steps, f"{CASE}:{action.how}"))._enter(self.at)

    @property
    def left(self) -> str:
        """Where somebody leaves who hangs up now."""
        return CASE if self.asking is not None else self.at

    def _enter(self, id: str) -> "tuple[Dialogue, Action]":
        return self._walk(id, _menu(self.book.menus[id], self.language))

    def _walk(self, at: str, menu: Menu) -> "tuple[Dialogue, Action]":
        walk, action = Walk.begin(menu)
        assert not isinstance(action, Chosen)
        return replace(self, at=at, walk=walk), action


def _menu(menu: VoiceMenu, language: str) -> Menu:
    name, keys = prompt_name(menu.say), {key: key for key in menu.keys}
    codes = (language, *(code for code in LANGUAGES if code != language)) if menu.every else (language,)
    prompts = tuple(Prompt(name, code) for code in codes)
    return Menu(prompts, keys, "", menu.tries, menu.wait, wrong=Prompt("wrong-key", language))
