"""Settings: one typed, frozen object, read once from a TOML file and the environment.

Order of precedence, lowest first: the defaults below, the TOML file, environment variables named
``GRIDLINE_<SECTION>__<FIELD>`` (``GRIDLINE_WEB__PORT=8080``) and ``GRIDLINE_VAR``. A port of 0 means "a free
one, chosen when the site is laid out"; an empty secret means "made when the site is laid out". Both are then
written to ``var/run/site.toml`` (mode 0600), which every other process of the site reads.
"""

import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

from conf.door import Door, Oidc
from conf.mail import Mail
from conf.services import Service

CHECKOUT = Path(__file__).resolve().parent.parent

SERVICE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
KINDS = {
    bool: "yes or no",
    int: "a whole number",
    float: "a number",
    str: "a text",
    tuple[str, ...]: "a list of texts",
}


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
    for all that no other node names); `peer_secret` is what nodes know each other by.
    """

    node: str = "pbx1"
    folder: str = "asterisk"
    seats: str = ""
    peer_secret: str = ""
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

    Who waits is told place and time after `tell_first`, then every `tell_every`. A number served within `sticky_for` is
    given the same agent if idle. Every `age_every` of waiting lift a caller one level; after `relax_after`, and again
    every 30 s, wanted levels fall by two, and after `any_language_after` any language will do. `language_level` is the
    lowest level of the caller's language that will do at first.
    """

    queue: str = "hotline"
    ring_timeout: int = 20
    wrap_up: int = 30
    beat_every: float = 1.0
    beat_stale: int = 5
    tell_first: float = 20.0
    tell_every: float = 60.0
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
    """Where FastAGI listens is `pbx.agi_port`; `digit_timeout` is in seconds, `tries` before going on without."""

    digit_timeout: float = 5.0
    tries: int = 3


@dataclass(frozen=True, slots=True)
class Broker:
    """The MQTT 5 broker. `max_packet` is bytes; above it the broker refuses a message."""

    host: str = "127.0.0.1"
    port: int = 0
    user: str = "gateway"
    secret: str = ""
    max_packet: int = 262_144


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
class Hooks:
    """Webhooks. `secret` is what every subscription's is made of; `allow` names hosts, addresses and networks that
    may be reached though they are not of the public internet.

    A message is tried for `give_up_hours`, `timeout` seconds a try, `workers` at once, and kept for `keep_days`.
    """

    secret: str = ""
    allow: tuple[str, ...] = ()
    timeout: float = 10.0
    workers: int = 4
    give_up_hours: int = 24
    keep_days: int = 14


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
    hooks: Hooks = field(default_factory=Hooks)
    oidc: Oidc = field(default_factory=Oidc)
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


