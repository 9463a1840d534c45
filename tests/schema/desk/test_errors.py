"""A refusal says one thing to people, and names every field to a form."""

from schema.desk.errors import Refused, bad_fields


def test_a_refusal_without_a_field_names_none() -> None:
    refused = Refused("stale", "look again")
    assert (refused.code, str(refused), refused.field, refused.fields) == ("stale", "look again", "", {})


def test_a_refusal_of_one_field_names_it() -> None:
    assert Refused("bad-field", "too long", "title").fields == {"title": "too long"}


def test_a_refusal_of_a_form_names_every_field_the_first_in_the_lead() -> None:
    refused = bad_fields({"title": "too long", "cell": "unknown"})
    assert (refused.code, refused.field) == ("bad-field", "title")
    assert refused.fields == {"title": "too long", "cell": "unknown"}
    assert str(refused) == "title: too long; cell: unknown"
