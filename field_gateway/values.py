"""Bounded values that messages are made of."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from field_gateway.points import Lat, Lon, Metres, Time

Number = Annotated[int, Meta(ge=0, le=2**53)]
Source = Literal["gps", "cell", "finger"]
Boot = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{0,12}\Z")]
Text = Annotated[str, Meta(min_length=1, max_length=4000)]
Category = Annotated[str, Meta(pattern=r"\A([0-9]{2}){0,3}\Z")]


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """Where: by satellite, by radio cell, or by a finger on the map."""

    lon: Lon
    lat: Lat
    accuracy: Metres | None = None
    source: Source = "gps"
    fixed_at: Time | None = None


class Status(Struct, frozen=True, forbid_unknown_fields=True):
    """How the handset is: battery in percent, its program's version, messages that wait there, free storage in MB."""

    battery: Annotated[int, Meta(ge=0, le=100)] | None = None
    charging: bool | None = None
    version: Annotated[str, Meta(pattern=r"\A[ -~]{0,20}\Z")] = ""
    backlog: Annotated[int, Meta(ge=0, le=10_000_000)] | None = None
    free_mb: Annotated[int, Meta(ge=0, le=100_000_000)] | None = None