def load(file: Path | None = None, env: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. `file` (or ``GRIDLINE_SETTINGS``) must exist when named; the default ones need not.

    Raises BadSettings, naming the file or variable.
    """
    var = Path(env.get("GRIDLINE_VAR", "var")).absolute()
    named = file or (Path(env["GRIDLINE_SETTINGS"]) if env.get("GRIDLINE_SETTINGS") else None)
    if named and not named.is_file():
        raise BadSettings(f"settings file {named} does not exist; name another with GRIDLINE_SETTINGS")
    settings = Settings(var=var, tools=var if (var / "tools").is_dir() else CHECKOUT / "var")
    for path in [named] if named else [Path("gridline.toml"), var / "run" / "site.toml"]:
        if path.is_file():
            settings = _with_tables(settings, _read(path), str(path))
    tables: dict[str, dict[str, str]] = {}
    for name, value in env.items():
        section, mark, key = name.removeprefix("GRIDLINE_").partition("__")
        if name.startswith("GRIDLINE_") and mark:
            tables.setdefault(section.lower(), {})[key.lower()] = value
    return _with_tables(settings, tables, "the environment (GRIDLINE_…)")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: {error}") from error


def _with_tables(settings: Settings, tables: Mapping[str, Any], where: str) -> Settings:
    for section, values in tables.items():
        if section in ("var", "tools") and isinstance(values, str):
            changed: Any = {section: Path(values).absolute()}
            settings = replace(settings, **changed)
            continue
        if section == "services" and isinstance(values, Mapping):
            settings = replace(settings, services=_services(values, where))
            continue
        if section == "nodes" and isinstance(values, Mapping):
            settings = replace(settings, nodes=_nodes(settings, values, where))
            continue
        part = getattr(settings, section, None)
        if not is_dataclass(part) or isinstance(part, type) or not isinstance(values, Mapping):
            raise BadSettings(f"{where}: there is no section [{section}]")
        settings = replace(settings, **{section: _with_values(part, values, f"{where}: [{section}]")})
    return settings


def _nodes(settings: Settings, tables: Mapping[str, Any], where: str) -> tuple[Pbx, ...]:
    """Further PBXs. What a table does not say is as for the first, but for what must differ."""
    found = {pbx.node: pbx for pbx in settings.nodes}
    for name, values in tables.items():
        if not isinstance(values, Mapping) or not name.isalnum() or name == settings.pbx.node:
            raise BadSettings(
                f"{where}: [nodes.{name}] is no further node: give it a name of letters and digits"
            )
        base = found.get(name) or replace(Pbx(), node=name, folder=f"asterisk-{name}", host=settings.pbx.host)
        found[name] = _with_values(base, values, f"{where}: [nodes.{name}]")
    return tuple(found.values())


def _services(tables: Mapping[str, Any], where: str) -> tuple[Service, ...]:
    for name, values in tables.items():
        if not isinstance(values, Mapping):
            raise BadSettings(f"{where}: [services] has tables, one a service: [services.{name}]")
        if not SERVICE_NAME.fullmatch(name):
            raise BadSettings(
                f"{where}: [services.{name}]: a service's name is of small Latin letters, digits, - and _"
            )
    if not tables:
        raise BadSettings(f"{where}: [services] has no service")
    return tuple(
        replace(_with_values(Service(), values, f"{where}: [services.{name}]"), name=name)
        for name, values in tables.items()
    )


def _with_values(part: Any, values: Mapping[str, Any], where: str) -> Any:
    kinds = get_type_hints(type(part))
    known = {f.name for f in fields(part)}
    changes: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise BadSettings(f"{where} has no setting {key!r}; it has {', '.join(sorted(known))}")
        changes[key] = _as_kind(value, kinds[key], f"{where} {key}")
        if key.endswith("port") and not 0 <= changes[key] <= 65_535:
            raise BadSettings(f"{where} {key} = {value!r} is no port (0: a free one; 1 to 65535)")
    return replace(part, **changes)


def _as_kind(value: Any, kind: Any, where: str) -> Any:
    try:
        if kind is bool:
            if isinstance(value, bool):
                return value
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                str(value).lower()
            ]
        if kind is int and isinstance(value, int | str) and not isinstance(value, bool):
            return int(value)
        if kind is float and not isinstance(value, bool) and math.isfinite(number := float(value)):
            return number
        if kind is str and isinstance(value, str):
            return value
        if kind == tuple[str, ...]:
            words = [word.strip() for word in value.split(",")] if isinstance(value, str) else value
            if all(isinstance(word, str) for word in words):
                return tuple(words)
    except (ValueError, KeyError, TypeError):
        pass
    raise BadSettings(f"{where} = {value!r} is not {KINDS[kind]}")


def as_toml(settings: Settings) -> str:
    """The settings as the TOML text that `load` reads back to an equal object."""
    lines = [f"var = {_quoted(str(settings.var))}", f"tools = {_quoted(str(settings.tools))}"]
    for section in fields(settings):
        part = getattr(settings, section.name)
        if is_dataclass(part) and not isinstance(part, type):
            lines.append(f"\n[{section.name}]")
            lines += [f"{f.name} = {_literal(getattr(part, f.name))}" for f in fields(part)]
    for pbx in settings.nodes:
        lines.append(f"\n[nodes.{pbx.node}]")
        lines += [f"{f.name} = {_literal(getattr(pbx, f.name))}" for f in fields(pbx)]
    for service in settings.services:
        lines.append(f"\n[services.{service.name}]")
        lines += [
            f"{f.name} = {_literal(getattr(service, f.name))}" for f in fields(service) if f.name != "name"
        ]
    return "\n".join(lines) + "\n"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_quoted(v) for v in value) + "]"
    return _quoted(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
