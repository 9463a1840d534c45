"""The handset app's files, as the door serves them: from memory, packed where that is understood."""

from collections.abc import Mapping
from typing import Any

from field_gateway.appfiles import AppFile
from field_gateway.door.answers import Problem
from field_gateway.door.natives import STRICT, Native, answer, header

PART = {"Cross-Origin-Resource-Policy": "same-origin"}
"""What goes with a script, a style, a picture: a hundred of them are a phone's first load, over a thin line."""


class Files(Native):
    """Every path that is not the protocol's. Nothing here is anybody's secret."""

    def __init__(self, files: Mapping[str, AppFile]) -> None:
        super().__init__()
        self._files = files

    def render_HEAD(self, request: Any) -> None:
        """As GET, without the body."""
        self.render_GET(request)

    def render_GET(self, request: Any) -> None:
        """A file; "304 Not Modified" to who has it."""
        found = self._files.get(request.path.decode("ascii", "replace"))
        if found is None:
            gone = Problem(404, "not-found", "there is no such file")
            answer(request, 404, gone.headers, gone.body)
            return
        headers = {**found.headers, "ETag": found.etag, "Content-Type": found.type, "Vary": "Accept-Encoding"}
        base = STRICT if "Content-Security-Policy" in found.headers else PART
        if found.etag in [
            word.strip().removeprefix("W/") for word in header(request, "If-None-Match").split(",")
        ]:
            answer(request, 304, headers, base=base)
        elif _takes_gzip(header(request, "Accept-Encoding")):
            answer(request, 200, headers | {"Content-Encoding": "gzip"}, found.packed, base=base)
        else:
            answer(request, 200, headers, found.body, base=base)


def _takes_gzip(accepted: str) -> bool:
    for one in accepted.lower().split(","):
        name, _, weight = one.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
