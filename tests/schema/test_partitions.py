"""Old days of positions go, and each new day has its part."""

from datetime import timedelta

from schema.partitions import keep_house, parts
from schema.positions import TrackHead
from tests.schema.desk.conftest import desk as desk_of
from tests.schema.desk.test_positions import NOW, Street, at
from tests.schema.desk.test_positions import street as street_of

desk, street = desk_of, street_of


def test_old_days_go_and_new_days_have_their_part(street: Street) -> None:
    street.keep(at(-600), at(-10, 1))
    gone = NOW - timedelta(seconds=600)
    street.now = NOW
    with street.store.work() as work:
        assert keep_house(work, 30) == 0
    with street.store.engine.connect() as connection:
        made = parts(connection)
    if not street.store.is_sqlite:
        assert sorted(day.day for day in made) == [24, 25, 26]
    assert len(street.rows()) == 2 and street.rows()[0].fixed_at == gone  # moved, and found
    street.keep(at(-5, 1), at(86_400 * 40))  # far ahead: in the part for the rest
    assert [row.flag for row in street.rows()] == ["", "", "", "future"]
    street.now = NOW + timedelta(days=31)
    with street.store.work() as work:
        assert keep_house(work, 30) == (3 if street.store.is_sqlite else 1)
    assert [row.flag for row in street.rows()] == ["future"]
    with street.store.read() as session:
        assert session.get(TrackHead, "hs-1") is None
    with street.store.work() as work:
        assert keep_house(work, 30) == 0
