"""The written protocol is the one that is spoken: made from the structs, whole, and true of what they take."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from field_gateway import asyncapi, wire
from field_gateway.answers import encode
from schema.ids import uuid7
from tests.field_gateway.play import Handset, Street

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENT = asyncapi.document()


def refs(found: Any) -> set[str]:
    match found:
        case dict():
            mine = {found["$ref"]} if "$ref" in found else set()
            return mine.union(*(refs(one) for one in found.values()))
        case list():
            return set().union(*(refs(one) for one in found))
    return set()


def checker(name: str) -> Any:
    schemas = json.loads(
        json.dumps(DOCUMENT["components"]["schemas"]).replace("#/components/schemas/", "#/$defs/")
    )
    whole = {"$ref": f"#/$defs/{name}", "$defs": schemas}
    jsonschema.Draft202012Validator.check_schema(whole)
    return jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())


def test_the_document_is_what_the_structs_say() -> None:
    written = (DOCS / "field-protocol.asyncapi.yaml").read_text("utf-8")
    assert written == asyncapi.text(), (
        "make it anew: python -m field_gateway.asyncapi > docs/field-protocol.asyncapi.yaml"
    )
    assert yaml.safe_load(written) == json.loads(json.dumps(DOCUMENT))


def test_every_reference_leads_somewhere_and_every_topic_is_there() -> None:
    for ref in refs(DOCUMENT):
        found: Any = DOCUMENT
        for part in ref.removeprefix("#/").split("/"):
            found = found[part]
    addresses = {one["address"] for one in DOCUMENT["channels"].values()}
    assert {f"gridline/{{device}}/up/{what}" for what in wire.SHAPES} < addresses
    assert {one["action"] for one in DOCUMENT["operations"].values()} == {"receive", "send"}


def test_what_the_intake_takes_and_answers_fits_the_document(sqlite_url: str, tmp_path: Path) -> None:
    from schema.store import Store

    street = Street(Store(sqlite_url))
    hs1 = Handset(street.store, tmp_path)
    report, clock = hs1.report(place={"lon": 120.1592, "lat": 30.2671}), hs1.body(type="clock", on=True)
    for what, name, body in (("report", "ReportUp", report), ("clock", "ClockUp", clock)):
        checker(name).validate(json.loads(body))
        checker("Receipt").validate(hs1.say(what, body))
    from field_gateway.downs import open_items

    street.dispatch(no="S1")
    with street.store.read() as session:
        for task in open_items(session, "hs1").tasks:
            checker("TaskDown").validate(json.loads(encode(task)))


@pytest.mark.parametrize("changes", [{"text": ""}, {"v": 2}, {"kind": "report"}, {"seq": -1}, {"made": 5}])
def test_what_the_intake_refuses_the_document_does_not_allow(changes: dict[str, Any]) -> None:
    message = {
        "v": 1,
        "type": "report",
        "id": str(uuid7()),
        "seq": 1,
        "made": "2026-11-24T10:00:00Z",
        "text": "x",
    }
    checker("ReportUp").validate(message)
    with pytest.raises(jsonschema.ValidationError):
        checker("ReportUp").validate(message | changes)
    with pytest.raises(wire.BadMessage):
        wire.read_up("report", json.dumps(message | changes).encode())


def test_the_guide_names_every_code_a_receipt_can_have() -> None:
    guide = (DOCS / "field-protocol.md").read_text("utf-8")
    sources = [
        *(Path(__file__).parents[2] / "field_gateway").glob("*.py"),
        *(
            Path(__file__).parents[2] / "schema" / "desk" / f"{name}.py"
            for name in ("field", "edits", "tasksdown", "fieldmessages", "fieldlogins", "media")
        ),
    ]
    codes = {
        code
        for file in sources
        for code in re.findall(r'(?:Refused|BadMessage)\(\s*"([a-z-]+)"', file.read_text("utf-8"))
    }
    inside = {"not-found", "not-allowed"}
    assert {code for code in codes - inside if f"`{code}`" not in guide} == set()
