"""Settings: one typed, frozen object, read once from a TOML file and the environment.

Order of precedence, lowest first: the defaults below, the TOML file, environment variables named
``GRIDLINE_<SECTION>__<FIELD>`` (``GRIDLINE_WEB__PORT=8080``) and ``GRIDLINE_VAR``. A port of 0 means "a free
one, chosen when the site is laid out"; an empty secret means "made when the site is laid out". Both are then
written to ``var/run/site.toml`` (mode 0600), which every other process of the site reads.
"""

from dataclasses import dataclass, field, replace
from dataclasses import field as _field
from pathlib import Path

from conf.door import Door, Oidc
from conf.fieldsettings import Field
from conf.hooks import Hooks
from conf.keeping import Keeping
from conf.mail import Mail
from conf.positions import Positions
from conf.services import Service
from conf.sms import Sms

CHECKOUT = Path(__file__).resolve().parent.parent


class BadSettings(Exception):
    """A setting is unknown or of the wrong kind; the text names the place and the value."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the city is called, its zone for showing times, and its languages (BCP 47), the default first.

    From `brief_hour` o'clock on leaders are told of the day before's brief; -1: they are not.
    """

    name: str = "Gridline"
    zone: str = "Asia/Shanghai"
    languages: tuple[str, ...] = ("zh", "en", "ug")
    hotline: str = "12345"
    area: str = "330106"
    brief_hour: int = 8


@dataclass(frozen=True, slots=True)
class CaseNumbers:
    """How cases are numbered: `template` of `schema.rules.numbering`, and the codes of the classes of cases."""

    template: str = "{class}-{date}-{n:4}"
    government: str = "ZW"
    social: str = "SH"


@dataclass(frozen=True, slots=True)
class Database:
    """`url` is a SQLAlchemy address; empty means SQLite in ``var/gridline.sqlite``. Seconds to wait for a peer.

    `private`: the address is of a PostgreSQL below ``var/`` that the supervisor starts (``up --split`` sets it).
    """

    url: str = ""
    private: bool = False
    connect_timeout: int = 3


@dataclass(frozen=True, slots=True)
class Bus:
    """`url` empty: facts travel in process. ``redis://host:port/db``: Redis Streams. `private`: as for Database."""

    url: str = ""
    private: bool = False
    prefix: str = "gridline"


@dataclass(frozen=True, slots=True)
class Pbx:
    """One Asterisk node and the ports it listens on (all on loopback but SIP, WebSocket and RTP).

    Its tape is pruned above `tape_days` and `tape_megabytes`, never before the records have passed it. `folder` is
    where it lives below ``var/run`` and ``var/log``. `seats` are the beginnings of the extensions it serves ("2 31"; ""
    for all that no other node names); `peer_secret` is what nodes know each other by. `silence` is the seconds
    without a packet of sound after which a browser's line is broken.
    """

    node: str = "pbx1"
    folder: str = "asterisk"
    seats: str = ""
    peer_secret: str = ""
    silence: int = 4
    host: str = "127.0.0.1"
    sip_port: int = 0
    http_port: int = 0
    ami_port: int = 0
    agi_port: int = 0
    rtp_low: int = 0
    rtp_count: int = 200
    ears_secret: str = ""
    mouth_secret: str = ""
    ari_secret: str = ""
    trunk_host: str = "127.0.0.1"
    trunk_port: int = 0
    trunk_user: str = "carrier"
    trunk_secret: str = ""
    tape_days: int = 14
    tape_megabytes: int = 2048


@dataclass(frozen=True, slots=True)
class Acd:
    """How callers meet seats. Seconds throughout; 0 means never where that makes sense.

    Who waits is told place and time after `tell_first`, then every `tell_every`; while a queue has too few answers to
    go by, a place takes `usual_place`. A number served within `sticky_for` is given the same agent if idle. Every
    `age_every` of waiting lift a caller one level; after `relax_after`, and again every 30 s, wanted levels fall by
    two, and after `any_language_after` any language will do. `language_level` is the lowest level of the caller's
    language that will do at first.
    """

    queue: str = "hotline"
    ring_timeout: int = 20
    wrap_up: int = 30
    beat_every: float = 1.0
    beat_stale: int = 5
    tell_first: float = 20.0
    tell_every: float = 60.0
    usual_place: float = 0.0
    sticky_for: float = 3600.0
    age_every: float = 600.0
    relax_after: float = 60.0
    any_language_after: float = 300.0
    language_level: int = 1


@dataclass(frozen=True, slots=True)
class Watch:
    """Whether an agent sees on the screen that a supervisor listens, whispers, or has joined the call."""

    listen_shown: bool = False
    whisper_shown: bool = True
    barge_shown: bool = True

    def shown(self, mode: str) -> bool:
        """Whether this way of being there is shown; what is not one of the three always is."""
        return {"listen": self.listen_shown, "whisper": self.whisper_shown}.get(mode, self.barge_shown)


@dataclass(frozen=True, slots=True)
class Ivr:
    """Where FastAGI listens is `pbx.agi_port`; `digit_timeout` is in seconds, `tries` before going on without.

    `voice` speaks the prompts: "" is espeak-ng; else a command, or a class as "module:Name" (`conf.speech`).
    `voicemail_cell` is the grid cell in which messages wait for somebody to listen ("": the first there is).
    """

    digit_timeout: float = 5.0
    tries: int = 3
    voice: str = ""
    voicemail_cell: str = ""


