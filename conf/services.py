"""Services behind the one number, as a site sets them: a table ``[services.NAME]`` each, in the order of their keys.

Plain values, as TOML has them; `schema.services` makes of them what `schema.rules.services` reasons about. Seconds
throughout; -1 means never (of `max_waiting`: no bound). Hours are "08:30-12:00 13:30-17:30", in the site's zone.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `zh`, `en` and `ug` are its name as callers hear it and screens show it.

    `wants` are skills with the lowest level that will do ("pipes:3 meters:1"); `languages` those it speaks (none: any).
    Without `workdays` and `other_days` it is open day and night; `dates` name single days ("2026-12-31 08:30-12:00",
    "2026-10-01" alone: closed). `when_closed` is message, voicemail or queue:NAME. `first` gives numbers and prefixes
    a priority ("057188888888 9", "0571* 3"). `caller` is the number that its outgoing calls show (none: the hotline).
    """

    name: str = "hotline"
    zh: str = ""
    en: str = ""
    ug: str = ""
    queue: str = ""
    wants: str = ""
    priority: int = 0
    languages: tuple[str, ...] = ()
    calendar: str = "city"
    workdays: str = ""
    other_days: str = ""
    dates: tuple[str, ...] = ()
    overflow_to: str = ""
    overflow_after: float = -1.0
    max_wait: float = -1.0
    max_waiting: int = -1
    when_closed: str = "message"
    callback_after: float = 120.0
    callback_order: str = "agent-first"
    retries: int = 3
    retry_every: float = 300.0
    expires: float = 4.0 * 3600
    first: tuple[str, ...] = ()
    caller: str = ""

    def label(self, language: str) -> str:
        """Its name in a language."""
        return str(getattr(self, language, "") or self.zh or self.en or self.name)
