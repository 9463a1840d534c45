"""The registers desk (台账): begun, filled from sheets with check and comparison, brought back, closed, by order.

Raises `Refused`: not-allowed, not-found, stale (somebody else changed it meanwhile), bad-field; field "csv" is a sheet
that cannot be taken (its text is the code of `schema.rules.registers.BadSheet`), "faulty" one with faulty rows
that were not to be left out. The same order again changes nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.desk.errors import Refused, bad_fields
from schema.desk.moves import allow, text_fault
from schema.facts import RegisterChanged, RegisterClosed
from schema.orders import BringBackRegister, CloseRegister, ImportRegister, MakeRegister
from schema.registers import Register, RegisterImport, RegisterRow
from schema.rules.bookparts import read_names
from schema.rules.registers import REPLACE, WAYS, BadSheet, Line, Sheet, compare, folded, read_sheet
from schema.store import UnitOfWork, alone

KEEP, READ = "register.keep", "register.read"
MOST = 50
BACK = "back"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}", re.ASCII)
_LOCK = 0x6772_6964_0061
_ROWS = table_of(RegisterRow)
_AT_ONCE = 500
"""Keys in one statement."""


def make_register(work: UnitOfWork, order: MakeRegister) -> Register:
    """Begin one, without rows."""
    allow(work, order.by, KEEP)
    alone(work.session, _LOCK)
    if (done := work.session.scalar(select(Register).where(Register.order == order.order))) is not None:
        return done
    wrong: dict[str, str] = {}
    if not _NAME.fullmatch(order.name):
        wrong["register"] = "a short name is 1 to 20 small Latin letters, digits or dashes"
    elif work.session.get(Register, order.name) is not None:
        wrong["register"] = f"there is a register {order.name!r} already"
    elif len(work.session.scalars(select(Register.name)).all()) >= MOST:
        wrong["register"] = f"there are {MOST} registers already"
    names: dict[str, str] = {}
    try:
        names = read_names({"zh": order.zh, "en": order.en, "ug": order.ug})
    except ValueError as error:
        wrong["zh"] = str(error)
    if wrong:
        raise bad_fields(wrong)
    register = Register(
        name=order.name, names=names, columns=[], version=0, rows=0, order=order.order, made_by=order.by,
        made_at=work.now, changed_at=work.now,
    )  # fmt: skip
    work.session.add(register)
    work.session.flush()
    return register


def import_register(work: UnitOfWork, order: ImportRegister) -> RegisterImport:
    """Put a sheet in: the next version."""
    allow(work, order.by, KEEP)
    register = _locked(work, order.register)
    if (done := work.session.get(RegisterImport, order.order)) is not None:
        return done
    _unchanged(register, order.version)
    wrong = {}
    if order.way not in WAYS:
        wrong["way"] = f"one of {', '.join(WAYS)}"
    if why := text_fault(order.file, 0, 100):
        wrong["file"] = why
    if wrong:
        raise bad_fields(wrong)
    sheet = taken(register, order.text, order.way)
    if sheet.faulty and not order.leave_out:
        raise Refused("bad-field", f"{sheet.faulty} rows are faulty", "faulty")
    return _next(work, register, order, order.way, sheet.columns, sheet.rows, sheet.faulty)


def bring_back(work: UnitOfWork, order: BringBackRegister) -> RegisterImport:
    """What a version said is what the next one says."""
    allow(work, order.by, KEEP)
    register = _locked(work, order.register)
    if (done := work.session.get(RegisterImport, order.order)) is not None:
        return done
    _unchanged(register, order.version)
    wanted = select(RegisterImport).where(
        RegisterImport.register == register.name, RegisterImport.version == order.to
    )
    then = work.session.scalar(wanted)
    if then is None or order.to >= register.version:
        raise Refused("not-found", f"{register.name} has no earlier version {order.to}")
    rows = {
        row.key: Line(tuple(row.values), row.lon, row.lat)
        for row in work.session.scalars(rows_at(register.name, order.to))
    }
    return _next(work, register, order, BACK, tuple(then.columns), rows, 0, back_to=order.to)


def close_register(work: UnitOfWork, order: CloseRegister) -> Register:
    """Show it no more, or again."""
    allow(work, order.by, KEEP)
    register = _locked(work, order.register, closed=True)
    if (register.closed_at is None) == order.back:
        return register  # the same order again
    register.closed_at = None if order.back else work.now
    work.emit(RegisterClosed(at=work.now, register=register.name, back=order.back, by=order.by))
    return register


def taken(register: Register, text: str, way: str) -> Sheet:
    """The sheet in a text, as this register takes it. Raises Refused."""
    try:
        sheet = read_sheet(text)
        if way != REPLACE and register.version and tuple(register.columns) != sheet.columns:
            raise BadSheet("other-heads", ", ".join(map(str, register.columns)))
    except BadSheet as bad:
        raise Refused("bad-field", str(bad), "csv") from bad
    return sheet


def rows_at(register: str, version: int) -> Any:
    """The rows of a register as they were at a version, by key."""
    return (
        select(RegisterRow)
        .where(
            RegisterRow.register == register,
            RegisterRow.since <= version,
            or_(RegisterRow.until.is_(None), RegisterRow.until > version),
        )
        .order_by(RegisterRow.key)
    )


def values_now(session: Session, register: str) -> dict[str, Sequence[str]]:
    """The values of every row there is now, by key."""
    now = select(RegisterRow.key, RegisterRow.values).where(
        RegisterRow.register == register, RegisterRow.until.is_(None)
    )
    return {key: values for key, values in session.execute(now)}


def _next(
    work: UnitOfWork,
    register: Register,
    order: ImportRegister | BringBackRegister,
    way: str,
    columns: tuple[str, ...],
    rows: Mapping[str, Line],
    faulty: int,
    back_to: int | None = None,
) -> RegisterImport:
    # Under other headings every row is another one.
    before = values_now(work.session, register.name)
    other = tuple(register.columns) != columns
    found = compare(before, {key: row.values for key, row in rows.items()}, way if way in WAYS else REPLACE)
    changed = tuple(key for key in rows if key in before) if other else found.changed
    version = register.version + 1
    _end(work.session, register.name, (*changed, *found.removed), version)
    new = [
        {
            "register": register.name, "key": key, "values": list(row.values), "words": folded(row.values),
            "lon": row.lon, "lat": row.lat, "since": version, "until": None,
        }
        for key, row in ((key, rows[key]) for key in (*found.added, *changed))
    ]  # fmt: skip
    for at in range(0, len(new), _AT_ONCE):
        work.session.execute(insert(_ROWS), new[at : at + _AT_ONCE])
    register.version, register.columns = version, list(columns)
    register.rows = len(before) + len(found.added) - len(found.removed)
    register.changed_at = work.now
    done = RegisterImport(
        id=order.order, register=register.name, version=version, way=way, back_to=back_to,
        file=order.file.strip() if isinstance(order, ImportRegister) else "", columns=list(columns),
        added=len(found.added), changed=len(changed), removed=len(found.removed), faulty=faulty, by=order.by,
        at=work.now,
    )  # fmt: skip
    work.session.add(done)
    work.session.flush()
    work.emit(
        RegisterChanged(
            at=work.now, register=register.name, version=version, added=done.added, changed=done.changed,
            removed=done.removed, by=order.by,
        )
    )  # fmt: skip
    return done


def _end(session: Session, register: str, keys: Sequence[str], version: int) -> None:
    for some in _pieces(keys):
        gone = (_ROWS.c.register == register) & _ROWS.c.until.is_(None) & _ROWS.c.key.in_(some)
        session.execute(update(_ROWS).where(gone).values(until=version))


def _pieces(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE))


def _locked(work: UnitOfWork, name: str, *, closed: bool = False) -> Register:
    register = work.session.scalar(
        select(Register)
        .where(Register.name == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if register is None or (register.closed_at is not None and not closed):
        raise Refused("not-found", f"there is no register {name[:20]!r}")
    return register


def _unchanged(register: Register, seen: int) -> None:
    if seen != register.version:
        raise Refused("stale", f"{register.name} has changed since it was shown; look again")
