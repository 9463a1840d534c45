"""The page that says which test shows what of the street is true: each test it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_test_it_names_is_there_and_every_row_names_one() -> None:
    page = (ROOT / "docs" / "fieldwork.md").read_text("utf-8")
    named = NAMED.findall(page)
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).is_file() or f"def {test}(" not in (ROOT / file).read_text("utf-8")
    ]
    assert not missing
    rows = [line for line in page.splitlines() if line.startswith("| ") and "| ---" not in line]
    bare = [row for row in rows if not NAMED.search(row) and not row.startswith("| what |")]
    assert not bare and len(named) > 60
