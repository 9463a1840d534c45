"""The steps of calls: what a time line shows, one row a step, each written once."""

from sqlalchemy.orm import Session

from schema.base import table_of
from schema.calls import CallStep
from schema.desk.sheets import Sheet
from schema.facts import CallFact


class CallSteps:
    """Steps that facts tell of. One with the same key, or of the same moment, is the same step."""

    def __init__(self) -> None:
        self._rows = Sheet(table_of(CallStep), ["key"], once=True)

    def add(self, fact: CallFact, hop: str, *, seat: str = "", detail: str = "", key: str = "") -> None:
        """A call took a step, unless it is known."""
        unique = f"{fact.call}/{hop}/{key or fact.at.isoformat()}"
        if self._rows.see(unique) is None:
            self._rows.add(
                unique, contact=fact.contact, call=fact.call, key=unique, hop=hop, at=fact.at, seat=seat,
                detail=detail[:200],
            )  # fmt: skip
            self._rows.over(unique)

    def write(self, session: Session) -> None:
        """Write what is new."""
        self._rows.write(session)

    def written(self) -> None:
        """What was written is committed."""
        self._rows.written()
