"""The field protocol as AsyncAPI 3, made from the structs that read and write it: ``python -m field_gateway.asyncapi``.

docs/field-protocol.asyncapi.yaml is what this prints; a test holds the one to the other.
"""

import re
from typing import Any

import msgspec

from field_gateway.answers import MessageDown, Receipt, TaskDown, TaskRecalled
from field_gateway.shortform import ShortReport
from field_gateway.wire import CHUNK_MAX, SHAPES

Json = dict[str, Any]
DEVICE = {
    "description": "The handset's name: its user name at the broker.",
    "examples": ["h-k3v9x0q2mz"],
}
BESIDE: Json = {
    "type": "object",
    "description": "User properties of MQTT 5; over HTTP the headers X-Gridline-Sent, -Clock, -Signature and -Low.",
    "properties": {
        "sent": {
            "type": "string",
            "format": "date-time",
            "description": "The handset's wall clock at this sending.",
        },
        "clock": {
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]{1,12}:[0-9]{1,16}$",
            "description": "boot:mono at this sending: which start of the program, and milliseconds since.",
        },
        "sig": {
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]{86}$",
            "description": 'Ed25519 over "gridline/1\\n" + topic + "\\n" + body, base64url without padding.',
        },
        "low": {
            "type": "string",
            "pattern": "^[0-9]{1,16}$",
            "description": "The lowest seq that waits here: asks for the ids of what is kept from there on.",
        },
    },
}
PIECE: Json = {
    "type": "object",
    "required": ["offset", "sha256"],
    "properties": {
        "offset": {
            "type": "string",
            "pattern": "^[0-9]{1,12}$",
            "description": "Where the piece begins, in bytes.",
        },
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "Of the piece, in hex."},
    },
}
DOWN: dict[str, tuple[type[msgspec.Struct], ...]] = {
    "receipt": (Receipt,),
    "task": (TaskDown, TaskRecalled),
    "message": (MessageDown,),
}


def document() -> Json:
    """The whole description, as JSON types."""
    shapes = [*SHAPES.values(), ShortReport, *(one for some in DOWN.values() for one in some)]
    _, schemas = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    channels, operations, messages = {}, {}, {}
    for what, shape in SHAPES.items():
        messages[shape.__name__] = _message(what, shape)
        channels[f"up-{what}"] = _channel(f"up/{what}", [shape.__name__])
        operations[f"up-{what}"] = _operation("receive", f"up-{what}", "down-receipt")
    messages["ShortReport"] = _message("report", ShortReport)
    channels["up-report"] = _channel("up/report", ["ReportUp", "ShortReport"])
    messages["Chunk"] = _chunk()
    channels["up-media"] = _channel("up/media/{media}", ["Chunk"])
    operations["up-media"] = _operation("receive", "up-media", "down-receipt")
    for what, some in DOWN.items():
        messages |= {one.__name__: _message(what, one, down=True) for one in some}
        channels[f"down-{what}"] = _channel(f"down/{what}", [one.__name__ for one in some])
        operations[f"down-{what}"] = _operation("send", f"down-{what}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Gridline field protocol",
            "version": "1",
            "description": "How handsets talk to Gridline. docs/field-protocol.md says what is meant and what to do.",
        },
        "defaultContentType": "application/json",
        "servers": {
            "broker": {
                "host": "{host}:{port}",
                "protocol": "mqtt",
                "protocolVersion": "5.0",
                "description": "QoS 1 both ways, nothing retained, a session of 7 days, clean start false.",
                "variables": {"host": {"default": "localhost"}, "port": {"default": "1883"}},
                "security": [{"$ref": "#/components/securitySchemes/device"}],
            }
        },
        "channels": channels,
        "operations": operations,
        "components": {
            "securitySchemes": {
                "device": {"type": "userPassword", "description": "The handset's name and its secret."}
            },
            "parameters": {
                "device": DEVICE,
                "media": {"description": "The id of an announced photo or voice note."},
            },
            "messages": messages,
            "schemas": {name: _plain(one) for name, one in sorted(schemas.items())}
            | {
                "Beside": BESIDE,
                "Piece": PIECE,
            },
        },
    }


def text() -> str:
    """The description as YAML; takes PyYAML, which only those have who develop."""
    import yaml  # type: ignore[import-untyped]

    return str(yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=110))


def _message(what: str, shape: type[msgspec.Struct], *, down: bool = False) -> Json:
    made: Json = {
        "name": shape.__name__,
        "title": f"{'down' if down else 'up'}/{what}",
        "summary": (shape.__doc__ or "").partition("\n")[0],
        "payload": {"$ref": f"#/components/schemas/{shape.__name__}"},
    }
    return made if down else made | {"headers": {"$ref": "#/components/schemas/Beside"}}


def _chunk() -> Json:
    return {
        "name": "Chunk",
        "title": "up/media/{media}",
        "summary": "A piece of a photo or voice note that a report announced.",
        "contentType": "application/octet-stream",
        "headers": {"$ref": "#/components/schemas/Piece"},
        "payload": {"type": "string", "format": "binary", "minLength": 1, "maxLength": CHUNK_MAX},
    }


def _channel(rest: str, names: list[str]) -> Json:
    parameters = re.findall(r"\{(\w+)\}", "{device}/" + rest)
    return {
        "address": "gridline/{device}/" + rest,
        "parameters": {name: {"$ref": f"#/components/parameters/{name}"} for name in parameters},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }


def _operation(action: str, channel: str, reply: str = "") -> Json:
    made: Json = {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}
    return made | {"reply": {"channel": {"$ref": f"#/channels/{reply}"}}} if reply else made


def _plain(schema: Any) -> Any:
    """The schema with patterns as JSON Schema writes them (ECMA 262), and texts on one line."""
    match schema:
        case dict():
            found = {name: _plain(value) for name, value in schema.items()}
            if isinstance(found.get("pattern"), str):
                found["pattern"] = "^" + found["pattern"].removeprefix(r"\A").removesuffix(r"\Z") + "$"
            if isinstance(found.get("description"), str):
                found["description"] = " ".join(found["description"].split())
            return found
        case list():
            return [_plain(one) for one in schema]
    return schema


if __name__ == "__main__":
    print(text(), end="")
