"""The page that says which test shows what: every file and every test that it names is there."""

import re

from conf.settings import CHECKOUT

TESTS = CHECKOUT / "tests"


def test_what_the_page_of_the_floor_names_is_there() -> None:
    page = (CHECKOUT / "docs" / "floor.md").read_text("utf-8")
    files = {file.relative_to(TESTS).as_posix(): file.read_text("utf-8") for file in TESTS.rglob("test_*.py")}
    named = set(re.findall(r"`((?:[a-z]+/)*test_\w+\.py)`", page))
    assert len(named) > 60
    assert [name for name in named if not any(f"/{path}".endswith(f"/{name}") for path in files)] == []
    tests = set(re.findall(r"`(test_\w+)`", page))
    assert len(tests) > 15
    assert tests - set(re.findall(r"def (test_\w+)\(", "\n".join(files.values()))) == set()
