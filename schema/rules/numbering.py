"""Case numbers by the city's template: usually ``ZW-20261124-0001``, the first case of that class and day. Pure.

A template is made of ``{class}`` (the code of the class), ``{date}`` (the site's local day, YYYYMMDD) or ``{day}``
(YYMMDD), ``{area}`` (the site's area code) and, at its end, ``{n}``: the count of the class and day, ``{n:4}`` with
at least four digits. A count goes past its digits, without a gap. Class, day and count must be there: without one of
them two cases could have the same number. Between the parts may stand capital letters, digits and ``- / . _``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

USUAL = "{class}-{date}-{n:4}"
PREFIXES = {"government": "ZW", "social": "SH"}
LONGEST = 24
"""Characters of a number."""
LONGEST_KEY = 20
"""Characters of all that stands before the count."""
_DIGITS = 7
"""A count of so many digits must still fit: nobody files ten million cases of a class in a day."""
_PART = re.compile(r"\{(class|date|day|area|n)(?::([1-8]))?\}")
_PLAIN = re.compile(r"[A-Z0-9/._-]*", re.ASCII)
_CODE = re.compile(r"[A-Z]{1,6}", re.ASCII)
_AREA = re.compile(r"[0-9]{0,12}", re.ASCII)
_DATES = {"date": ("%Y%m%d", r"(?P<date>[0-9]{8})"), "day": ("%y%m%d", r"(?P<date>[0-9]{6})")}


class BadTemplate(ValueError):
    """A template, code or area that cannot give numbers; the text says why."""


@dataclass(frozen=True)
class Numbering:
    """How a city numbers its cases; `codes` has a code for each class. Raises BadTemplate."""

    template: str = USUAL
    codes: Mapping[str, str] = field(default_factory=lambda: dict(PREFIXES))
    area: str = ""

    def __post_init__(self) -> None:
        if set(self.codes) != set(PREFIXES):
            raise BadTemplate(f"codes are needed for {', '.join(PREFIXES)}")
        if len(set(self.codes.values())) < len(self.codes):
            raise BadTemplate("two classes have one code")
        for class_, code in self.codes.items():
            if not _CODE.fullmatch(code):
                raise BadTemplate(f"the code of {class_} is 1 to 6 capital letters, not {code[:20]!r}")
        if not _AREA.fullmatch(self.area):
            raise BadTemplate(f"an area code is at most 12 digits, not {self.area[:20]!r}")
        names = [name for name, _ in self._parts]
        for name in ("class", "n"):
            if names.count(name) != 1:
                raise BadTemplate(f"a number has {{{name}}} once")
        if names.count("date") + names.count("day") != 1:
            raise BadTemplate("a number has {date} or {day} once")
        if names.count("area") > 1:
            raise BadTemplate("a number has {area} at most once")
        if names[-1] != "n":
            raise BadTemplate("{n} stands at the end of a number")
        key = max(len(self.key(class_, date(2026, 11, 24))) for class_ in self.codes)
        if key > LONGEST_KEY or key + _DIGITS > LONGEST:
            raise BadTemplate(f"a number has at most {LONGEST} characters, {_DIGITS} of them for {{n}}")
        if names.index("class") < len(names) - 1 and self._runs_on():
            raise BadTemplate("a sign stands between {class} and letters that follow it")

    def counter(self, class_: str, day: date) -> str:
        """What the cases of a class and day are counted by. Raises ValueError."""
        return self.key(class_, day).rstrip("-/._")

    def key(self, class_: str, day: date) -> str:
        """What stands before the count. Raises ValueError."""
        if class_ not in self.codes:
            raise ValueError(f"there is no class of cases {class_!r}")
        return "".join(self._write(name, text, class_, day) for name, text in self._parts[:-1])

    def number(self, class_: str, day: date, count: int) -> str:
        """The number of the day's case `count` (from 1). Raises ValueError."""
        if count < 1:
            raise ValueError(f"cases are counted from 1, not {count}")
        return f"{self.key(class_, day)}{count:0{self._width}d}"

    def read(self, text: str) -> tuple[str, date, int]:
        """Class, day and count, as written in a number. Raises ValueError."""
        found = self._match(self._pattern + rf"(?P<n>[0-9]{{{self._width},}})", text)
        count = int(found["n"])
        if count < 1 or len(found["n"]) > max(self._width, len(str(count))):
            raise ValueError(f"not a case number: {text[:40]!r}")
        return (*self._said(found, text), count)

    def read_key(self, text: str) -> tuple[str, date]:
        """Class and day, as written before the count, with or without the sign at its end. Raises ValueError."""
        ends = re.sub(r"((?:\\.|[/_])*)$", lambda sign: f"(?:{sign[1]})?" if sign[1] else "", self._pattern)
        return self._said(self._match(ends, text), text)

    def typed(self, digits: str) -> list[str]:
        """The numbers, one a class, whose digits these are: what a telephone can key in. None if they are too few."""
        found = []
        for class_ in sorted(self.codes):
            text, rest = "", digits
            for name, said in self._parts[:-1]:
                part = {"class": self.codes[class_], "area": self.area}.get(name, said)
                size = {"date": 8, "day": 6}.get(name) or sum(one.isdigit() for one in part)
                text += rest[:size] if name in _DATES else part
                if name not in _DATES and rest[:size] != "".join(one for one in part if one.isdigit()):
                    rest = ""
                rest = rest[size:]
            if len(rest) >= self._width:
                found.append(text + rest)
        return found

    @cached_property
    def _parts(self) -> list[tuple[str, str]]:
        """Name and text of each part; what stands between has no name."""
        found, at = [], 0
        for part in _PART.finditer(self.template):
            found.append(("", self.template[at : part.start()]))
            if part[2] and part[1] != "n":
                raise BadTemplate("only {n} has a number of digits")
            found.append((part[1], part[2] or ""))
            at = part.end()
        found.append(("", self.template[at:]))
        for name, text in found:
            if not name and not _PLAIN.fullmatch(text):
                raise BadTemplate(f"{text[:20]!r} is no part of a number")
        return [(name, text) for name, text in found if name or text] or [("", "")]

    @property
    def _width(self) -> int:
        return int(self._parts[-1][1] or 1)

    @cached_property
    def _pattern(self) -> str:
        patterns = {"class": f"(?P<class>{'|'.join(self.codes.values())})", "area": re.escape(self.area)}
        return "".join(
            _DATES[name][1] if name in _DATES else patterns[name] if name else re.escape(text)
            for name, text in self._parts[:-1]
        )

    def _write(self, name: str, text: str, class_: str, day: date) -> str:
        if name in _DATES:
            # Of early years strftime leaves out the noughts at the front.
            return f"{day.year:04d}{day:%m%d}"[2 if name == "day" else 0 :]
        return {"class": self.codes[class_], "area": self.area}.get(name, text)

    def _runs_on(self) -> bool:
        """Whether letters follow the class's code at once, so that one code could be read for another."""
        parts = self._parts
        name, text = parts[[one for one, _ in parts].index("class") + 1]
        return not name and text[:1].isalpha()

    def _match(self, pattern: str, text: str) -> "re.Match[str]":
        found = re.fullmatch(pattern, text, re.ASCII)
        if found is None:
            raise ValueError(f"not a case number: {text[:40]!r}")
        return found

    def _said(self, found: "re.Match[str]", text: str) -> tuple[str, date]:
        classes = {code: class_ for class_, code in self.codes.items()}
        digits = found["date"]
        try:
            day = datetime.strptime(digits if len(digits) == 8 else f"20{digits}", "%Y%m%d").date()  # noqa: DTZ007
        except ValueError as error:
            raise ValueError(f"not a case number: {text[:40]!r}") from error
        return classes[found["class"]], day
