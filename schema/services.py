"""The site's services as its settings say them, made into what the rules reason about; a calendar beside."""

import re
from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from conf.services import Service as Setting
from conf.settings import Acd, Settings
from schema.rules.calendar import Calendar, Span
from schema.rules.queueing import Relax, Rules
from schema.rules.services import ALWAYS, BadServices, Hours, Service, check

_SPAN = re.compile(r"([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])")
_WANTED = re.compile(r"([a-z][a-z0-9_-]{0,19})(?::([0-9]{1,2}))?")


def services_of(settings: Settings) -> tuple[Service, ...]:
    """The services in the order of their keys. Raises BadServices naming what cannot be."""
    found = tuple(_service(one, settings.queue_of(one)) for one in settings.services)
    check(found)
    return found


def rules_of(acd: Acd) -> Rules:
    """How waiting loosens and lifts."""
    relax = Relax(relax_after=acd.relax_after or None, any_after=acd.any_language_after or None)
    return Rules(relax=relax, age_every=acd.age_every or None, language_level=acd.language_level)


def levels(text: str) -> dict[str, int]:
    """Names with levels, as in "zh:10 en:4"; a name alone has level 1. What is not understood is left out."""
    found = (_WANTED.fullmatch(word) for word in text.split())
    return {match[1]: min(max(int(match[2] or 1), 1), 10) for match in found if match}


def every_day(zone: ZoneInfo) -> Calendar:
    """A calendar that knows no holidays: weekdays are workdays."""
    return Calendar(zone, (Span(0, 1440),), date.max)


def _service(one: Setting, queue: str) -> Service:
    try:
        hours = _hours(one)
        return Service(
            one.name, queue, tuple(levels(one.wants).items()), one.priority, one.languages, one.calendar, hours,
            one.overflow_to, _seconds(one.overflow_after), _seconds(one.max_wait),
            None if one.max_waiting < 0 else one.max_waiting, one.when_closed, _seconds(one.callback_after),
            "citizen-first" if one.callback_order == "citizen-first" else "agent-first", one.retries, one.retry_every,
            one.expires, _first(one.first), one.caller,
        )  # fmt: skip
    except (ValueError, TypeError) as error:
        raise BadServices(f"[services.{one.name}]: {error}") from error


def _seconds(value: float) -> float | None:
    return None if value < 0 else value


def _hours(one: Setting) -> Hours:
    dates = {}
    for text in one.dates:
        day, _, spans = text.partition(" ")
        dates[date.fromisoformat(day)] = _spans(spans)
    if not one.workdays and not one.other_days:
        return Hours(ALWAYS.workdays, ALWAYS.other_days, dates) if dates else ALWAYS
    return Hours(_spans(one.workdays), _spans(one.other_days), dates)


def _spans(text: str) -> tuple[Span, ...]:
    found = []
    for word in text.split():
        match = _SPAN.fullmatch(word)
        if match is None:
            raise ValueError(f"{word!r} are no hours such as 08:30-12:00")
        begins, ends = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        found.append(Span(begins, ends))
    return tuple(found)


def _first(entries: Iterable[str]) -> dict[str, int]:
    found = {}
    for text in entries:
        number, _, priority = text.partition(" ")
        found[number] = int(priority)
    return found
