"""When positions have to wait."""

from field_gateway.pressure import ALL, BACKLOG, NONE, Pressure, later


def test_nothing_is_sent_away_while_everything_can_be_taken() -> None:
    pressure = Pressure(lambda: 0, busy=3)
    assert [pressure.level(False, False, now) for now in (0, 5, 50)] == [NONE] * 3


def test_a_backlog_is_sent_away_once_it_has_been_too_much_for_a_while() -> None:
    pressure = Pressure(lambda: 0, busy=3)
    assert [pressure.level(True, True, now) for now in (0, 2, 3, 9)] == [NONE, NONE, BACKLOG, BACKLOG]
    assert [pressure.level(full, full, now) for full, now in ((False, 10), (True, 11), (True, 13), (True, 14))] == [
        NONE, NONE, NONE, BACKLOG,
    ]  # fmt: skip


def test_those_of_before_are_sent_away_while_reports_wait_and_all_when_they_are_too_many_themselves() -> None:
    waiting = [41]
    pressure = Pressure(lambda: waiting[0], busy=3, most=40)
    assert [pressure.level(False, False, now) for now in (0, 2, 3)] == [NONE, NONE, BACKLOG]
    assert [pressure.level(True, True, now) for now in (4, 6, 7)] == [BACKLOG, BACKLOG, ALL]
    assert pressure.level(True, False, 8) == BACKLOG, "those of now are few: they go on"
    waiting[0] = 40
    assert [pressure.level(full, full, now) for full, now in ((True, 8), (False, 9))] == [BACKLOG, NONE]


def test_those_sent_away_do_not_come_back_at_once() -> None:
    assert {later(ALL, turn) for turn in range(120)} == set(range(20, 80))
    assert min(later(BACKLOG, turn) for turn in range(60)) == 60
