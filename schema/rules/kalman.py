"""Where a worker most likely was: fixes by satellite and by radio cells weighed by how good they are. Pure.

A Kalman filter whose motion is that of a person at work: a velocity that is forgotten within half a minute (an
Ornstein-Uhlenbeck process, solved exactly for any time step), so that fixes a second or ten minutes apart are both
treated rightly. East and north are alike and independent, so that one covariance serves both. WGS-84 degrees, metres,
Unix seconds.
"""

import math
from typing import NamedTuple

MEMORY = 30.0
"""Seconds after which a velocity is mostly forgotten."""
PACE = 2.0
"""Metres a second: how fast somebody goes, per axis, as a standard deviation (walking, now and then riding)."""
GAP = 1_800.0
"""Seconds of silence after which the filter begins anew."""
ROUND = 1.5096
"""Of a circular normal distribution 68 % lie within so many standard deviations: what "accuracy" means on handsets."""
UNTOLD = 25.0
"""Metres of accuracy that are assumed when a handset tells none."""
FINEST = 3.0
"""Metres: no handset is better than this, whatever it says."""
DEGREE = 111_195.0
"""Metres of a degree of latitude."""


class State(NamedTuple):
    """Where and how fast (`east`, `north`, metres a second), and the covariance of an axis: place, both, velocity."""

    at: float
    lon: float
    lat: float
    east: float = 0.0
    north: float = 0.0
    place: float = 0.0
    both: float = 0.0
    pace: float = PACE * PACE

    @property
    def accuracy(self) -> float:
        """Metres within which the worker is with 68 %."""
        return ROUND * math.sqrt(self.place)


def sigma_of(accuracy: float) -> float:
    """The standard deviation per axis of a fix with this accuracy (68 %; 0: not told), in metres."""
    return max(accuracy or UNTOLD, FINEST) / ROUND


def fuse(state: State | None, at: float, lon: float, lat: float, sigma: float) -> State:
    """The state after one more fix with a standard deviation of `sigma` metres per axis.

    A fix older than the state, or after a long silence, begins anew.
    """
    if state is None or not 0 <= at - state.at <= GAP:
        return State(at, lon, lat, place=sigma * sigma)
    seconds = at - state.at
    kept = math.exp(-seconds / MEMORY)
    reach = MEMORY * (1 - kept)
    # What the velocity carried on, and what not knowing it adds.
    noise = PACE * PACE
    place = (
        state.place
        + 2 * reach * state.both
        + reach * reach * state.pace
        + noise * MEMORY * MEMORY * (2 * seconds / MEMORY - 3 + 4 * kept - kept * kept)
    )
    both = kept * (state.both + reach * state.pace) + noise * MEMORY * (1 - kept) ** 2
    pace = kept * kept * state.pace + noise * (1 - kept * kept)
    wide = DEGREE * max(math.cos(math.radians(state.lat)), 1e-6)
    # How far the fix is from where we thought the worker would be.
    ahead_east, ahead_north = reach * state.east, reach * state.north
    off_east = (lon - state.lon) * wide - ahead_east
    off_north = (lat - state.lat) * DEGREE - ahead_north
    total = place + sigma * sigma
    trust, turn = place / total, both / total
    return State(
        at,
        state.lon + (ahead_east + trust * off_east) / wide,
        state.lat + (ahead_north + trust * off_north) / DEGREE,
        kept * state.east + turn * off_east,
        kept * state.north + turn * off_north,
        (1 - trust) * place,
        (1 - trust) * both,
        pace - turn * both,
    )
