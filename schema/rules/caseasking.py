"""A caller asks by voice how far a case is, by its number: the pure engine. Events in, actions out, no I/O.

The digits of the number are keyed in (# ends, * begins anew); then what only the citizen knows, the last four digits of
the telephone that the case was filed from; only then is anything told. Who gives three wrong answers, or cannot find a
number three times, is sent to an agent, and so is who asks about what is told to nobody by voice.
"""

from dataclasses import dataclass, replace

from schema.rules.menus import Event, Play, Prompt, Wait

KEYS = "0123456789*#"
TRIES, WRONG, CHECKED = 3, 3, 4
"""Numbers that may be tried, answers that may be wrong, and the digits of an answer."""
LONGEST = 24
NUMBER, CHECK, LOOKING, PROVING, TELLING, OFFER, TEXTING, ENDING = (
    "number", "check", "looking", "proving", "telling", "offer", "texting", "ending",
)  # fmt: skip
SAID = {
    "short": "case-short", "unknown": "case-unknown", "agent": "case-agent", "limited": "case-limited",
    "away": "status-away", "wrong": "case-wrong", "sent": "case-text-coming", "cannot": "case-text-cannot",
}  # fmt: skip
"""What is said to an answer."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """Look a number up by its digits. Then comes found, short (it is not whole), unknown, agent (it is told to nobody
    by voice), limited (too many were tried) or away."""

    digits: str


@dataclass(frozen=True, slots=True)
class Prove:
    """Compare an answer with what is known of the case. Then comes right, wrong, limited or away."""

    digits: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell how far the case is, until a key. Then comes "done" or the key."""


@dataclass(frozen=True, slots=True)
class Text:
    """Send the number and how far it is to the telephone of the case. Then comes sent or cannot."""


@dataclass(frozen=True, slots=True)
class End:
    """Back to the menu. `how` it went: told, short, unknown, agent, limited, away, wrong or silent."""

    how: str


Action = Play | Wait | LookUp | Prove | Tell | Text | End


@dataclass(frozen=True, slots=True)
class Asking:
    """Where a caller is in it; `at` is one of the words above. `queue`: prompts still to be played; `texts`: a text
    message can be offered."""

    wait: float
    texts: bool = False
    at: str = NUMBER
    typed: str = ""
    tries: int = 1
    wrong: int = 0
    how: str = ""
    queue: tuple[str, ...] = ()

    @classmethod
    def begin(cls, wait: float, *, texts: bool = False) -> "tuple[Asking, Action]":
        """The number is asked for; `wait` seconds for each digit."""
        return cls(wait, texts, queue=("case-ask",))._next()

    def heard(self, event: Event) -> "tuple[Asking, Action]":
        """The next action after an event."""
        if self.at == LOOKING:
            return self._looked_up(event)
        if self.at == PROVING:
            return self._proved(event)
        if self.at == TELLING:
            return self._say(OFFER, "case-text-offer") if self.texts else (self, End("told"))
        if self.at == TEXTING:
            return self._end("told", SAID[event])
        if self.at == ENDING:
            return self._next() if event == "done" and self.queue else (self, End(self.how))
        if event == "done":
            return self._next()
        if self.at == OFFER:
            return (replace(self, at=TEXTING), Text()) if event == "1" else (self, End("told"))
        return self._keyed(event)

    def _keyed(self, event: Event) -> "tuple[Asking, Action]":
        if event == "*":
            return replace(self, typed="")._say(self.at, "case-ask" if self.at == NUMBER else "case-check")
        if event not in ("#", "silence"):
            now = replace(self, typed=self.typed + event, queue=())
            whole = len(now.typed) >= (LONGEST if self.at == NUMBER else CHECKED)
            return now._given() if whole else now._next()
        if self.typed:
            return self._given()
        return self._again("silent", "case-ask" if self.at == NUMBER else "case-check")

    def _given(self) -> "tuple[Asking, Action]":
        if self.at == NUMBER:
            return replace(self, at=LOOKING, typed=""), LookUp(self.typed)
        if len(self.typed) < CHECKED:
            return replace(self, typed="")._again("wrong", "case-four", "case-check")
        return replace(self, at=PROVING, typed=""), Prove(self.typed)

    def _looked_up(self, answer: str) -> "tuple[Asking, Action]":
        if answer == "found":
            return replace(self, tries=1)._say(CHECK, "case-check")
        if answer in ("short", "unknown"):
            return replace(self, at=NUMBER)._again(answer, SAID[answer], "case-ask")
        return self._end(answer, SAID[answer])

    def _proved(self, answer: str) -> "tuple[Asking, Action]":
        if answer == "right":
            return replace(self, at=TELLING), Tell()
        if answer != "wrong":
            return self._end(answer, SAID[answer])
        if self.wrong + 1 >= WRONG:
            return self._end("wrong", "case-wrong", "case-agent")
        return replace(self, wrong=self.wrong + 1)._say(CHECK, "case-wrong", "case-check")

    def _again(self, how: str, *names: str) -> "tuple[Asking, Action]":
        """Once more, as long as that is not too often."""
        if self.tries < TRIES:
            return replace(self, tries=self.tries + 1)._say(self.at, *names)
        return self._end(how, *names[:-1], "case-agent")

    def _say(self, at: str, *names: str) -> "tuple[Asking, Action]":
        return replace(self, at=at, queue=names)._next()

    def _end(self, how: str, *names: str) -> "tuple[Asking, Action]":
        return replace(self, at=ENDING, how=how, queue=names)._next()

    def _next(self) -> "tuple[Asking, Action]":
        if not self.queue:
            return (self, End(self.how)) if self.at == ENDING else (self, Wait(self.wait))
        first, *rest = self.queue
        return replace(self, queue=tuple(rest)), Play(Prompt(first), KEYS)
