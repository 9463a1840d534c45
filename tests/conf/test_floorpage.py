"""The page that says which test shows what: every file and every test that it names is there."""

import re

from conf.settings import CHECKOUT

TESTS = CHECKOUT / "tests"


def test_what_the_page_of_the_floor_names_is_there() -> None:
    page = (CHECKOUT / "docs" / "floor.md").read_text("utf-8")
    files = {file.name: file.read_text("utf-8") for file in TESTS.rglob("test_*.py")}
    named = set(re.findall(r"`((?:[a-z]+/)*)(test_\w+\.py)`", page))
    assert len(named) > 60
    for folder, name in named:
        assert name in files and (not folder or list(TESTS.rglob(folder + name))), (folder, name)
    tests = set(re.findall(r"`(test_\w+)`", page))
    assert len(tests) > 15
    assert {test for test in tests if not any(f"def {test}(" in text for text in files.values())} == set()
