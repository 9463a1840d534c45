"""A handset behind a thin line, as a program: a photo on its way by tus, and short reports by MQTT all the while.

``python -m bench.rig.thinhandset DEVICE SECRET HOST MQTT HTTP FOLDER PHOTO EVERY SEED``: announces the photo, uploads
it over a connection of its own with a small send buffer (words wait behind what TCP has sent), and writes a short
report every EVERY seconds or so until the photo is whole; then waits for what is still on its way. Prints JSON: the
seconds from writing to receipt of each short report, how many had none, the seconds that the photo took, and at which
bytes each sending of it began.
"""

import base64
import hashlib
import http.client
import json
import os
import random
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from demo.handset import Handset
from schema.ids import uuid7

PATIENCE = float(os.environ.get("PATIENCE", 120))
"""Seconds without a receipt after which something is sent again: the line is slow, and TCP does not lose."""
LONGEST = 1800.0
SEND_BUFFER = 9 * 1024
"""Bytes asked for; Linux gives twice as much, and counts its own books in."""


class Thin(http.client.HTTPConnection):
    """A connection with little in its buffer."""

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.sock.settimeout(self.timeout)
        self.sock.connect((self.host, self.port))


class Announcing(Handset):
    """A handset that leaves the sending of its photos to somebody else."""

    def announce(self, media: dict[str, Any]) -> UUID:
        """Write a report with a photo that comes another way."""
        return self._add("report", {"text": "照片", "media": [media]})


class Tus:
    """Uploads one photo, again and again until it is whole."""

    def __init__(self, host: str, port: int, device: str, secret: str, photo: Path, id: UUID) -> None:
        self._at = (host, port)
        self._photo = photo
        self._path = f"/field/v1/media/{id}"
        who = base64.b64encode(f"{device}:{secret}".encode()).decode()
        self._headers = {"Authorization": f"Basic {who}", "Tus-Resumable": "1.0.0"}
        self.begun: list[int] = []

    def send(self) -> None:
        """Until it is whole. Raises ValueError when it is refused."""
        size = self._photo.stat().st_size
        while True:
            with suppress(OSError, http.client.HTTPException):
                at = int(self._ask("HEAD", b"", {})["Upload-Offset"])
                if at == size:
                    return
                self.begun.append(at)
                kind = {"Content-Type": "application/offset+octet-stream", "Content-Length": str(size - at)}
                self._ask("PATCH", self._rest(at), {"Upload-Offset": str(at), **kind})
            time.sleep(1)

    def _rest(self, at: int) -> Iterator[bytes]:
        with self._photo.open("rb") as file:
            file.seek(at)
            while piece := file.read(2048):
                yield piece

    def _ask(self, method: str, body: Any, more: dict[str, str]) -> dict[str, str]:
        line = Thin(*self._at, timeout=PATIENCE)
        try:
            line.request(method, self._path, body, {**self._headers, **more})
            answer = line.getresponse()
            answer.read()
            if answer.status >= 400 and answer.status not in (409, 429, 503):
                raise ValueError(f"{method} of the photo: {answer.status}")
            return dict(answer.headers)
        finally:
            line.close()


def main(
    device: str, secret: str, host: str, mqtt: str, door: str, folder: str, photo: str, every: str, seed: str
) -> None:
    """Run until everything is there."""
    handset = Announcing(device, secret, host, int(mqtt), Path(folder), resend=PATIENCE)
    dice = random.Random(int(seed))
    if not handset.go_online(60):
        raise SystemExit(f"the broker is not reached: {handset.refusal}")
    data, id = Path(photo).read_bytes(), uuid7()
    media = {
        "id": str(id),
        "type": "image/jpeg",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    large = handset.announce(media)
    while not any(one["id"] == str(large) for one in list(handset.receipts)):
        time.sleep(0.05)
    tus = Tus(host, int(door), device, secret, Path(photo), id)
    began = time.monotonic()
    written: dict[UUID, float] = {}
    seconds: dict[UUID, float] = {}
    whole: list[float] = []
    lock = threading.Lock()

    def upload() -> None:
        tus.send()
        whole.append(time.monotonic() - began)

    def watch() -> None:
        while (not whole or len(seconds) < len(written)) and time.monotonic() - began < LONGEST:
            now, waiting = time.monotonic(), set(handset.waiting())
            with lock:
                for one in written.keys() - seconds.keys() - waiting:
                    seconds[one] = now - written[one]
            time.sleep(0.02)

    threads = [threading.Thread(target=step, daemon=True) for step in (upload, watch)]
    for thread in threads:
        thread.start()
    while not whole and time.monotonic() - began < LONGEST:
        time.sleep(dice.uniform(0.5, 1.5) * float(every))
        if not whole:
            at = time.monotonic()
            with lock:
                written[handset.report(text="路灯亮了，巡查正常。")] = at
    threads[1].join(LONGEST)
    handset.close()
    told = {
        "small": sorted(seconds.values()),
        "undelivered": len(written) - len(seconds),
        "photo_s": whole[0] if whole else None,
        "begun": tus.begun,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
