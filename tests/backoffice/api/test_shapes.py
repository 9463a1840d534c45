"""The shapes: each says what it is, and is told without what was not asked for."""

import msgspec
import pytest

from backoffice.api import asks, callshapes, shapes
from schema.calls import CallBackRow, CallRow

SHAPES = [
    kind
    for module in (shapes, callshapes, asks)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
]


@pytest.mark.parametrize("kind", SHAPES, ids=lambda kind: kind.__name__)
def test_every_shape_says_what_it_is(kind: type) -> None:
    assert kind.__doc__ and kind.__doc__.strip().endswith((".", ")."))


def test_rows_have_what_shapes_tell_of_them() -> None:
    assert set(callshapes.Call.__struct_fields__) - {"agent"} <= set(CallRow.__mapper__.columns.keys())
    assert set(shapes.CallBack.__struct_fields__) <= set(CallBackRow.__mapper__.columns.keys())


@pytest.mark.parametrize(
    "kind", [kind for kind in SHAPES if issubclass(kind, asks.Asked)], ids=lambda kind: kind.__name__
)
def test_what_is_not_named_is_refused(kind: type) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"nothing_of_this_name": 1}', type=kind)
