"""Rows of many cases as lines for COPY: the case, the call it came by, its history, and the words it is found by.

Case n of N is the same whenever it is made. Cases are spread evenly over `YEARS`, the newest ones are still worked at.
A history is filed, handled and closed: the texts that full text is about, without every step between.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.rig.casetexts import CLOSING, DONE, NOTES, piece_tokens, request, words
from schema.rules.searchweeks import code, week_of

YEARS = 5
SPAN = timedelta(days=365 * YEARS)
DAY_US = 86_400_000_000
KINDS = ("complaint", "service", "consultation", "suggestion")
COLUMNS = {
    "citizens": ("id", "number", "name", "language", "made_at"),
    "cases": (
        "id", "case_no", "contact", "call", "citizen", "number", "class", "kind", "channel", "title", "text",
        "language", "cell", "address", "lon", "lat", "state", "worker", "made_by", "made_at", "soon_at", "due_at",
        "due_words", "closed_at", "rating", "version",
    ),
    "case_steps": ("case", "contact", "order", "hop", "state", "by", "at", "text", "detail"),
    "calls": (
        "id", "contact", "node", "leg", "direction", "purpose", "case", "number", "dialled", "language", "queue",
        "stage", "outcome", "ended_by", "cause", "entered_at", "queued_at", "answered_at", "ended_at", "seat",
        "user", "offers", "by_net", "inferred", "revision",
    ),
    "case_words": ("case", "made_at", "words"),
}  # fmt: skip
POLICIES = {
    "complaint": (5, "working-days"), "service": (2, "working-days"), "consultation": (8, "working-hours"),
    "suggestion": (15, "calendar-days"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Town:
    """Whom and where cases are about: ids of agents and workers, codes of cells; `now` is the end of the years."""

    agents: Sequence[str]
    workers: Sequence[str]
    cells: Sequence[str]
    now: datetime

    @property
    def begins(self) -> datetime:
        """When the first case was made: a midnight, so that the cases of a day can be numbered."""
        return (self.now - SPAN).replace(hour=0, minute=0, second=0, microsecond=0)


def callers_of(total: int) -> int:
    """How many people so many cases come from: about three from each, many from few."""
    return max(10, total // 3)


def caller(n: int) -> tuple[str, str]:
    """Id and number of a citizen."""
    return f"{n:012x}7000800000000000cafe"[:32], f"1{30_000_000 + n * 7 % 60_000_000:08d}{n % 89 + 10}"[:11]


def citizens(total: int, first: int, last: int, town: Town) -> Iterator[str]:
    """The citizens `first` to `last`."""
    made = town.begins.isoformat()
    for n in range(first, last):
        id, number = caller(n)
        yield f"{id}\t{number}\t{'王李张刘陈'[n % 5]}女士\tzh\t{made}\n"


def lines(n: int, total: int, town: Town) -> dict[str, str]:
    """The lines of case `n` (from 0) of `total`, by table; several of a table follow each other."""
    chance = random.Random(n * 2_654_435_761 % 2**61)
    step = SPAN // timedelta(microseconds=1) // total
    made_us = n * step
    made = town.begins + timedelta(microseconds=made_us)
    day = made_us // DAY_US
    of_day = n - -(-day * DAY_US // step) + 1
    id, contact = _id(made, n, 0), _id(made, n, 1)
    text = request(chance)
    class_ = "government" if chance.random() < 0.6 else "social"
    kind = chance.choices(KINDS, (45, 30, 20, 5))[0]
    who, number = caller(int(callers_of(total) * chance.random() ** 1.5))
    phone = chance.random() < 0.8
    agent, worker, cell = chance.choice(town.agents), chance.choice(town.workers), chance.choice(town.cells)
    units, unit = POLICIES[kind]
    takes = timedelta(hours=units) if unit.endswith("hours") else timedelta(days=units)
    due, soon = made + takes, made + takes * 0.8
    age = town.now - made
    state, closed, rating = _state(chance, age)
    closed_at = made + takes * (0.2 + chance.random()) if closed else None
    if closed_at is not None and closed_at > town.now:
        closed_at = town.now
    at = made.isoformat()
    prefix = "ZW" if class_ == "government" else "SH"
    due_words = json.dumps({"units": units, "unit": unit, "skipped": [], "made_up": [], "certain": True})
    call = contact if phone else r"\N"
    case = (
        f"{id}\t{prefix}-{made:%Y%m%d}-{of_day:04d}\t{contact}\t{call}\t{who}\t{number}\t{class_}\t{kind}\t"
        f"{'phone' if phone else 'web'}\t{text.title}\t{text.text}\t{text.language}\t{cell}\t{text.address}\t"
        f"{120 + chance.random() * 0.4:.6f}\t{30.1 + chance.random() * 0.3:.6f}\t{state}\t"
        f"{worker if state not in ('filed', 'void') else _N}\t{agent}\t{at}\t{soon.isoformat()}\t{due.isoformat()}\t"
        f"{due_words}\t{closed_at.isoformat() if closed_at else _N}\t{rating or _N}\t{5 if closed else 1}\n"
    )  # fmt: skip
    said = [chance.choice(NOTES)] if state not in ("filed", "void") else []
    steps = [("filed", "filed", agent, made, text.title)]
    if said:
        steps.append(("dispatched", "dispatched", agent, made + takes * 0.05, said[0]))
    if closed:
        said += [chance.choice(DONE), chance.choice(CLOSING)]
        steps[-1] = ("handled", "handled", worker, made + takes * 0.15, f"{said[0]}，{said[1]}")
        steps.append(("closed", "closed", agent, closed_at or made, said[2]))
    history = "".join(
        f"{id}\t{contact}\t{_id(made, n, 2 + at)}\tcase.{hop}\t{after}\t{by}\t{when.isoformat()}\t{what}\t{{}}\n"
        for at, (hop, after, by, when, what) in enumerate(steps)
    )
    week = code(week_of(made))
    found = dict.fromkeys([*words(text), *(token for one in said for token in piece_tokens(one))])
    rows = {
        "cases": case,
        "case_steps": history,
        "case_words": f"{id}\t{at}\t{week}{f' {week}'.join(found)}\n",
    }
    if phone:
        answered, ended = made - timedelta(seconds=170), made + timedelta(seconds=20)
        rows["calls"] = (
            f"{contact}\t{contact}\tpbx1\t\tin\thotline\t{id}\t{number}\t12345\t{text.language}\thotline\ttalking\t"
            f"answered\tcitizen\t16\t{(made - timedelta(seconds=190)).isoformat()}\t"
            f"{(made - timedelta(seconds=180)).isoformat()}\t{answered.isoformat()}\t{ended.isoformat()}\t"
            f"101\t{agent}\t1\tf\tf\t1\n"
        )
    return rows


_N = r"\N"


def _id(made: datetime, n: int, what: int) -> str:
    """An id that sorts by time, as the product's do (UUID version 7)."""
    ms = int(made.replace(tzinfo=UTC).timestamp() * 1000)
    return f"{ms:012x}7{what:03x}8{n:015x}"


def _state(chance: random.Random, age: timedelta) -> tuple[str, bool, int | None]:
    """State, whether it is closed, and the rating."""
    luck = chance.random()
    if luck < 0.01:
        return "void", False, None
    if age < timedelta(days=20) and luck < 0.5:
        return chance.choices(("filed", "dispatched", "handled", "checked"), (2, 5, 2, 1))[0], False, None
    if luck < 0.03:
        return "dispatched", False, None
    return (
        ("rated", True, chance.choices(range(1, 6), (50, 30, 12, 5, 3))[0])
        if luck < 0.4
        else ("closed", True, None)
    )
