"""Photos and voice notes over HTTP, by tus 1.0."""

from typing import Any

from field_gateway.door.natives import Native, Threads
from field_gateway.door.room import Room


class Media(Native):
    """POST, HEAD, PATCH and OPTIONS of /field/v1/media."""

    def __init__(self, room: Room, threads: Threads) -> None:
        super().__init__()
        self._room, self._threads = room, threads

    def upload_for(self, request: Any, length: int | None) -> Any:
        """What takes the body of a request as it comes; None when it is no upload."""
        return None
