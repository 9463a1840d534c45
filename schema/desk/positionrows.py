"""Positions as the rows that are written of them, and as the lines COPY takes."""

from functools import lru_cache
from typing import Any

COLUMNS = (
    "device", "fixed_at", "worker", "lon", "lat", "accuracy", "source", "flag", "at", "told_at", "speed",
    "bearing", "altitude", "cells", "fused_lon", "fused_lat", "fused_accuracy",
)  # fmt: skip

NULL = "\\N"
NONE = f"{NULL}\t{NULL}\t{NULL}"


def line(row: tuple[Any, ...]) -> str:
    """A row as a line of COPY. The names, flags and cells are of our own making: nothing in them has to be escaped."""
    (
        device, fixed_at, worker, lon, lat, accuracy, source, flag, at, told_at, speed, bearing, altitude, cells,
        fused_lon, fused_lat, fused_accuracy,
    ) = row  # fmt: skip
    if fused_lon is None:
        fused = NONE
    else:
        fused = f"{fused_lon:.7f}\t{fused_lat:.7f}\t{fused_accuracy:.2f}"
    return (
        f"{device}\t{fixed_at.isoformat()}\t{worker.hex}\t{NULL if lon is None else lon}"
        f"\t{NULL if lat is None else lat}\t{NULL if accuracy is None else accuracy}\t{source}\t{flag}\t{_text(at)}"
        f"\t{NULL if told_at is None else told_at}\t{NULL if speed is None else speed}"
        f"\t{NULL if bearing is None else bearing}\t{NULL if altitude is None else altitude}"
        f"\t{NULL if cells is None else cells}\t{fused}\n"
    )


@lru_cache(maxsize=4096)
def _text(value: object) -> str:
    """Of what is the same in many rows: the time of the commit."""
    return str(value)
