"""What a handset must know before it is anybody's."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from conf.settings import Settings
from field_gateway.door.answers import encode
from field_gateway.door.guard import ANYBODY, needs, room

pages = Blueprint("config", __name__)


@pages.get("/field/v1/config")
@needs(ANYBODY)
def config() -> Response:
    """The site, its languages and zone, the hotline, where the broker's WebSocket is, and what time it is."""
    settings = room().settings
    told = {
        "site": settings.site.name,
        "languages": settings.site.languages,
        "zone": settings.site.zone,
        "hotline": settings.site.hotline,
        "area": settings.site.area,
        "mqtt": mqtt_address(settings, request.host),
        "now": room().store.clock(),
    }
    return Response(encode(told), mimetype="application/json")


def mqtt_address(settings: Settings, host: str) -> str:
    """Where browsers reach the broker, who asked for the door at `host` ("name:port"); "" when they cannot."""
    if settings.field.mqtt:
        return settings.field.mqtt
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        name = ""
    if not settings.broker.ws_port or not name:
        return ""
    name = f"[{name}]" if ":" in name else name
    return f"{'wss' if settings.broker.tls_cert else 'ws'}://{name}:{settings.broker.ws_port}"
