"""The book of voice menus (语音导航): what each menu says in every language, and where each key leads. Pure.

{"start": "language", "menus": {"language": {"names": {"zh": …}, "say": {"zh": …, "en": …, "ug": …}, "every": true,
"keys": {"1": {"do": "language", "to": "zh", "then": {"do": "services"}}, "0": {"do": "service"}}, "silent": …}}}

A way is what a key, or silence, leads to:

- ``{"do": "menu", "to": id}``: another menu;
- ``{"do": "service", "to": name}``: an agent of this service ("": the first of the site's);
- ``{"do": "services"}``: the site's services by number, or an agent at once when there is only one;
- ``{"do": "language", "to": code, "then": way}``: the contact's language from now on, and on;
- ``{"do": "say", "say": {code: text}}``: something is said, and the menu begins again;
- ``{"do": "status"}``: how far the last requests from the caller's number are, and the menu begins again;
- ``{"do": "case"}``: how far one case is, by its number and a check (`schema.rules.caseasking`), and the same.

"today" may say something for some days to whoever has chosen a language, before the next menu (or before a first menu
that asks for none): ``{"say": {code: text}, "from": "2026-11-29", "until": "2026-12-01"}``.

"rating" is asked of callers whose agent has hung up first: ``{"say": {code: text}}``, answered by the keys 1 (very
satisfied) to 5; without it nobody is asked.

"begins" says from when a book counts, as "2026-12-01T08:00" by the site's clock; until then the one before goes on.

A book is good when nobody can be lost in it: every menu leads to an agent by one key (CC3), whoever stays silent
reaches an agent too, every menu can be reached, and everything is said in every language of the site.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from schema.rules.bookparts import BadBook, read_names
from schema.rules.languages import LANGUAGES
from schema.rules.voicelost import lost

DOES = ("menu", "service", "services", "language", "say", "status", "case")
TELLS = ("say", "status", "case")
"""What is told, and the menu begins again."""
KEYS = "1234567890*#"
LONGEST, MOST_MENUS = 400, 30
TRIES, WAIT = (1, 5), (1, 15)
"""How often a menu is said, and the seconds waited for a key."""
RATING = {
    "zh": "请为本次接听服务评价。非常满意请按一，满意请按二，一般请按三，不满意请按四，非常不满意请按五。",
    "en": "How was this call? Very satisfied, press one. Satisfied, two. Fair, three. Dissatisfied, four. "
    "Very dissatisfied, five.",
    "ug": "بۇ قېتىمقى مۇلازىمەتنى باھالاڭ. ناھايىتى رازى بىر، رازى ئىككى، ئادەتتىكىچە ئۈچ، نارازى تۆت، "
    "ناھايىتى نارازى بەش.",
}
"""What a site that begins to ask for ratings says at first."""
_ID = re.compile(r"[a-z][a-z0-9-]{0,19}", re.ASCII)
_SERVICE = re.compile(r"(?:[a-z][a-z0-9_-]{0,39})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Way:
    """What a key leads to; see the module."""

    do: str
    to: str = ""
    then: "Way | None" = None
    say: Mapping[str, str] = field(default_factory=dict)

    def ends(self) -> "Way":
        """Where it leads in the end: past the languages."""
        return self.then.ends() if self.then is not None else self

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        said = {"to": self.to, "then": self.then.body() if self.then else None, "say": dict(self.say)}
        return {"do": self.do} | {key: value for key, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class VoiceMenu:
    """One menu. `every`: it is said in every language in turn, not in the call's own. `wait` is in seconds."""

    names: Mapping[str, str]
    say: Mapping[str, str]
    keys: Mapping[str, Way]
    silent: Way
    every: bool = False
    tries: int = 2
    wait: float = 5

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        return {
            "names": dict(self.names), "say": dict(self.say), "every": self.every, "tries": self.tries,
            "wait": self.wait, "keys": {key: way.body() for key, way in self.keys.items()},
            "silent": self.silent.body(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said on the days from `first` to `last`."""

    say: Mapping[str, str]
    first: date
    last: date

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        return {"say": dict(self.say), "from": self.first.isoformat(), "until": self.last.isoformat()}


@dataclass(frozen=True, slots=True)
class VoiceBook:
    """All menus by id, the one that a caller hears first, what is announced, from when all that counts (the site's
    clock; None: at once), and what is asked after the call (empty: nothing)."""

    start: str
    menus: Mapping[str, VoiceMenu]
    today: Announcement | None = None
    begins: datetime | None = None
    rating: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        body = {"start": self.start, "menus": {id: menu.body() for id, menu in self.menus.items()}}
        body |= {"today": self.today.body()} if self.today else {}
        body |= {"rating": {"say": dict(self.rating)}} if self.rating else {}
        return body | ({"begins": self.begins.isoformat(timespec="minutes")} if self.begins else {})

    def counts(self, now: datetime, zone: tzinfo) -> bool:
        """Whether it counts by now."""
        return self.begins is None or self.begins.replace(tzinfo=zone) <= now

    def announced(self, day: date) -> Mapping[str, str]:
        """What is announced on a day; empty: nothing."""
        return self.today.say if self.today and self.today.first <= day <= self.today.last else {}

    def said(self) -> Iterator[Mapping[str, str]]:
        """Everything that is said, each in every language."""
        if self.today is not None:
            yield self.today.say
        if self.rating:
            yield self.rating
        for menu in self.menus.values():
            yield menu.say
            yield from (end.say for way in menu.keys.values() if (end := way.ends()).say)


def read_voice(body: Mapping[str, Any]) -> VoiceBook:
    """The book from its JSON types. Raises BadBook: faults by place, as "language.keys.1"."""
    faults: dict[str, str] = {}
    menus = body.get("menus")
    if not isinstance(menus, dict) or not 1 <= len(menus) <= MOST_MENUS:
        raise BadBook({"menus": f"1 to {MOST_MENUS} menus"})
    read = {id: _menu(str(id), said, faults) for id, said in menus.items()}
    for key in body:
        if key not in ("start", "menus", "today", "begins", "rating"):
            faults[key] = "there is no such field"
    start = body.get("start")
    if not isinstance(start, str) or start not in read:
        faults["start"] = "the first menu is one of the book's"
    today = _announcement(body["today"], faults) if body.get("today") is not None else None
    begins = _moment(body["begins"], faults) if body.get("begins") else None
    rating = _asked(body["rating"], faults) if body.get("rating") is not None else {}
    if faults:
        raise BadBook(faults)
    assert isinstance(start, str)
    book = VoiceBook(start, read, today, begins, rating)
    if faults := dict(lost(book)):
        raise BadBook(faults)
    return book


def _moment(said: Any, faults: dict[str, str]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
        if moment.tzinfo is None and len(said) == len("2026-12-01T08:00"):
            return moment
    except (TypeError, ValueError):
        pass
    faults["begins"] = "a day and a time as 2026-12-01T08:00"
    return None


def _asked(said: Any, faults: dict[str, str]) -> Mapping[str, str]:
    if not isinstance(said, dict) or set(said) != {"say"}:
        faults["rating"] = "what is asked"
        return {}
    return _said("rating.say", said["say"], faults)


def _announcement(said: Any, faults: dict[str, str]) -> Announcement | None:
    if not isinstance(said, dict) or set(said) != {"say", "from", "until"}:
        faults["today"] = "what is said, from which day, and until which"
        return None
    days = []
    for name in ("from", "until"):
        try:
            days.append(date.fromisoformat(said[name]))
        except (TypeError, ValueError):
            faults[f"today.{name}"] = "a day as 2026-11-29"
    say = _said("today.say", said["say"], faults)
    if len(days) < 2:
        return None
    if days[1] < days[0]:
        faults["today.until"] = "it ends after it begins"
    return Announcement(say, *days)


def _menu(id: str, said: Any, faults: dict[str, str]) -> VoiceMenu:
    """A menu as far as it can be read; what is wrong goes to `faults`."""
    empty = VoiceMenu({}, {}, {}, Way("service"))
    if not _ID.fullmatch(id) or id in ("services", "case"):
        faults[f"{id[:20]}.id"] = (
            "an id, other than services and case, is small letters, digits and dashes, at most 20"
        )
    if not isinstance(said, dict):
        faults[id] = "this is no menu"
        return empty
    for key in said:
        if key not in ("names", "say", "every", "keys", "silent", "tries", "wait"):
            faults[f"{id}.{str(key)[:20]}"] = "there is no such field"
    names: Mapping[str, str] = {}
    try:
        names = read_names(said.get("names"))
    except ValueError as error:
        faults[f"{id}.names"] = str(error)
    every = said.get("every", False)
    if not isinstance(every, bool):
        faults[f"{id}.every"] = "true or false"
    keys = said.get("keys")
    ways: dict[str, Way] = {}
    if not isinstance(keys, dict) or not keys:
        faults[f"{id}.keys"] = "a menu has a key"
    else:
        for key, way in keys.items():
            if not isinstance(key, str) or len(key) != 1 or key not in KEYS:
                faults[f"{id}.keys.{str(key)[:5]}"] = f"a key is one of {KEYS}"
            else:
                ways[key] = _way(f"{id}.keys.{key}", way, faults)
    return VoiceMenu(
        names, _said(f"{id}.say", said.get("say"), faults), ways,
        _way(f"{id}.silent", said.get("silent"), faults, silent=True), every is True,
        _number(f"{id}.tries", said.get("tries", 2), TRIES, faults),
        _number(f"{id}.wait", said.get("wait", 5), WAIT, faults),
    )  # fmt: skip


def _way(where: str, said: Any, faults: dict[str, str], *, silent: bool = False, after: bool = False) -> Way:
    """A way; `after` a language there is no second one, and nobody who is silent is told something and asked again."""
    does = [one for one in DOES if not ((silent or after) and one in TELLS or after and one == "language")]
    if not isinstance(said, dict) or said.get("do") not in does:
        faults[where] = f"a way is one of {', '.join(does)}"
        return Way("service")
    do, to = said["do"], said.get("to", "")
    if not isinstance(to, str) or (do == "service" and not _SERVICE.fullmatch(to)):
        faults[f"{where}.to"] = "this is the name of a service"
        to = ""
    if do == "language":
        if to not in LANGUAGES:
            faults[f"{where}.to"] = f"a language is one of {', '.join(LANGUAGES)}"
        then = _way(f"{where}.then", said.get("then"), faults, silent=silent, after=True)
        return Way(do, to, then)
    return Way(do, to, say=_said(f"{where}.say", said.get("say"), faults) if do == "say" else {})


def _said(where: str, said: Any, faults: dict[str, str]) -> Mapping[str, str]:
    if not isinstance(said, dict) or set(said) - set(LANGUAGES):
        faults[where] = f"texts in {', '.join(LANGUAGES)}"
        return {}
    for code in LANGUAGES:
        text = said.get(code)
        if not isinstance(text, str) or not text.strip():
            faults[f"{where}.{code}"] = "this is not said in every language"
        elif len(text) > LONGEST or not text.isprintable():
            faults[f"{where}.{code}"] = f"at most {LONGEST} characters in one line"
    return {code: str(said.get(code, "")).strip() for code in LANGUAGES}


def _number(where: str, value: Any, bounds: tuple[int, int], faults: dict[str, str]) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not bounds[0] <= value <= bounds[1]:
        faults[where] = f"a whole number from {bounds[0]} to {bounds[1]}"
        return bounds[0]
    return value
