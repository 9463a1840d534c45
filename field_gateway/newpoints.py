"""A position as a handset says it becomes one as the desk takes it: its clock corrected, its cells read."""

from datetime import UTC, datetime, timedelta

import msgspec

from field_gateway.points import Point
from field_gateway.sending import Sending
from schema.desk.positions import NewPoint
from schema.rules.celltowers import WEAKEST, Heard
from schema.rules.handclocks import SLACK

_cells = msgspec.json.Encoder()


def off_by(sending: Sending, newest: datetime, received: datetime) -> timedelta:
    """By how much the handset's clock is wrong, as far as it must be corrected."""
    if sending.sent is None or abs(received - sending.sent) <= SLACK:
        return timedelta(0)
    # Positions that are ahead of the clock they were sent by have their time from elsewhere (the satellites).
    return timedelta(0) if newest - sending.sent > SLACK else received - sending.sent


def new_point(point: Point, off: timedelta) -> NewPoint:
    """A position whose handset's clock was wrong by `off`."""
    fixed_at, told_at = point.fixed_at, None
    if off:
        try:
            fixed_at, told_at = (point.fixed_at + off).astimezone(UTC), point.fixed_at
        except OverflowError:
            pass  # a time at the end of all times is in the future all the same
    cells: tuple[Heard, ...] = ()
    if point.cells:
        cells = tuple(
            Heard((one.mcc, one.mnc, one.lac, one.cid), one.signal or WEAKEST, one.age) for one in point.cells
        )
    return NewPoint(
        fixed_at, point.lon, point.lat, point.accuracy, point.source, point.speed, point.bearing, point.altitude,
        point.valid, point.outdated, cells, _cells.encode(point.cells).decode() if cells else None, told_at,
    )  # fmt: skip
