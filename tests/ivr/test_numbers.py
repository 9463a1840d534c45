import pytest

from ivr.numbers import NUMBERS, digits, said


def text(number: int, language: str) -> str:
    return " ".join(NUMBERS[name][language] for name in said(number))


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [(0, "零", "zero"), (3, "三", "three"), (10, "十", "ten"), (14, "十四", "fourteen"), (20, "二十", "twenty"),
     (25, "二十 五", "twenty five"), (90, "九十", "ninety"), (99, "九十 九", "ninety nine"),
     (250, "九十 九", "ninety nine")],
)  # fmt: skip
def test_a_number_is_said(number: int, zh: str, en: str) -> None:
    assert (text(number, "zh"), text(number, "en")) == (zh, en)


def test_every_number_that_can_be_told_has_prompts_in_every_language() -> None:
    for number in range(100):
        assert all(NUMBERS[name][language] for name in said(number) for language in ("zh", "en", "ug"))


def test_a_telephone_number_is_said_digit_by_digit() -> None:
    assert digits("+8613x0") == ("number-8", "number-6", "number-1", "number-3", "number-0")
