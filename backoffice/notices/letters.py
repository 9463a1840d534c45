"""What a notice says, in the receiver's language. Nothing of the citizen is in it: others' wires carry it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from backoffice.reporttable import text
from backoffice.words import Words
from schema.cases import Case
from schema.desk.silence import Silent
from schema.desk.spacealarms import LOW
from schema.desk.spokenstatus import DONE, STAGES
from schema.facts import CaseFact
from schema.rules.brief import FIGURES, Brief
from schema.rules.languages import LANGUAGES
from schema.spacealarms import SpaceAlarm

LONGEST_WORDS = 1000
MOST_NAMED = 30


class Letters:
    """Writes notices. `link` is the beginning of the pages' addresses, "" when there is none to tell."""

    def __init__(self, words: Words, zone: ZoneInfo, link: str) -> None:
        self._words, self._zone, self._link = words, zone, link.rstrip("/")

    def write(self, language: str, kind: str, case: Case, fact: CaseFact) -> tuple[str, str]:
        """Subject and text."""
        language = language if language in LANGUAGES else "en"
        say: Callable[..., str] = partial(self._words.say, language)
        if kind == "visits":  # about many cases: none is named
            lines = [say("notice.said.visits"), *([f"{self._link}/visits"] if self._link else [])]
            return say("notice.subject.visits"), "\n".join(lines)
        title = say("notice.confidential") if case.confidential else case.title
        values = {"case_no": case.case_no, "title": title, "state": say(f"state.{fact.state}")}
        lines = [say(f"notice.said.{kind}", **values)]
        if kind == "extension-asked":
            lines.append(say("notice.units", units=getattr(fact, "units", "")))
        words = getattr(fact, "text", "") or getattr(fact, "reason", "")
        if words and not case.confidential:
            lines.append(words[:LONGEST_WORDS])
        if (until := getattr(fact, "answer_by", None)) is not None:
            lines.append(say("notice.answer_by", at=self._shown(until)))
        if case.due_at is not None:
            lines.append(say("notice.due", at=self._shown(case.due_at)))
        if self._link:
            lines.append(f"{self._link}/cases/{case.case_no}")
        return say(f"notice.subject.{kind}", **values), "\n".join(lines)

    def write_citizen(self, kind: str, case: Case) -> str:
        """A text message to whoever filed a case: its number, how far it is, and when it is due."""
        language = case.language if case.language in LANGUAGES else "zh"
        say: Callable[..., str] = partial(self._words.say, language)
        stage = STAGES.get(case.state, "")
        values = {"case_no": case.case_no, "stage": say(f"notice.stage.{stage}") if stage else ""}
        due = case.due_at if stage != DONE else None
        return say(f"notice.said.{kind}", **values) + (
            f" {say('notice.due', at=self._shown(due))}" if due else ""
        )

    def write_brief(self, language: str, brief: Brief) -> tuple[str, str]:
        """Subject and text of a daily brief: its figures, and where it is."""
        language = language if language in LANGUAGES else "en"
        say: Callable[..., str] = partial(self._words.say, language)
        lines = [say("notice.said.brief", day=brief.day)]
        lines += [
            f"{say(f'brief.figure.{one.name}')}{say('punct.colon')}{text(one.of(brief.now), one.kind)}"
            for one in FIGURES
        ]
        if self._link:
            lines.append(f"{self._link}/brief/{brief.day}")
        return say("notice.subject.brief", day=brief.day), "\n".join(lines)

    def write_review(self, language: str, kind: str, review: UUID) -> tuple[str, str]:
        """Subject and text about the review of a call, and where it is."""
        language = language if language in LANGUAGES else "en"
        say: Callable[..., str] = partial(self._words.say, language)
        lines = [say(f"notice.said.{kind}")]
        if self._link:
            lines.append(f"{self._link}/quality/{'appeals' if kind == 'appealed' else 'mine'}/{review}")
        return say(f"notice.subject.{kind}"), "\n".join(lines)

    def write_silent(self, language: str, silent: Sequence[Silent]) -> tuple[str, str]:
        """Subject and text about handsets that fell silent, and where they are looked at."""
        language = language if language in LANGUAGES else "en"
        say: Callable[..., str] = partial(self._words.say, language)
        lines = [say("notice.said.silent")]
        lines += [f"{one.device} {one.worker} {self._shown(one.since)}" for one in silent[:MOST_NAMED]]
        if len(silent) > MOST_NAMED:
            lines.append(f"… {len(silent) - MOST_NAMED}")
        if self._link:
            lines.append(f"{self._link}/field?state=silent")
        return say("notice.subject.silent", count=len(silent)), "\n".join(lines)

    def write_space(self, language: str, kind: str, alarm: SpaceAlarm) -> tuple[str, str]:
        """Subject and text about room for recordings that became scarce, or is there again."""
        language = language if language in LANGUAGES else "en"
        say: Callable[..., str] = partial(self._words.say, language)
        values = {
            "free": f"{alarm.free / 1e9:.1f}",
            "percent": f"{100 * alarm.free / max(alarm.total, 1):.0f}",
        }
        said = (
            say(f"recordings.low.{alarm.what}", **values)
            if kind == LOW
            else say(f"notice.said.{kind}", **values)
        )
        lines = [say("notice.place", what=say(f"notice.disk.{alarm.what}"), node=alarm.node), said]
        lines.append(say("notice.since", at=self._shown(alarm.began_at)))
        if self._link:
            lines.append(f"{self._link}/cases/recordings")
        return say(f"notice.subject.{kind}", **values), "\n".join(lines)

    def _shown(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")
