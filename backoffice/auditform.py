"""What is asked of the audit log: the form as it stands in the page's address, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from schema.desk.audit import Asked

DOORS = ("log-in", "log-out")
"""What belongs to the door; other acts of it begin with `door.`."""
LOOKS = (
    "case.read", "contact.read", "recording.play", "media.see", "replay.see", "report.excel", "report.pdf",
    "audit.csv", "field.colleagues",
)  # fmt: skip
VIEWS = ("all", "doors", "looks", "refused")


@dataclass(frozen=True, slots=True)
class Form:
    """The form's fields. `wrong` names those that cannot be; then there is nothing to show."""

    view: str = "all"
    login: str = ""
    what: str = ""
    subject: str = ""
    result: str = ""
    first: str = ""
    last: str = ""
    before: int = 0
    wrong: frozenset[str] = field(default=frozenset())

    def address(self, **changes: object) -> str:
        """The query that brings this page back, or one that differs in `changes`."""
        values = {
            "view": "" if self.view == "all" else self.view, "login": self.login, "what": self.what,
            "subject": self.subject, "result": self.result, "from": self.first, "to": self.last,
        } | changes  # fmt: skip
        return urlencode({name: str(value) for name, value in values.items() if value})

    def asked(self, zone: ZoneInfo) -> Asked:
        """The question to the desk; days are the site's, the last one whole."""
        allowed = {"allowed": True, "refused": False}.get(
            "refused" if self.view == "refused" else self.result
        )
        kinds: tuple[str, ...] = (
            (self.what,) if self.what else {"doors": DOORS, "looks": LOOKS}.get(self.view, ())
        )
        return Asked(
            login=self.login,
            kinds=kinds,
            also="door." if self.view == "doors" and not self.what else "",
            subject=self.subject,
            allowed=allowed,
            since=_midnight(self.first, zone),
            until=_midnight(self.last, zone, days=1),
        )


def read(values: Mapping[str, str]) -> Form:
    """The form out of an address."""
    wrong = set()

    def day(name: str) -> str:
        text = values.get(name, "").strip()[:20]
        try:
            if text and not 1 < date.fromisoformat(text).year < 9999:
                raise ValueError
        except ValueError:
            wrong.add(name)
        return text

    def choice(name: str, choices: tuple[str, ...]) -> str:
        return values[name] if values.get(name) in choices else choices[0]

    before = values.get("before", "")
    first, last = day("from"), day("to")
    if not wrong and first and last and date.fromisoformat(first) > date.fromisoformat(last):
        wrong.add("to")
    return Form(
        choice("view", VIEWS),
        _plain(values.get("login", "")).lower()[:60],
        _plain(values.get("what", ""))[:40],
        _plain(values.get("subject", ""))[:120],
        choice("result", ("", "allowed", "refused")),
        first,
        last,
        int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 0,
        frozenset(wrong),
    )


def _plain(text: str) -> str:
    """Without what no row can hold, so that no database refuses the question."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()


def _midnight(day: str, zone: ZoneInfo, days: int = 0) -> datetime | None:
    if not day:
        return None
    return datetime.combine(date.fromisoformat(day) + timedelta(days=days), time(), zone).astimezone(UTC)
