"""Names are found by the letters they are typed with."""

import pytest

from backoffice.pinyin import MOST, letters


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("吴桐", "wutong"),
        ("吴桐", "wt"),
        ("单晓", "shanxiao"),
        ("曾子", "zengzi"),
        ("吕布", "lvbu"),
        ("周远 Zhou", "zhouyuan"),
    ],
)
def test_a_chinese_name_is_found_by_its_syllables_and_by_their_first_letters(name: str, typed: str) -> None:
    assert typed in letters(name)


@pytest.mark.parametrize("name", ["", "Mary Smith", "غەيرەت", "101"])
def test_other_scripts_are_typed_as_they_are(name: str) -> None:
    assert letters(name) == ()


def test_many_readings_are_bounded() -> None:
    assert len(letters("单曾乐行重长" * 5)) <= 2 * MOST
