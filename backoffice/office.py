"""The office: what every page of the back office is handed, and who is asking."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from sqlalchemy import select

from backoffice.figures import Today
from backoffice.floor import FloorMirror
from backoffice.words import Words
from conf.settings import Settings
from schema.desk import audit
from schema.desk.halfway import Wants
from schema.desk.sessions import Visitor
from schema.people import AuditRow
from schema.rules.passwords import SHORTEST, Rules
from schema.sealing import Sealer
from schema.store import Store, UnitOfWork

if TYPE_CHECKING:
    from backoffice.oidcclient import House

Side = Literal["mix", "citizen", "seat"]
ONE_LOOK = timedelta(minutes=10)


class Piece(Protocol):
    """Bytes of a sound file of `size` bytes."""

    @property
    def size(self) -> int:
        """The whole file's size."""

    @property
    def media(self) -> str:
        """Its media type."""

    @property
    def chunks(self) -> Iterator[bytes]:
        """The bytes, piece by piece."""


class Sound(Protocol):
    """A side of a recording, opened."""

    @property
    def size(self) -> int:
        """Bytes of it."""

    def piece(self, start: int = 0, end: int | None = None) -> Piece:
        """Bytes `start` to `end` (inclusive). Raises LookupError when it cannot be heard after all."""


class Room(Protocol):
    """A place ("vault", "spool") with so many bytes in all and free; `low`: there is too little left."""

    @property
    def what(self) -> str:
        """Which."""

    @property
    def total(self) -> int:
        """Bytes in all."""

    @property
    def free(self) -> int:
        """Bytes free."""

    @property
    def low(self) -> bool:
        """Too little."""


class Player(Protocol):
    """What gives out recordings (see `recordings.play`). Raises LookupError for what is not there."""

    def sound(self, recording: UUID, side: Side) -> Sound:
        """One side, opened."""

    def waveform(self, recording: UUID, side: Side, points: int = 600) -> list[float]:
        """Peaks 0…1 for drawing."""

    def rooms(self) -> Sequence[Room]:
        """How much room there is for more."""


class Replays(Protocol):
    """What shows a floor of the past (see `cti.replay`). Raises LookupError for a node or time that is not on tape.

    An answer comes with how much of the tape it takes has been read, 0 to 1; below 1 it is not whole: ask again.
    """

    def nodes(self) -> list[str]:
        """The nodes whose tapes are here."""

    def days(self, node: str) -> tuple[date, date]:
        """The first and the last day on a node's tape."""

    def at(self, node: str, moment: datetime) -> tuple[float, bytes | None]:
        """The floor message as it was."""

    def events(
        self, node: str, begin: datetime, end: datetime
    ) -> tuple[float, list[tuple[datetime, str, str]]]:
        """What happened, each with a word for what and about whom."""


@dataclass(frozen=True)
class Office:
    """The collaborators of the pages. `shout` tells every web process something live (topic, payload); `bus` says
    whether the bus is "up" or "down"."""

    settings: Settings
    store: Store
    player: Player
    floor: FloorMirror
    shout: Callable[[str, bytes], None]
    words: Words
    replays: Replays | None = None
    bus: Callable[[], str] = lambda: "up"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone times are shown in."""
        return ZoneInfo(self.settings.site.zone)

    @cached_property
    def sealer(self) -> Sealer:
        """What seals secrets that the database keeps."""
        named = self.settings.door.key_file
        return Sealer(Path(named) if named else self.settings.var / "keys" / "door.key")

    @cached_property
    def house(self) -> "House":
        """The other house that people may log in by; only where the settings name one."""
        from backoffice.oidcclient import House  # it brings a tenth of all that a start imports

        return House(self.settings.oidc, self.store.clock, time.monotonic)

    @cached_property
    def password_rules(self) -> Rules:
        """What the site asks of a password."""
        return Rules(max(self.settings.door.password_length, SHORTEST), self.settings.site.name)

    @cached_property
    def wants(self) -> Wants:
        """What the site wants before a session begins."""
        return Wants(self.settings.door.second_factor_for, self.settings.door.password_days)

    @cached_property
    def today(self) -> Today:
        """The day's figures."""
        return Today(self.store, self.zone, time.monotonic)


def office() -> Office:
    """The office of this request."""
    found: Office = current_app.extensions["gridline"]
    return found


def visitor() -> Visitor:
    """Who is logged in; only for pages that need it (the guard has seen to it)."""
    found: Visitor = g.visitor
    return found


def language() -> str:
    """The language this request is answered in."""
    found: str = g.language
    return found


def say(key: str, **values: object) -> str:
    """A message in the language of this request."""
    return office().words.say(language(), key, **values)


def note(work: UnitOfWork, what: str, subject: str = "", *, allowed: bool = True, reason: str = "") -> None:
    """One audit row about what the present visitor does."""
    who = g.get("visitor")
    audit.note(
        work,
        what,
        subject,
        who=who.id if who else None,
        login=who.login if who else "",
        ip=request.remote_addr or "",
        allowed=allowed,
        reason=reason,
    )


def look(what: str, subject: str) -> None:
    """Write a sensitive look down: the many requests of one looking are one look."""
    found, who = office(), visitor()
    same = select(AuditRow.id).where(
        AuditRow.at > found.store.clock() - ONE_LOOK,
        AuditRow.who == who.id,
        AuditRow.what == what,
        AuditRow.subject == subject,
        AuditRow.allowed,
    )
    with found.store.read() as session:
        if session.scalar(same.limit(1)) is not None:
            return
    with found.store.work() as work:
        if work.session.scalar(same.limit(1)) is None:
            note(work, what, subject)


def refused_look(what: str, id: UUID) -> None:
    """Write down that somebody asked for what is hidden from them: a case, or a photo or recording of one."""
    with office().store.work() as work:
        note(work, "refused", f"{what} {id}", allowed=False, reason="hidden")


def lasting(seconds: float) -> str:
    """A length of time as m:ss or h:mm:ss."""
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours}:{minutes:02}:{int(seconds) % 60:02}" if hours else f"{minutes}:{int(seconds) % 60:02}"


def shown(at: datetime | None, how: str = "full") -> str:
    """A time in the site's zone: "full" to the second, "minute", "day", or "clock" with milliseconds."""
    if at is None:
        return ""
    local = at.astimezone(office().zone)
    if how == "clock":
        return local.strftime("%H:%M:%S.") + f"{local.microsecond // 1000:03d}"
    return local.strftime({"full": "%Y-%m-%d %H:%M:%S", "minute": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d"}[how])
