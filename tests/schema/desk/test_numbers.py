"""Case numbers are counted in the transaction: what is rolled back was never given."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conf.settings import BadSettings, CaseNumbers, Settings
from schema.desk.numbers import next_case_no
from schema.rules.numbering import Numbering
from schema.store import Store


def test_a_number_that_was_rolled_back_is_given_again(store: Store) -> None:
    store.clock = lambda: datetime(2026, 11, 24, 4, tzinfo=UTC)
    with store.work() as work:
        assert next_case_no(work, "social") == "SH-20261124-0001"
    with pytest.raises(RuntimeError), store.work() as work:
        assert next_case_no(work, "social") == "SH-20261124-0002"
        raise RuntimeError
    with store.work() as work:
        assert [next_case_no(work, "social") for _ in range(2)] == ["SH-20261124-0002", "SH-20261124-0003"]


def test_another_zone_has_another_day(sqlite_url: str) -> None:
    midnight = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # half past midnight of the 25th in Shanghai
    for zone, number in (("Europe/Berlin", "SH-20261124-0001"), ("Asia/Shanghai", "SH-20261125-0001")):
        store = Store(sqlite_url, clock=lambda: midnight, zone=zone)
        with store.work() as work:
            assert next_case_no(work, "social") == number
        store.close()


def test_an_unknown_class_has_no_numbers(store: Store) -> None:
    with pytest.raises(ValueError, match="class"), store.work() as work:
        next_case_no(work, "military")


def test_a_day_has_no_gap_and_no_double_when_many_file_at_once_and_some_fail(store: Store) -> None:
    store.clock = lambda: datetime(2026, 11, 24, 4, tzinfo=UTC)

    def file(n: int) -> str:
        try:
            with store.work() as work:
                number = next_case_no(work, "social")
                if n % 3 == 0:
                    raise RuntimeError  # the case was not filed after all
                return number
        except RuntimeError:
            return ""

    with ThreadPoolExecutor(4) as threads:
        given = [number for number in threads.map(file, range(36)) if number]
    assert sorted(given) == [f"SH-20261124-{n:04d}" for n in range(1, 25)]


def test_a_city_numbers_by_its_template_and_goes_on_after_a_change(store: Store) -> None:
    store.clock = lambda: datetime(2026, 11, 24, 4, tzinfo=UTC)

    def given() -> str:
        with store.work() as work:
            return next_case_no(work, "social")

    assert given() == "SH-20261124-0001"
    store.numbering = Numbering("{class}{day}/{n:3}", {"government": "GOV", "social": "SOC"})
    assert given() == "SOC261124/001"
    store.numbering = Numbering("{class}-{date}.{n:6}")
    assert given() == "SH-20261124.000002"


def test_settings_that_give_no_numbers_are_said_at_the_start(tmp_path: Path) -> None:
    settings = replace(Settings(var=tmp_path), numbering=CaseNumbers(template="{date}-{n}"))
    with pytest.raises(BadSettings, match=r"\[numbering\] template.*\{class\} once"):
        Store.of(settings)
