"""What handsets read of registers 台账: which there are, and rows found by words; a small one whole, to be kept."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy.orm import Session

from schema.desk import registerlists as lists

SMALL = 300
"""A register of at most so many rows is given whole, so that it can be looked through without a network."""
PER_PAGE = 40


class About(Struct, frozen=True):
    """A register: its name in addresses, its names by language, its headings; `small`: it fits into a handset whole."""

    name: str
    names: dict[str, str]
    columns: list[str]
    version: int
    rows: int
    small: bool
    changed: datetime


class Registers(Struct, frozen=True):
    """Which there are."""

    registers: list[About]


class Rows(Struct, frozen=True):
    """Rows in the order of their keys, the first value; `after` is where the next page begins, "" there is none."""

    name: str
    version: int
    columns: list[str]
    rows: list[list[str]]
    after: str


def registers_now(session: Session) -> Registers:
    """Those that have rows."""
    return Registers(
        [
            About(
                one.name, dict(one.names), list(one.columns), one.version, one.rows, one.rows <= SMALL, one.changed_at
            )
            for one in lists.registers(session)
            if one.rows
        ]
    )  # fmt: skip


def register_rows(session: Session, name: str, typed: str = "", after: str = "") -> Rows:
    """Rows that have all the words; a small register whole if nothing was typed. Raises Refused("not-found")."""
    register = lists.register_called(session, name)
    whole = not typed and not after and register.rows <= SMALL
    found = lists.rows_with(session, name, typed[:100], after[:60], SMALL if whole else PER_PAGE)
    rows = [[str(value) for value in row.values] for row in found.rows]
    return Rows(name, register.version, list(register.columns), rows, found.after)
