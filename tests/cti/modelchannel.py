"""What the model of the PBX is made of: channels, how long legs did something, and how it tells of itself."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from cti.link import ActionFailed


@dataclass
class Channel:
    """A channel. `ringing` is the one that it dials; `partner` whom it talks with alone: who
    leaves takes that one down.
    """

    name: str
    uniqueid: str
    number: str
    variables: dict[str, str]
    up: bool = False
    context: str = "from-carrier"
    exten: str = ""
    bridge: str = ""
    ringing: "Channel | None" = None
    dialer: "Channel | None" = None
    partner: "Channel | None" = None
    place: tuple[str, str] | None = None
    connected: str = ""
    app: str = ""

    @property
    def auto(self) -> bool:
        """Whether the telephone answers by itself."""
        return self.dialer is None or self.dialer.variables.get("GRIDLINE_AUTOANSWER") == "1"

    @property
    def seat(self) -> str:
        """The seat that this is the telephone of, "" for one outside."""
        return self.name.removeprefix("PJSIP/seat").partition("-")[0] if "/seat" in self.name else ""

    @property
    def call(self) -> str:
        """The call's id."""
        return self.variables["GRIDLINE_CALL"]

    @property
    def queue(self) -> str:
        """Where it waits: its own variable, or the global."""
        return self.variables.get("GRIDLINE_QUEUE", "hotline")

    def fields(self) -> list[tuple[str, str]]:
        """What each event says of it."""
        named = [
            ("Channel", self.name), ("ChannelState", "6" if self.up else "5"), ("CallerIDNum", self.number),
            ("Context", self.context), ("Exten", self.exten), ("Uniqueid", self.uniqueid),
        ]  # fmt: skip
        return named + [("ChanVariable", f"{name}={value}") for name, value in self.variables.items()]

    def row(self, linked: str) -> dict[str, str]:
        """What a look shows of it."""
        about = {"Event": "CoreShowChannel", "ConnectedLineNum": self.connected, "BridgeId": self.bridge}
        about |= {"Application": self.app, "Linkedid": linked}
        variables = "\n".join(f"{name}={value}" for name, value in self.variables.items())
        return about | {**dict(self.fields()), "ChanVariable": variables}


@dataclass
class Heard:
    """How long legs did something; `since` is when those began who do it now."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    since: dict[str, float] = field(default_factory=dict)

    def now(self, legs: Iterable[str], at: float) -> None:
        """From now on these do it, and nobody else."""
        for leg, began in list(self.since.items()):
            self.seconds[leg] += at - began
        self.since = dict.fromkeys(legs, at)


class Teller:
    """The channels, and the events about them. `emit` takes an event's message and the call it is about; `clock` counts
    seconds."""

    def __init__(self, emit: Callable[[bytes, str], None], clock: Callable[[], float]) -> None:
        self._emit, self._clock = emit, clock
        self.channels: dict[str, Channel] = {}
        self.talked, self.held = Heard(), Heard()
        self._made = 0

    def _known(self, name: str) -> Channel:
        for one in self.channels.values():
            if name in (one.uniqueid, one.name):
                return one
        raise ActionFailed("No such channel")

    def _make(
        self, name: str, number: str, variables: dict[str, str], uniqueid: str = "", up: bool = False
    ) -> Channel:
        self._made += 1
        one = Channel(name, uniqueid or f"1795549540.{self._made:06d}", number, variables, up)
        self.channels[one.uniqueid] = one
        return one

    def _record(self, one: Channel, seat: str) -> None:
        name = f"{one.variables['GRIDLINE_CONTACT']}_{one.call}_{seat}_{one.uniqueid}"
        self._tell(one, "Recording", Name=name, Seat=seat)

    def _transferred(self, one: Channel, target: str, how: str) -> None:
        self._tell(one, "Transferred", Seat=one.variables.get("GRIDLINE_BY", ""), Target=target, How=how)

    def _tell(self, one: Channel, what: str, **more: str) -> None:
        about = {
            "UserEvent": "Gridline",
            "What": what,
            "Contact": one.variables["GRIDLINE_CONTACT"],
            "Call": one.call,
        }
        self._event("UserEvent", one, **about, **more)

    def _event(self, name: str, one: Channel | None = None, dest: Channel | None = None, **more: str) -> None:
        lines = [f"Event: {name}", "Privilege: call,all"]
        for prefix, channel in (("", one), ("Dest", dest)):
            if channel is not None:
                lines += [f"{prefix}{field}: {value}" for field, value in channel.fields()]
        lines += [f"{key}: {value}" for key, value in more.items()]
        self._account()
        whose = one or dest
        assert whose is not None
        self._emit("\r\n".join(lines).encode(), whose.call)

    def _account(self) -> None:
        """Who hears whom from now on."""
        rooms: dict[str, list[str]] = defaultdict(list)
        for one in self.channels.values():
            if one.bridge:
                rooms[one.bridge].append(one.uniqueid)
        at = self._clock()
        self.talked.now([leg for legs in rooms.values() if len(legs) > 1 for leg in legs], at)
        self.held.now([u for u, one in self.channels.items() if one.context == "gridline-hold"], at)
