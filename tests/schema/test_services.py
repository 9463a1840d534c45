from dataclasses import replace
from datetime import date

import pytest

from conf.services import Service
from conf.settings import Acd, Settings
from schema.rules.calendar import Span
from schema.rules.services import ALWAYS, BadServices
from schema.services import levels, rules_of, services_of


def of(*services: Service) -> Settings:
    return replace(Settings(), services=services)


def test_a_service_is_read_from_its_table() -> None:
    (one,) = services_of(
        of(
            Service("water", wants="pipes:3 meters", priority=2, workdays="08:30-12:00 13:30-17:30", max_waiting=5,
                    dates=("2026-10-01", "2026-12-31 08:30-12:00"), first=("0571* 3", "110 9"),
                    callback_order="citizen-first")
        )
    )  # fmt: skip
    assert (one.queue, one.wants, one.priority) == ("hotline", (("pipes", 3), ("meters", 1)), 2)
    assert one.hours.workdays == (Span(510, 720), Span(810, 1050)) and one.hours.other_days == ()
    assert one.hours.dates == {date(2026, 10, 1): (), date(2026, 12, 31): (Span(510, 720),)}
    assert (one.first, one.max_waiting, one.max_wait, one.overflow_after) == (
        {"0571*": 3, "110": 9},
        5,
        None,
        None,
    )
    assert one.callback_order == "citizen-first"


def test_without_hours_it_is_open_day_and_night() -> None:
    (one,) = services_of(Settings())
    assert one.hours is ALWAYS


@pytest.mark.parametrize(
    "service",
    [
        Service("a", workdays="8-12"),
        Service("a", workdays="12:00-08:00"),
        Service("a", dates=("yesterday",)),
        Service("a", first=("110 urgent",)),
        Service("a", priority=10),
        Service("a", when_closed="music"),
        Service("a", overflow_to="nowhere"),
        Service("a", overflow_after=3),
    ],
)
def test_what_cannot_be_is_refused_by_the_services_name(service: Service) -> None:
    with pytest.raises(BadServices, match="a"):
        services_of(of(service))


def test_services_do_not_send_in_a_circle() -> None:
    with pytest.raises(BadServices, match="circle"):
        services_of(
            of(Service("a", queue="a", overflow_to="b"), Service("b", queue="b", when_closed="queue:a"))
        )


def test_levels_are_names_with_numbers_and_what_is_none_is_left_out() -> None:
    assert levels("zh:10 en ug:99 :3 A:1 x:y") == {"zh": 10, "en": 1, "ug": 10}


def test_never_is_nought() -> None:
    rules = rules_of(Acd(age_every=0, relax_after=0, any_language_after=0, language_level=4))
    assert (rules.age_every, rules.relax.relax_after, rules.relax.any_after, rules.language_level) == (
        None,
        None,
        None,
        4,
    )


def test_the_number_that_a_service_shows_is_one_that_can_be_dialled() -> None:
    (one,) = services_of(of(Service("water", caller="+8657188880000")))
    assert one.caller == "+8657188880000"
    with pytest.raises(BadServices, match="water"):
        services_of(of(Service("water", caller="the water works")))
