"""Orders about registers 台账."""

from schema.orders.base import Order


class MakeRegister(Order, frozen=True, kw_only=True):
    """Begin a register; `name` goes into addresses, the titles are for people (only `zh` is needed)."""

    name: str
    zh: str
    en: str = ""
    ug: str = ""


class ImportRegister(Order, frozen=True, kw_only=True):
    """Put a sheet (CSV, as text) into a register that was at `version`; `leave_out`: faulty rows are left out."""

    register: str
    version: int
    way: str
    text: str
    file: str = ""
    leave_out: bool = False


class BringBackRegister(Order, frozen=True, kw_only=True):
    """Let a register that was at `version` say again what it said at version `to`."""

    register: str
    version: int
    to: int


class CloseRegister(Order, frozen=True, kw_only=True):
    """Show a register no more, or again (`back`)."""

    register: str
    back: bool = False