@dataclass(frozen=True, slots=True)
class Broker:
    """The MQTT 5 broker. `max_packet` is bytes; above it the broker refuses a message.

    The gateway comes in at `host` and `port`, in the clear. Browsers come by WebSocket to `ws_port`. With `tls_cert`
    and `tls_key` (PEM files) `ws_port` speaks TLS, and so does `tls_port`, which is for handsets that are no browsers.
    Both listen at `handset_host`.
    """

    host: str = "127.0.0.1"
    port: int = 0
    user: str = "gateway"
    secret: str = ""
    max_packet: int = 262_144
    handset_host: str = "127.0.0.1"
    ws_port: int = 0
    tls_port: int = 0
    tls_cert: str = ""
    tls_key: str = ""


@dataclass(frozen=True, slots=True)
class Web:
    """The back office. `secure_cookies` belongs on wherever TLS stands in front.

    `api_rate` is how many requests a second a token of the API may make; twice as many at once. /metrics is for who
    shows `metrics_token`; empty: for this machine alone, and nobody through a proxy.
    """

    host: str = "127.0.0.1"
    port: int = 0
    secure_cookies: bool = False
    threads: int = 12
    session_hours: int = 12
    api_rate: int = 50
    metrics_token: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process of the site may want to know. `tools` is the ``var`` that set-up filled."""

    var: Path = Path("var")
    tools: Path = CHECKOUT / "var"
    site: Site = field(default_factory=Site)
    numbering: CaseNumbers = field(default_factory=CaseNumbers)
    database: Database = field(default_factory=Database)
    bus: Bus = field(default_factory=Bus)
    pbx: Pbx = field(default_factory=Pbx)
    acd: Acd = field(default_factory=Acd)
    watch: Watch = field(default_factory=Watch)
    ivr: Ivr = field(default_factory=Ivr)
    broker: Broker = field(default_factory=Broker)
    web: Web = field(default_factory=Web)
    door: Door = field(default_factory=Door)
    mail: Mail = field(default_factory=Mail)
    sms: Sms = field(default_factory=Sms)
    hooks: Hooks = field(default_factory=Hooks)
    recordings: Keeping = field(default_factory=Keeping)
    oidc: Oidc = field(default_factory=Oidc)
    positions: Positions = _field(default_factory=Positions)
    field: Field = _field(default_factory=Field)
    nodes: tuple[Pbx, ...] = ()
    services: tuple[Service, ...] = (
        Service(zh="市民热线", en="the city hotline", ug="شەھەر قىزىق لىنىيەسى"),
    )

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues there are: the main one, then those of the services."""
        return tuple(dict.fromkeys((self.acd.queue, *(self.queue_of(one) for one in self.services))))

    def queue_of(self, service: Service) -> str:
        """Where a service's callers wait: without a queue of its own, in the main one."""
        return service.queue or self.acd.queue

    @property
    def pbxs(self) -> tuple[Pbx, ...]:
        """Every PBX of the site, the first first. Further ones are tables ``[nodes.NAME]``."""
        return (self.pbx, *self.nodes)

    def caller_of(self, service: str) -> str:
        """The number that a service's outgoing calls show; the hotline where it names none."""
        return next((one.caller for one in self.services if one.name == service), "") or self.site.hotline

    def at(self, node: str) -> "Settings":
        """The settings as the node of this name sees them: itself as `pbx`, the others as `nodes`. Raises KeyError."""
        named = {pbx.node: pbx for pbx in self.pbxs}
        mine = named.pop(node)
        return replace(self, pbx=mine, nodes=tuple(named.values()))

    @property
    def first(self) -> str:
        """The name of the site's first PBX, which does what concerns no seat."""
        return next((pbx.node for pbx in self.pbxs if pbx.folder == "asterisk"), self.pbx.node)

    def node_of(self, seat: str) -> Pbx:
        """The PBX that serves a seat: the one that names the beginning of its extension, else the first."""
        for pbx in self.pbxs:
            if any(seat.startswith(start) for start in pbx.seats.split()):
                return pbx
        return next(pbx for pbx in self.pbxs if pbx.node == self.first)

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database.url or f"sqlite:///{self.var / 'gridline.sqlite'}"

    @property
    def run(self) -> Path:
        """The folder of what lives only while the site is up (ports, sockets, rendered configuration)."""
        return self.var / "run"

    @property
    def spool(self) -> Path:
        """Where the PBX writes recordings before the vault takes them; each PBX has its own."""
        own = "" if self.pbx.folder == "asterisk" else f"-{self.pbx.node}"
        return self.var / "spool" / f"recordings{own}"

    @property
    def vault(self) -> Path:
        """Where kept recordings and field media live."""
        return self.var / "vault"

    @property
    def tape(self) -> Path:
        """Where every AMI event heard is appended, one file per epoch."""
        return self.var / "tape"

    @property
    def prompts(self) -> Path:
        """Spoken prompts: ``<prompts>/<language>/<name>.wav``, 8 kHz mono 16 bit."""
        return self.var / "prompts"
