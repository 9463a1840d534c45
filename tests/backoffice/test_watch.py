"""What a supervisor orders over another's seat."""

import pytest
from sqlalchemy import select

from schema.orders import Barge, ForcePause, ForceTransfer, Listen, Order
from schema.people import AuditRow
from tests.backoffice.conftest import Town
from tests.backoffice.test_seat import orders

ASK = {"reason": "to help", "target": "seat:102"}


@pytest.mark.parametrize(
    ("what", "kind"),
    [("listen", Listen), ("barge", Barge), ("pause", ForcePause), ("transfer", ForceTransfer)],
)
def test_an_order_over_a_seat_is_given_with_its_reason_and_audited(
    town: Town, what: str, kind: type[Order]
) -> None:
    assert town.visit("supervisor").post(f"/api/seats/101/{what}", json=ASK).status_code == 200
    (order,) = orders(town)
    assert type(order) is kind
    assert (getattr(order, "seat", ""), getattr(order, "reason", "")) == ("101", "to help")
    assert getattr(order, "watcher", "102") == "102"
    with town.store.read() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.what == f"watch.{what}")).one()
    assert (row.subject, row.reason) == ("101", "to help")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 41, "a\r\nb", None, 7])
def test_without_a_reason_nothing_is_done(town: Town, reason: object) -> None:
    answer = town.visit("supervisor").post("/api/seats/101/listen", json={"reason": reason})
    assert (answer.status_code, answer.json["field"], orders(town)) == (400, "reason", [])


def test_an_agent_may_not_and_nobody_listens_to_themselves(town: Town) -> None:
    assert town.visit("agent").post("/api/seats/102/listen", json=ASK).status_code == 403
    assert town.visit("supervisor").post("/api/seats/102/listen", json=ASK).status_code == 409
    assert town.visit("supervisor").post("/api/seats/101/explode", json=ASK).status_code == 404
    assert orders(town) == []
