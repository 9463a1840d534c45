"""Every fact and order there is goes through JSON and comes back equal; what is not one is refused."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from schema.facts import Fact
from schema.ids import uuid7
from schema.orders import Order, Pause
from schema.wire import FACTS, ORDERS, from_body, to_body
from tests.schema.play import AT, queued, ready

KINDS: list[type[Any]] = [*FACTS.values(), *ORDERS.values()]
INSTANTS = st.datetimes(timezones=st.just(UTC))
TEXTS = st.text(st.characters(codec="utf-8"))

st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(str, TEXTS)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(int, st.integers(-(2**53), 2**53))
st.register_type_strategy(UUID, st.builds(uuid7, st.integers(0, (1 << 48) - 1).map(lambda ms: lambda: ms)))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_message_comes_back_equal(kind: type[Any]) -> None:
    @given(st.builds(kind, **{field.name: ... for field in fields(kind)}))
    def holds(message: Fact | Order) -> None:
        body = json.loads(json.dumps(to_body(message)))
        assert from_body(kind.__name__, body) == message

    holds()


def test_every_message_is_frozen_and_a_fact_or_an_order() -> None:
    assert FACTS and ORDERS and not set(FACTS) & set(ORDERS)
    assert "Fact" not in FACTS and "Order" not in ORDERS
    for kind in KINDS:
        assert kind.__struct_config__.frozen, kind
        assert kind.__doc__ and not kind.__doc__.startswith(kind.__name__), kind
        assert len(kind.__name__) <= 40, kind  # outbox.name


def test_a_field_that_came_later_has_its_default_and_one_from_the_future_is_passed_over() -> None:
    body = to_body(queued())
    del body["priority"]
    body["from_the_future"] = True
    message = from_body("CallQueued", body)
    assert getattr(message, "priority") == 0  # noqa: B009


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    body = to_body(ready(1)) | {"at": AT.astimezone(timezone(timedelta(hours=8))).isoformat()}
    message = from_body("SeatReady", body)
    assert isinstance(message, Fact) and message.at == AT


@pytest.mark.parametrize("name", ["", "Fact", "Order", "CallFact2", "object", "__class__"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        from_body(name, {})


@pytest.mark.parametrize("change", [{"seat": 101}, {"reason": None}, {"order": "no id"}, {"by": 7}])
def test_a_body_of_wrong_kinds_is_refused(change: dict[str, Any]) -> None:
    body = to_body(Pause(seat="101", reason="rest")) | change
    with pytest.raises(msgspec.ValidationError):
        from_body("Pause", body)


@pytest.mark.parametrize("body", [None, [], "text", 1, {}])
def test_a_body_that_is_none_is_refused(body: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        from_body("SeatReady", body)
