"""What is exported as CSV comes back as it was, and no spreadsheet takes it for a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.csvsafe import line


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 138", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\u2068=1"]
)
def test_a_formula_becomes_text(text: str) -> None:
    assert next(csv.reader(io.StringIO(line([text]), newline=""))) == ["'" + text]


def test_numbers_stay_numbers_and_text_stays_text() -> None:
    assert line([-1, 2.5, '王 "一", x', ""]) == '-1,2.5,"王 ""一"", x",\r\n'


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1))
def test_every_line_is_read_back(values: list[str]) -> None:
    read = list(csv.reader(io.StringIO(line(values), newline="")))
    assert [len(row) for row in read] == [len(values)]
    assert all(got in (given, "'" + given) for got, given in zip(read[0], values, strict=True))
