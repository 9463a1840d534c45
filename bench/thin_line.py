"""Short reports beside a photo of 2 MB on a line of 30 kbit/s, 600 ms there and back, 5 % of packets lost each way.

Each handset has a line of its own (`bench.rig.thinline`) to one broker and one gateway. A photo is on its way by tus
all the time; every fifteen seconds or so the handset writes a short report, by MQTT, and the time until its receipt is
there counts. Goodput is the photo's bits over what the line carries in the time the photo took, small messages and all.
LINES is how many handsets, PHOTO how many bytes; OUTAGE how many seconds the lines are down, halfway through the photos
(that time counts in no goodput). Needs root, for the lines.
"""

import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy
from PIL import Image
from sqlalchemy import func, select

from bench.figures import percentile
from bench.rig.fieldrig import SECRET, FieldRig
from bench.rig.thinline import ThinLine, may_make_lines
from schema.handsets import Media, Report

LINES, PHOTO = 4, 2_000_000
RATE, DELAY, LOSS = 30_000.0, 0.3, 0.05
EVERY = 15.0
SEED = 20261129


def run() -> dict[str, float]:
    """All figures of the bench."""
    if not may_make_lines():
        raise SystemExit("bench: the lines need root and /dev/net/tun")
    count, size = int(os.environ.get("LINES", LINES)), int(os.environ.get("PHOTO", PHOTO))
    outage = float(os.environ.get("OUTAGE", 0))
    told, found = drive(count, size, outage=outage)
    return figures(told, **found, outage=outage)


def drive(
    count: int, size: int, *, rate: float = RATE, every: float = EVERY, outage: float = 0.0
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """So many handsets send a photo of `size` bytes each over lines of `rate` bits a second.

    What each says of itself, and the bytes of the photo, the bytes up, and the reports and photos that are stored.
    """
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        photo = folder / "photo.jpg"
        photo.write_bytes(noise(size))
        rig = FieldRig(folder, [f"thin{number}" for number in range(count)], host="0.0.0.0")
        stack.callback(rig.stop)
        rig.start()
        lines = []
        for number in range(count):
            line = ThinLine(number, rate=rate, delay=DELAY, loss=LOSS, seed=SEED + number)
            stack.callback(line.stop)
            lines.append(line.start())
        with ThreadPoolExecutor(2 * count) as many:
            size = photo.stat().st_size
            cuts = [many.submit(_cut, line, size // 2, outage) for line in lines if outage]
            told = list(
                many.map(
                    lambda number: _handset(rig, folder, photo, lines[number], number, every), range(count)
                )
            )
            for cut in cuts:
                cut.result()
        with rig.store.read() as session:
            found = {
                "photo_bytes": size,
                "bytes_up": sum(line.up.bytes_in for line in lines),
                "reports": session.scalar(select(func.count()).select_from(Report)) or 0,
                "photos": session.scalar(select(func.count(Media.id)).where(Media.state == "whole")) or 0,
            }
    return told, found


def _cut(line: ThinLine, after: int, seconds: float) -> None:
    """Cut a line for so long once so many bytes went up."""
    while line.up.bytes_in < after:
        time.sleep(0.1)
    line.cut(True)
    time.sleep(seconds)
    line.cut(False)


def figures(
    told: Sequence[dict[str, Any]],
    *,
    photo_bytes: int,
    bytes_up: int,
    reports: int = 0,
    photos: int = 0,
    outage: float = 0.0,
) -> dict[str, float]:
    """What the handsets' words come to."""
    small = [seconds for one in told for seconds in one["small"]]
    lacking = sum(one["undelivered"] for one in told)
    took = [one["photo_s"] - outage for one in told if one["photo_s"] is not None]
    goodputs = [photo_bytes * 8 / RATE / one for one in took]
    return {
        "small_p99_s": round(percentile(small, 99), 2),
        "small_p50_s": round(percentile(small, 50), 2),
        "small_max_s": round(max(small), 2),
        "small": len(small),
        "delivered_pct": round(100 * len(small) / (len(small) + lacking), 2),
        "goodput": round(statistics.mean(goodputs), 3) if len(took) == len(told) else 0.0,
        "goodput_worst": round(min(goodputs), 3) if len(took) == len(told) else 0.0,
        "photo_s": round(max(took), 1) if took else 0.0,
        "up_x_photo": round(bytes_up / (photo_bytes * len(told)), 3),
        "reports": reports,
        "photos": photos,
    }


def noise(size: int) -> bytes:
    """A photo that does not get smaller: noise, of `size` bytes and a little more."""
    dice = numpy.random.default_rng(SEED)
    side = 100
    while True:
        pixels = dice.integers(0, 256, (side, side, 3), dtype=numpy.uint8)
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, "JPEG", quality=85)
        if len(out.getvalue()) >= size:
            return out.getvalue()
        side = int(side * max(1.01, (size / len(out.getvalue())) ** 0.5))


def _handset(
    rig: FieldRig, folder: Path, photo: Path, line: ThinLine, number: int, every: float
) -> dict[str, Any]:
    words = line.wrap(
        sys.executable, "-m", "bench.rig.thinhandset", f"thin{number}", SECRET, line.here,
        str(rig.settings.broker.port), str(rig.settings.field.port),
        str(folder / f"handset{number}"), str(photo), str(every), str(SEED + number),
    )  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=3600)
    if done.returncode:
        raise SystemExit(f"bench: a handset failed: {done.stderr[-2000:]}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"line {number}: photo {said['photo_s']:.0f} s, {len(said['small'])} short reports", flush=True)
    return said
