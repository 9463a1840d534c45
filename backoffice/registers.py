"""Registers 台账: looked up by everybody; filled from a sheet after a check, brought back, closed by keepers."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.casework import form_id
from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.office import language, note, office, say, visitor
from backoffice.rights import needs
from backoffice.takeaway import MOST_EXCEL, Takeaway
from schema.desk import registerlists as lists
from schema.desk.errors import Refused
from schema.desk.registers import (
    KEEP,
    READ,
    bring_back,
    close_register,
    import_register,
    make_register,
    taken,
    values_now,
)
from schema.ids import as_id, uuid7
from schema.orders import BringBackRegister, CloseRegister, ImportRegister, MakeRegister
from schema.registers import Register
from schema.rules.registers import MERGE, WAYS, BadSheet, Fault, compare, decode
from schema.store import UnitOfWork

pages = Blueprint("registers", __name__)
MOST_BYTES = 500 * 1024
"""Of a sheet in one request; a larger register comes in parts, the later ones added to the first."""
SHOWN = 50
"""Faulty rows, and keys of a comparison, that are shown."""


@pages.get("/registers")
@needs(READ)
def listing() -> str:
    """Which there are."""
    return _listing()


@pages.post("/registers")
@needs(KEEP)
def make() -> ResponseReturnValue:
    """Begin one."""
    text = request.form.get
    order = MakeRegister(
        order=form_id("order") or uuid7(), by=visitor().id, name=text("register", "").strip()[:60],
        zh=text("zh", "").strip(), en=text("en", "").strip(), ug=text("ug", "").strip(),
    )  # fmt: skip
    try:
        with office().store.work() as work:
            register = make_register(work, order)
            note(work, "register.make", register.name)
            name = register.name
    except Refused as refused:
        if refused.code != "bad-field":
            raise
        return _listing(refused), status_of(refused)
    return redirect(f"/registers/{name}", 303)


@pages.get("/registers/<name>")
@needs(READ)
def one(name: str) -> str:
    """A register, looked through by words."""
    typed, after = request.args.get("q", "").strip()[:100], request.args.get("after", "")[:60]
    closed = visitor().actor.grants.get(KEEP) is not None
    with office().store.read() as session:
        register = lists.register_called(session, name, closed=closed)
        found = lists.rows_with(session, name, typed, after)
        return render_template(
            "register.html", register=register, title=lists.title(register, language()), found=found, typed=typed,
            history=lists.history(session, name), ways=WAYS, order=uuid7, most=MOST_BYTES // 1024,
        )  # fmt: skip


@pages.get("/registers/<name>/rows.csv")
@needs(READ)
def csv(name: str) -> Response:
    """The whole register as CSV."""
    with office().store.read() as session:
        register = lists.register_called(session, name)

    def lines() -> Iterator[Sequence[Sequence[Any]]]:
        with office().store.read() as session:
            for rows in lists.walk(session, name):
                yield [row.values for row in rows]

    return Takeaway(
        "register", name, register.columns, [20] * len(register.columns), lines, lists.title(register, language()),
        say("list.excel_more", most=f"{MOST_EXCEL:,}"),
    ).csv()  # fmt: skip


@pages.post("/registers/<name>/check")
@needs(KEEP)
def check(name: str) -> ResponseReturnValue:
    """What a sheet would do: counts, some keys, the faulty rows; nothing is changed."""
    way = _way()
    with office().store.read() as session:
        register = lists.register_called(session, name)
        try:
            sheet = taken(register, _sheet(), way)
        except Refused as refused:
            return _bad_sheet(refused)
        before = values_now(session, name)
    found = compare(before, {key: row.values for key, row in sheet.rows.items()}, way)
    parts = {"added": found.added, "changed": found.changed, "removed": found.removed}
    return jsonify(
        version=register.version, columns=sheet.columns, faulty=sheet.faulty, same=found.same,
        faults=[_fault(one) for one in sheet.faults[:SHOWN]],
        **{part: {"count": len(keys), "some": keys[:SHOWN]} for part, keys in parts.items()},
    )  # fmt: skip


@pages.post("/registers/<name>/import")
@needs(KEEP)
def put_in(name: str) -> ResponseReturnValue:
    """Put a sheet in. The same `order` again answers the same."""
    asked = request.args
    try:
        id, seen = as_id(asked.get("order", "")), int(asked.get("version", ""))
    except ValueError:
        abort(400)
    try:
        order = ImportRegister(
            order=id, by=visitor().id, register=name, version=seen, way=_way(), text=_sheet(),
            file=asked.get("file", "")[-100:], leave_out=asked.get("leave") == "yes",
        )  # fmt: skip
        with office().store.work() as work:
            done = import_register(work, order)
            counts = f"+{done.added} ~{done.changed} -{done.removed} !{done.faulty}"
            note(work, "register.import", f"{name} {done.version}", reason=counts)
            return jsonify(version=done.version, added=done.added, changed=done.changed, removed=done.removed)
    except Refused as refused:
        if refused.field not in ("csv", "faulty"):
            raise
        return _bad_sheet(refused)


@pages.post("/registers/<name>/back")
@needs(KEEP)
def back(name: str) -> ResponseReturnValue:
    """Let it say again what it said."""
    try:
        seen, to = int(request.form.get("version", "")), int(request.form.get("to", ""))
    except ValueError:
        abort(400)
    order = BringBackRegister(
        order=form_id("order") or uuid7(), by=visitor().id, register=name, version=seen, to=to
    )
    return _do(
        name, lambda work: note(work, "register.back", f"{name} {bring_back(work, order).version}", reason=str(to))
    )  # fmt: skip


@pages.post("/registers/<name>/close")
@needs(KEEP)
def close(name: str) -> ResponseReturnValue:
    """Show it no more, or again."""
    again = request.form.get("back") == "yes"
    order = CloseRegister(order=form_id("order") or uuid7(), by=visitor().id, register=name, back=again)

    def carry_out(work: UnitOfWork) -> None:
        close_register(work, order)
        note(work, "register.open" if again else "register.close", name)

    return _do(name, carry_out)


def _do(name: str, carry_out: Callable[[UnitOfWork], None]) -> ResponseReturnValue:
    with office().store.work() as work:
        carry_out(work)
    return redirect(f"/registers/{name}", 303)


def _listing(refused: Refused | None = None) -> str:
    with office().store.read() as session:
        keeps = visitor().actor.grants.get(KEEP) is not None
        rows = lists.registers(session, closed=keeps)
        shown: list[tuple[Register, str]] = [(row, lists.title(row, language())) for row in rows]
    return render_template(
        "registers.html", rows=shown, order=uuid7, typed=request.form, wrong=field_texts(refused) if refused else {},
        trouble=refusal_text(refused) if refused else "",
    )  # fmt: skip


def _way() -> str:
    way = request.args.get("way", "")
    return way if way in WAYS else MERGE


def _sheet() -> str:
    request.max_content_length = MOST_BYTES
    try:
        return decode(request.get_data(cache=False))
    except BadSheet as bad:
        raise Refused("bad-field", str(bad), "csv") from bad


def _bad_sheet(refused: Refused) -> ResponseReturnValue:
    code, _, detail = str(refused).partition(" ")
    key = f"register.sheet.{code}" if refused.field == "csv" else "register.sheet.faulty"
    return jsonify(error=refused.code, text=say(key, detail=detail), fields={}), status_of(refused)


def _fault(fault: Fault) -> dict[str, Any]:
    return {"line": fault.line, "column": fault.column, "why": say(f"register.fault.{fault.why}")}
