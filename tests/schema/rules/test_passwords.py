"""Which passwords will do, and which are what everybody tries first."""

import pytest

from schema.rules.passwords import Rules, weakness

COMMON = frozenset({"password", "12345678", "letmein1", "dragon", "5201314a", "qwertyui"})
ABOUT = ("li.na", "李娜")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "short"), ("1234567", "short"), ("x" * 201, "long"),
        ("12345678", "common"), ("PASSWORD", "common"), ("drowssap", "common"), ("2026-dragon!!", "common"),
        ("5201314A", "common"), ("aaaaaaaaaaaa", "plain"), ("abcabcabca", "plain"), ("efghijkl", "plain"),
        ("98765432", "plain"), ("li.na.2026!", "named"), ("李娜李娜李娜1234", "named"), ("gridline-2026", "named"),
        ("an.il.li.na", "named"),
        ("correct horse", ""), ("三棵树在河的对岸", ""), ("li.na loves melons", ""), ("dragonfly lamp", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_password(password: str, why: str) -> None:
    assert weakness(password, Rules(site="Gridline"), ABOUT, COMMON) == why


def test_a_site_may_want_it_longer_but_never_shorter_than_eight() -> None:
    assert weakness("correct horse", Rules(length=15), (), COMMON) == "short"
    assert weakness("xkqw", Rules(length=3), (), COMMON) == "short"


def test_an_empty_or_short_name_rules_nothing_out() -> None:
    assert weakness("correct horse", Rules(site=""), ("", "c", " "), COMMON) == ""
