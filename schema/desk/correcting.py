"""What is known of a citizen put right: the name they gave and the language they speak; nothing else is kept."""

from sqlalchemy import select

from schema.cases import Citizen, CitizenStep
from schema.desk.errors import Refused, bad_fields
from schema.desk.moves import allow, check_texts
from schema.orders import CorrectCitizen
from schema.rules.languages import LANGUAGES
from schema.store import UnitOfWork


def correct_citizen(work: UnitOfWork, order: CorrectCitizen) -> tuple[Citizen, str]:
    """The citizen as they are now, and which fields were put right ("name language", "" for none).

    The same order again changes nothing. Raises Refused: not-allowed, not-found, bad-field, and stale when somebody
    else has changed them meanwhile.
    """
    allow(work, order.by, "contact.correct")
    session = work.session
    citizen = session.scalar(select(Citizen).where(Citizen.id == order.citizen).with_for_update())
    if citizen is None:
        raise Refused("not-found", "there is no such citizen")
    if (done := session.get(CitizenStep, order.order)) is not None:
        if done.citizen != citizen.id:
            raise Refused("bad-field", "the order was about another citizen before", "order")
        return citizen, ""
    wrong = check_texts({"name": (order.name, 0, 100)})
    if order.language and order.language not in LANGUAGES and order.language != citizen.language:
        wrong["language"] = "there is no such language here"
    if wrong:
        raise bad_fields(wrong)
    if (citizen.name, citizen.language) != (order.was_name, order.was_language):
        raise Refused("stale", "somebody else has put it right meanwhile; look again")
    name = " ".join(order.name.split())
    fields = " ".join(
        field
        for field, value, now in (
            ("name", name, citizen.name),
            ("language", order.language, citizen.language),
        )
        if value != now
    )
    if fields:
        citizen.name, citizen.language = name, order.language
        session.add(
            CitizenStep(order=order.order, citizen=citizen.id, by=order.by, at=work.now, fields=fields)
        )
        session.flush()
    return citizen, fields
