"""What the model of the PBX is made of: channels, and how long legs did something."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


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
