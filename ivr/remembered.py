"""The language that a number chose when it last rang: whoever rings again is met in it (CC3).

Only what differs from the site's first language is kept, for `DAYS`; it is what the calls say, and nothing else about
anybody.
"""

from datetime import timedelta

from sqlalchemy import func, select

from ivr.following import Following
from schema.calls import CallRow
from schema.store import Store

DAYS = timedelta(days=90)
MOST = 200_000
LOOK_EVERY = 600.0
"""Seconds between two looks at what other voice rooms heard."""


class Remembered:
    """Number → language. Without a store only what was chosen here."""

    def __init__(self, store: Store | None, default: str) -> None:
        self._store, self._default = store, default
        self._languages: dict[str, str] = {}
        self._following = Following("remembered languages", self.look, LOOK_EVERY)

    def start(self) -> None:
        """Follow the store."""
        if self._store is not None:
            self._following.start()

    def stop(self) -> None:
        """No more."""
        self._following.stop()

    def of(self, number: str) -> str:
        """The language to meet a number in."""
        return self._languages.get(number, self._default)

    def chose(self, number: str, language: str) -> None:
        """A number chose a language."""
        self._languages.pop(number, None)
        if number and language != self._default:
            self._languages[number] = language
            if len(self._languages) > MOST:
                del self._languages[next(iter(self._languages))]

    def look(self) -> None:
        """Read what the calls say. Raises StoreUnreachable."""
        assert self._store is not None
        newest = (
            select(CallRow.number, func.max(CallRow.entered_at).label("at"))
            .where(CallRow.entered_at >= self._store.clock() - DAYS, CallRow.direction == "in", CallRow.language != "",
                   CallRow.number != "")
            .group_by(CallRow.number)
            .subquery()
        )  # fmt: skip
        query = (
            select(CallRow.number, CallRow.language)
            .join(newest, (CallRow.number == newest.c.number) & (CallRow.entered_at == newest.c.at))
            .where(CallRow.language != self._default, CallRow.direction == "in")
            .order_by(newest.c.at.desc())
            .limit(MOST)
        )
        with self._store.read() as session:
            rows = [(row.number, row.language) for row in session.execute(query)]
        self._languages = dict(reversed(rows))
