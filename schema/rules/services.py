"""Services behind one number: what becomes of a caller as they come to one, and while they wait there. Pure.

`admit` is asked once, as the caller chooses the service; `step` whenever the wait grows. When a service is open is its
`Hours` on the days that the city's calendar (`schema.rules.calendar`) calls workdays, make-up workdays included.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from schema.rules.calendar import Calendar, Span
from schema.rules.dialling import NUMBER

ALL_DAY = (Span(0, 1440),)
LOOK_AHEAD = 366
"""Days within which a closed service says when it opens."""


class BadServices(ValueError):
    """Services that overflow in a circle or into nothing, or have settings that cannot be."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a service answers, in minutes of the local day: on workdays, on other days, and on `dates` named one by one
    (half days, the eve of a festival; an empty one is closed), which go before the calendar."""

    workdays: tuple[Span, ...] = ALL_DAY
    other_days: tuple[Span, ...] = ()
    dates: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for spans in (self.workdays, self.other_days, *self.dates.values()):
            if any(not 0 <= span.opens < span.closes <= 1440 for span in spans):
                raise BadServices("a span of hours lies within 0 to 1440 and ends after it begins")
            if any(two.opens < one.closes for one, two in pairwise(spans)):
                raise BadServices("spans of hours follow each other and do not overlap")

    def on(self, day: date, calendar: Calendar) -> tuple[Span, ...]:
        """The hours of a local day."""
        if day in self.dates:
            return self.dates[day]
        return self.workdays if calendar.works(day) else self.other_days

    def open_at(self, now: datetime, calendar: Calendar) -> bool:
        """Whether it is open at an aware time."""
        day = now.astimezone(calendar.zone).date()
        return any(
            calendar.at(day, span.opens) <= now < calendar.at(day, span.closes)
            for span in self.on(day, calendar)
        )

    def opens_after(self, now: datetime, calendar: Calendar) -> datetime | None:
        """The next opening after an aware time (UTC); `now` itself when it is open; None if not within a year."""
        if self.open_at(now, calendar):
            return now
        first = now.astimezone(calendar.zone).date()
        for n in range(LOOK_AHEAD + 1):
            day = first + timedelta(days=n)
            for span in self.on(day, calendar):
                if (opens := calendar.at(day, span.opens)) > now:
                    return opens
        return None


ALWAYS = Hours(ALL_DAY, ALL_DAY)


@dataclass(frozen=True, slots=True)
class Service:
    """One service. Times are seconds of waiting; None = never (or, for `max_waiting`, no bound).

    `wants` are the skills of its callers with their lowest level; `languages` those it speaks, the first when a caller
    chose another (none = any). `when_closed` is "message", "voicemail" or "queue:<name>". `first` gives numbers
    ("057188888888") and prefixes ("0571*") a priority of their own; the longest that fits counts. `caller` is what its
    outgoing calls show ("": the hotline).
    """

    name: str
    queue: str = "hotline"
    wants: tuple[tuple[str, int], ...] = ()
    priority: int = 0
    languages: tuple[str, ...] = ()
    calendar: str = "city"
    hours: Hours = ALWAYS
    overflow_to: str = ""
    overflow_after: float | None = None
    max_wait: float | None = None
    max_waiting: int | None = None
    when_closed: str = "message"
    callback_after: float | None = None
    callback_order: Literal["agent-first", "citizen-first"] = "agent-first"
    retries: int = 3
    retry_every: float = 300
    expires: float = 4 * 3600
    first: Mapping[str, int] = field(default_factory=dict)
    caller: str = ""

    def __post_init__(self) -> None:
        if self.caller and not NUMBER.fullmatch(self.caller):
            raise BadServices(
                f"{self.name}: the number that its calls show is 3 to 20 digits, a + before them if need be"
            )
        if self.when_closed not in ("message", "voicemail") and not self.when_closed.startswith("queue:"):
            raise BadServices(f"{self.name}: when closed it can give message, voicemail or queue:<name>")
        if self.overflow_after is not None and not self.overflow_to:
            raise BadServices(f"{self.name}: it overflows after {self.overflow_after} s, but not to where")
        if self.overflow_to == self.queue:
            raise BadServices(f"{self.name}: it overflows into its own queue")
        if any(not 0 <= priority <= 9 for priority in (self.priority, *self.first.values())):
            raise BadServices(f"{self.name}: a priority is from 0 to 9")


@dataclass(frozen=True, slots=True)
class Queue:
    """The caller waits in `queue`."""

    queue: str
    wants: tuple[tuple[str, int], ...]
    priority: int
    language: str


@dataclass(frozen=True, slots=True)
class Overflow:
    """The caller goes to the queue `to` at once."""

    to: str


@dataclass(frozen=True, slots=True)
class Full:
    """As many wait as may, and there is nowhere to overflow to; `callback`: the caller may be offered one."""

    waiting: int
    callback: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """Out of hours: `then` is the service's `when_closed`; `opens` UTC, None if not within a year; `certain` is False
    when that day lies beyond what the calendar knows."""

    then: str
    opens: datetime | None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Holiday:
    """As `Closed`, on a holiday that has a name."""

    name: str
    then: str
    opens: datetime | None
    certain: bool = True


Admission = Queue | Overflow | Full | Closed | Holiday
Step = Literal["keep", "offer_callback", "overflow", "give_up"]


def admit(
    service: Service,
    now: datetime,
    waiting_count: int,
    idle_count: int,
    calendar: Calendar,
    *,
    number: str = "",
    language: str = "",
) -> Admission:
    """What becomes of a caller who comes to the service; `idle_count` seats could take them, `waiting_count` wait.

    Closed is looked at first, then full, then whether the service overflows at once (`overflow_after` 0).
    """
    if now.tzinfo is None:
        raise ValueError("a service opens and closes at aware times")
    if not service.hours.open_at(now, calendar):
        opens = service.hours.opens_after(now, calendar)
        certain = opens is not None and opens.astimezone(calendar.zone).date() <= calendar.known_to
        holiday = calendar.days_off.get(now.astimezone(calendar.zone).date())
        if holiday is not None:
            return Holiday(holiday, service.when_closed, opens, certain)
        return Closed(service.when_closed, opens, certain)
    if not idle_count and service.max_waiting is not None and waiting_count >= service.max_waiting:
        if service.overflow_to:
            return Overflow(service.overflow_to)
        return Full(waiting_count, service.callback_after is not None)
    if not idle_count and service.overflow_after is not None and service.overflow_after <= 0:
        return Overflow(service.overflow_to)
    spoken = language
    if service.languages and language not in service.languages:
        spoken = service.languages[0]
    return Queue(service.queue, service.wants, priority_of(service, number), spoken)


def step(service: Service, waited: float, *, offered: bool = False) -> Step:
    """What to do with a caller who has waited so many seconds; `offered`: a call-back was offered to them already."""
    if service.max_wait is not None and waited >= service.max_wait:
        return "give_up"
    if service.overflow_after is not None and waited >= service.overflow_after:
        return "overflow"
    if service.callback_after is not None and waited >= service.callback_after and not offered:
        return "offer_callback"
    return "keep"


def next_step(service: Service, waited: float, *, offered: bool = False) -> float | None:
    """After how many seconds of waiting `step` should be asked again; None = never."""
    times = [service.max_wait, service.overflow_after, None if offered else service.callback_after]
    return min((at for at in times if at is not None and at > waited), default=None)


def priority_of(service: Service, number: str) -> int:
    """The priority of a caller's number: that of the longest entry of `first` that fits, else the service's."""
    if number in service.first:
        return service.first[number]
    fits = [p for p in service.first if p.endswith("*") and number.startswith(p[:-1])]
    return service.first[max(fits, key=len)] if fits and number else service.priority


def check(services: Iterable[Service]) -> None:
    """Raise BadServices when a caller could be sent in a circle, or to a queue that no service has."""
    every = list(services)
    queues = {service.queue for service in every}
    ways: dict[str, set[str]] = {queue: set() for queue in queues}
    for service in every:
        closed_to = service.when_closed.removeprefix("queue:") if ":" in service.when_closed else ""
        for to in filter(None, (service.overflow_to, closed_to)):
            if to not in queues:
                raise BadServices(f"{service.name}: there is no queue {to}")
            ways[service.queue].add(to)
    for start in sorted(queues):
        seen, ahead = set[str](), set(ways[start])
        while ahead:
            seen |= ahead
            ahead = {to for queue in ahead for to in ways[queue]} - seen
        if start in seen:
            raise BadServices(f"a caller in queue {start} could be sent in a circle back to it")
