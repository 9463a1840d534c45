"""Positions as the rows that are written of them, and as the lines COPY takes."""

from functools import lru_cache
from typing import Any

COLUMNS = (
    "device", "fixed_at", "worker", "lon", "lat", "accuracy", "source", "flag", "at", "told_at", "speed",
    "bearing", "altitude", "cells", "fused_lon", "fused_lat", "fused_accuracy",
)  # fmt: skip


def line(row: tuple[Any, ...]) -> str:
    """A row as a line of COPY. The names, flags and cells are of our own making: nothing in them has to be escaped."""
    (
        device, fixed_at, worker, lon, lat, accuracy, source, flag, at, told_at, speed, bearing, altitude, cells,
        fused_lon, fused_lat, fused_accuracy,
    ) = row  # fmt: skip
    if fused_lon is None:
        fused = "\\N\t\\N\t\\N"
    else:
        fused = f"{fused_lon:.7f}\t{fused_lat:.7f}\t{fused_accuracy:.2f}"
    return (
        f"{device}\t{fixed_at.isoformat()}\t{worker.hex}\t{_null(lon)}\t{_null(lat)}\t{_null(accuracy)}\t{source}"
        f"\t{flag}\t{_text(at)}\t{_null(told_at)}\t{_null(speed)}\t{_null(bearing)}\t{_null(altitude)}\t{_null(cells)}\t{fused}\n"
    )


@lru_cache(maxsize=4096)
def _text(value: object) -> str:
    """Of what is the same in many rows: the time of the commit."""
    return str(value)


def _null(value: object) -> object:
    return "\\N" if value is None else value
