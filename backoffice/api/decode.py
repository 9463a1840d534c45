"""Decoding at the edge, once: path, query and body into their shapes; each wrong field is named."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from backoffice.api.asks import Asked, Nothing, Texts
from backoffice.api.problems import Problem
from backoffice.api.route import PATH, Route

KEY = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,200}", re.ASCII)
_ETAG = re.compile(r'"([1-9][0-9]{0,8})"', re.ASCII)
_DATE = re.compile(r"[0-9]{4}-", re.ASCII)
_AT = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`$")
_UNKNOWN = re.compile(r"^Object (?:contains unknown|missing required) field `([^`]*)`")


def path(route: Route, given: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the path. Raises Problem."""
    return {name: _value(given[name], PATH[name], f"path.{name}") for name in route.names}


def query(kind: type[Asked], given: Mapping[str, list[str]]) -> Any:
    """The query as its shape; a name given twice is wrong. Raises Problem."""
    twice = [(f"query.{name}", "given twice") for name, values in given.items() if len(values) > 1]
    if twice:
        raise Problem("malformed", errors=twice)
    plain = {name: values[0] for name, values in given.items()}
    made = _shaped(lambda: msgspec.convert(plain, kind, strict=False), "query.")
    fields = dict(zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True))
    for name in plain:
        # Text that is a number would be taken for seconds since 1970.
        if isinstance(getattr(made, fields[name]), datetime) and not _DATE.match(plain[name]):
            raise Problem("malformed", errors=[(f"query.{name}", "a time is written as in RFC 3339")])
    return made


def body(kind: type[Asked], given: bytes, mimetype: str) -> Any:
    """The body as its shape; none at all is an empty object. Raises Problem."""
    if given and mimetype != "application/json":
        raise Problem("media-type", "a body is application/json")
    return _shaped(lambda: msgspec.convert(_whole(msgspec.json.decode(given or b"{}")), kind), "")


def key(header: str | None) -> str:
    """The key of an order, as in the draft a string in quotes, or bare. Raises Problem."""
    if header is None:
        raise Problem("no-key", errors=[("header.Idempotency-Key", "missing")])
    text = header.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    if not KEY.fullmatch(text):
        raise Problem("no-key", errors=[("header.Idempotency-Key", "1 to 200 printable characters of ASCII")])
    return text


def _whole(value: Any) -> Any:
    """JSON in which 2.0 is 2, as JSON Schema says it is."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return {name: _whole(one) for name, one in value.items()} if isinstance(value, dict) else value


def _shaped(make: Any, before: str) -> Any:
    try:
        made = make()
    except msgspec.ValidationError as error:
        text = str(error)
        at, unknown = _AT.search(text), _UNKNOWN.match(text)
        names = [part for part in ((at[1] if at else ""), (unknown[1] if unknown else "")) if part]
        plain = _AT.sub("", text)
        raise Problem("malformed", plain, [(before + ".".join(names), plain)]) from None
    except RecursionError:
        raise Problem("malformed", "nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem("malformed", str(error)) from None
    _printable(made, before)
    return made


def version(header: str | None) -> int:
    """The version in If-Match, as an ETag of ours has it; 0 for none and for "*". Raises Problem."""
    if header is None or header.strip() == "*":
        return 0
    found = _ETAG.fullmatch(header.strip())
    if found is None:
        raise Problem("malformed", errors=[("header.If-Match", "is one ETag of the thing, or *")])
    return int(found[1])


def _printable(made: msgspec.Struct, before: str) -> None:
    if isinstance(made, Texts):
        return
    for name in made.__struct_fields__:
        value = getattr(made, name)
        if isinstance(value, str) and not value.isprintable():
            why = [(before + name, "has characters that cannot be printed")]
            raise Problem("malformed" if before else "refused", errors=why)


def _value(text: str, kind: Any, field: str) -> Any:
    try:
        if not text.isprintable():
            raise msgspec.ValidationError("has characters that cannot be printed")
        return msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Problem("malformed", str(error), [(field, str(error))]) from None


def nothing() -> Nothing:
    """The body and query of who asks for nothing."""
    return Nothing()
