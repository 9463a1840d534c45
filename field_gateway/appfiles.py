"""The files of the handset app as they are served: read once, packed once, one stamp for all of them.

The service worker holds the list of the files and the stamp: a phone takes a new version whole or not at all.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent / "handset"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
VENDOR = ("mqtt.js", "ed25519.js")
"""What set-up bundles for the app into var/static/vendor-app."""
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self' ws: wss:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # The browser asks each time and is mostly told "as before"; without a network the service worker answers.
    "Cache-Control": "no-cache",
}
"""Of every file: few, for on a phone's first load they come a hundred times."""
PAGE_HEADERS = {
    **HEADERS,
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(self)",
}
"""Of the page and of the service worker, which say what all the others may do."""
PAGES = ("/", "/sw.js")
FIRST = ("/js/pages/index.js", "/js/pages/home.js", "/js/pages/tasks.js")
PRELOAD = b"  <!-- what the first page needs: put in by the server -->\n"


@dataclass(frozen=True, slots=True)
class AppFile:
    """One file: `body` as it is, `packed` by gzip, `etag` quoted, `headers` beyond those of every answer."""

    type: str
    body: bytes
    packed: bytes
    etag: str
    headers: Mapping[str, str]


def read_app(vendor: Path, folder: Path = HERE) -> dict[str, AppFile]:
    """Every file of the app by its path in the address; `vendor` is var/static/vendor-app. Raises OSError."""
    found = {
        _path(file, folder): file.read_bytes() for file in sorted(folder.rglob("*")) if file.suffix in TYPES
    }
    found |= {f"/vendor/{name}": (vendor / name).read_bytes() for name in VENDOR if (vendor / name).is_file()}
    found["/"] = _once(found["/"], PRELOAD, _preloads(found))
    worker = found.pop("/sw.js")
    digest = hashlib.sha256(worker)
    for path, body in sorted(found.items()):
        digest.update(path.encode() + b"\0" + hashlib.sha256(body).digest())
    paths = json.dumps(sorted(found)).encode()
    worker = _once(worker, b'const STAMP = "";', b'const STAMP = "%s";' % digest.hexdigest()[:16].encode())
    found["/sw.js"] = _once(worker, b"const FILES = [];", b"const FILES = %s;" % paths)
    return {path: _file(path, body) for path, body in found.items()}


def _path(file: Path, folder: Path) -> str:
    path = f"/{file.relative_to(folder).as_posix()}"
    return "/" if path == "/index.html" else path


def _preloads(found: Mapping[str, bytes]) -> bytes:
    """Links that fetch the scripts of the first page side by side, not one after another as they name each other."""
    core = [path for path in sorted(found) if path.startswith("/js/") and path.count("/") == 2]
    return "".join(f'  <link rel="modulepreload" href="{path}">\n' for path in (*core, *FIRST)).encode()


def _once(text: bytes, old: bytes, new: bytes) -> bytes:
    if text.count(old) != 1:
        raise ValueError(f"the service worker does not hold {old!r} once")
    return text.replace(old, new)


def _file(path: str, body: bytes) -> AppFile:
    suffix = ".html" if path == "/" else Path(path).suffix
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = PAGE_HEADERS if path in PAGES else HEADERS
    return AppFile(TYPES[suffix], body, gzip.compress(body, 9, mtime=0), etag, headers)
