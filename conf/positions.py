"""How positions of handsets are judged and taken, as a site sets it: a table ``[positions]``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Positions:
    """`consumers` connections of this process take them from the broker, numbered from `first` on: two gateways of a
    site have different numbers. How long they are kept is `Field.position_days`.

    The others are those of `schema.rules.positionfilters.Limits`: seconds, metres, metres a second; 0 turns one off.
    `skip_attributes` are of speed, bearing, altitude, cells.
    """

    consumers: int = 2
    first: int = 1
    future: float = 120.0
    past: float = 7 * 86_400.0
    accuracy: float = 2_000.0
    approximate: bool = False
    static: bool = False
    duplicate: bool = True
    distance: float = 0.0
    max_speed: float = 60.0
    agree: int = 5
    min_period: float = 0.0
    daily: int = 20_000
    daily_interval: float = 60.0
    skip_after: float = 900.0
    skip_attributes: tuple[str, ...] = ()


def consumer_user(gateway: str, number: int) -> str:
    """The user by whose name a consumer connects (the gateway's is `gateway`): each user has one connection."""
    return f"{gateway}-positions-{number}"
