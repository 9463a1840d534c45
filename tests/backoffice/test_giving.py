"""An order is given once."""

from typing import Any

import pytest

from backoffice import giving, seatorders
from schema.ids import uuid7
from tests.backoffice.conftest import Town
from tests.backoffice.test_seat import orders


@pytest.mark.parametrize("verb", ["ready", "close"])
def test_the_same_request_twice_at_the_same_moment_is_one_order(
    town: Town, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    named, looks, given = str(uuid7()), [], giving.given

    def blind(order: Any) -> bool:
        looks.append(order)
        return len(looks) > 2 and given(order)  # both look before either has written

    for module in (giving, seatorders):
        monkeypatch.setattr(module, "given", blind)
    answers = [town.visit("agent").post(f"/api/seat/{verb}", json={"order": named}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [str(order.order) for order in orders(town)] == [named]
