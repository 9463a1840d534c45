"""The register of contacts taken along, as CSV or as an Excel workbook; exactly what is chosen, and written down."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, abort, redirect, request

from backoffice.contactform import ContactForm
from backoffice.contactlist import agents, asked_form, channel_names, number
from backoffice.office import office, say, visitor
from backoffice.rights import needs
from backoffice.takeaway import MOST_EXCEL, Takeaway, heads
from schema.desk.contactlist import Entry, walk

pages = Blueprint("contactexport", __name__)
HEADS = (
    *(f"contactlist.{name}" for name in ("time", "channel", "number", "language", "agent", "outcome")),
    "contact.promises", "contactlist.cases",
)  # fmt: skip


WIDTHS = (20, 14, 16, 10, 20, 14, 14, 40)


@pages.get("/cases/contacts/export.csv")
@needs("contact.export")
def csv() -> Response:
    """The register as CSV."""
    return _takeaway().csv()


@pages.get("/cases/contacts/export.xlsx")
@needs("contact.export")
def excel() -> Response:
    """The register as a workbook."""
    return _takeaway().excel()


def _takeaway() -> Takeaway:
    form = _form()
    more = say("contactlist.excel_more", most=f"{MOST_EXCEL:,}")
    return Takeaway(
        "contacts",
        form.query(),
        heads(HEADS),
        WIDTHS,
        lambda: _pages(form),
        say("contactlist.title"),
        more,
        times="full",
    )


def _form() -> ContactForm:
    with office().store.read() as session:
        form = asked_form(channel_names(session))
    if form.wrong:
        abort(
            redirect(f"/cases/contacts?{request.query_string.decode('latin-1')}")
        )  # which says what is wrong
    return form


def _pages(form: ContactForm) -> Iterator[Sequence[list[Any]]]:
    """The time and the texts of each line."""
    with office().store.read() as session:
        channels, people = channel_names(session), agents(session, whole=True)

        def texts(entry: Entry) -> list[Any]:
            known = office().words.has
            return [
                entry.at,
                channels.get(entry.channel, entry.channel),
                number(entry.number),
                say(f"language.{entry.language}") if known(f"language.{entry.language}") else entry.language,
                people.get(entry.user, entry.seat) if entry.user else entry.seat,
                outcome(entry.outcome),
                say(f"contactlist.promise.{entry.callback}") if entry.callback else "",
                " ".join(entry.cases),
            ]

        for rows in walk(session, form.wanted, visitor()):
            yield [texts(entry) for entry in rows]


def outcome(code: str) -> str:
    """How a contact came out, in words."""
    own = f"contactlist.out.{code}"
    return say(own if office().words.has(own) else f"outcome.{code}")
