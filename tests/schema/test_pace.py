"""The pace of a token: so many a second, a few at once, each token for itself."""

from schema.ids import uuid7
from schema.pace import Pace


def test_a_few_at_once_and_then_so_many_a_second() -> None:
    now, token, other = [0.0], uuid7(), uuid7()
    pace = Pace(2.0, 3.0, lambda: now[0])
    assert [pace.take(token) for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert pace.take(other) == 0.0
    now[0] = 0.5
    assert [pace.take(token) for _ in range(2)] == [0.0, 0.5]
    now[0] = 100.0
    assert [pace.take(token) for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
