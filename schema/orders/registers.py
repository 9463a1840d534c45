"""Orders about registers 台账."""

from dataclasses import dataclass

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeRegister(Order):
    """Begin a register; `name` goes into addresses, the titles are for people (only `zh` is needed)."""

    name: str
    zh: str
    en: str = ""
    ug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRegister(Order):
    """Put a sheet (CSV, as text) into a register that was at `version`; `leave_out`: faulty rows are left out."""

    register: str
    version: int
    way: str
    text: str
    file: str = ""
    leave_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BringBackRegister(Order):
    """Let a register that was at `version` say again what it said at version `to`."""

    register: str
    version: int
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRegister(Order):
    """Show a register no more, or again (`back`)."""

    register: str
    back: bool = False
