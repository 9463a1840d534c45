"""The form of a score sheet: what is typed, and what an order says of it."""

import json

from backoffice.qualityform import clock, marks_text, of_draft, read_form, seconds
from tests.schema.desk.qualityrows import SHEET


def test_what_is_typed_is_what_an_order_says_and_back() -> None:
    form = {"item.tone": "3", "second.tone": "1:23", "remark.tone": " 快 ", "item.transfer": "skip", "item.answer": "x",
            "remark.greeting": "no value, no mark"}  # fmt: skip
    marks = json.loads(marks_text(read_form(SHEET, form)))
    assert marks == {
        "tone": {"value": 3, "second": 83.0, "remark": "快"},
        "transfer": {"value": None, "second": None, "remark": ""},
        "answer": {"value": -1, "second": None, "remark": ""},
    }
    back = of_draft({"marks": marks})
    assert (back["tone"].value, back["tone"].second, back["transfer"].value) == ("3", "1:23", "skip")


def test_times_are_read_as_they_are_typed() -> None:
    for text, value in (
        ("1:23", 83.0),
        ("1:02:03", 3723.0),
        ("83", 83.0),
        ("", None),
        ("1:99", -1),
        ("x", -1),
    ):
        assert seconds(text) == value
    assert [clock(one) for one in (0, 83.4, 3723)] == ["0:00", "1:23", "1:02:03"]
