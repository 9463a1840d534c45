"""Renders Asterisk's configuration: the templates in conf/asterisk with a site's values, under ``var/run/asterisk``.

A template names a value as ``@name@``; Asterisk's own ``${…}`` stays untouched.
"""

import fcntl
import ipaddress
import os
import re
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from conf.layout import dictated_in
from conf.pbxmodules import MODULES
from conf.settings import BadSettings, Pbx, Settings
from conf.tools import Asterisk

TEMPLATES = Path(__file__).parent / "asterisk"
LOOK = 2
"""Seconds between two looks of a waiting call at the bridge's beat (``Wait`` in extensions.conf)."""

_SIOCGIFADDR = 0x8915
_PLACE = re.compile(r"@([a-z_]+)@")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_NODE = re.compile(r"[A-Za-z0-9]{1,20}")
_SECRET = re.compile(r"[A-Za-z0-9_.~+/=-]{8,128}")
_DIGITS = re.compile(r"[0-9]{2,18}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
# Asterisk's files, its dialplan and the shell behind MixMonitor each read some of these as their own.
_NOT_IN_PATHS = re.compile(r"[\x00-\x1f\x7f;,'\"`$&|<>*?(){}\[\]\\^!#~@%=]")
_PATH_MAX = (
    190  # a path and a recording's name must fit into Asterisk's 256-byte buffers… with room for ".rx.wav"
)


def render_asterisk(settings: Settings, tool: Asterisk) -> Path:
    """Write the configuration for `tool` and the folders it needs; returns the path of asterisk.conf.

    Asterisk is started as ``tool.command -f -C <that path>``. Raises conf.settings.BadSettings for a value that
    Asterisk's files cannot carry safely, OSError for a folder that cannot be made.
    """
    home = settings.run / settings.pbx.folder
    values = values_for(settings, tool)
    for folder in (values[name] for name in ("etc", "lib", "spool", "run", "log", "recordings", "dictated")):
        Path(folder).mkdir(parents=True, exist_ok=True)
    for folder in ("log/cel-custom", "lib/keys"):
        place, name = folder.split("/")
        (Path(values[place]) / name).mkdir(exist_ok=True)
    home.chmod(0o700)
    etc = Path(values["etc"])
    wanted = {template.name: fill(template.read_text("utf-8"), values) for template in _templates()}
    for name, text in wanted.items():
        _write(etc / name, text)
    for stale in {file.name for file in etc.glob("*.conf")} - wanted.keys():
        (etc / stale).unlink()
    return etc / "asterisk.conf"


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with each ``@name@`` replaced. Raises BadSettings for a name without a value."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise BadSettings(f"conf/asterisk names @{match[1]}@, which has no value")
        return values[match[1]]

    return _PLACE.sub(value, template)


def values_for(settings: Settings, tool: Asterisk) -> dict[str, str]:
    """The values of all templates, each checked. Raises BadSettings naming the setting."""
    pbx, acd, site = settings.pbx, settings.acd, settings.site
    home = settings.run.absolute() / pbx.folder
    values = {
        "etc": _path("var", home / "etc"),
        "lib": _path("var", home / "lib"),
        "spool": _path("var", home / "spool"),
        "run": _path("var", home / "run"),
        "log": _path("var", settings.var.absolute() / "log" / pbx.folder),
        "recordings": _path("var", settings.spool.absolute()),
        "prompts": _path("var", settings.prompts.absolute()),
        "dictated": _path("var", dictated_in(settings).absolute()),
        "data": _path("the path of Asterisk's data", tool.data.absolute()),
        "modules_dir": _path("the path of Asterisk's modules", tool.modules.absolute()),
        "hotline": _match("site.hotline", site.hotline, _DIGITS, "2 to 18 digits"),
        "language": _match(
            "site.languages", site.languages[0] if site.languages else "", _LANGUAGE, "language tags (BCP 47)"
        ),
        "queue": _match("acd.queue", acd.queue, _NAME, "a word of Latin letters"),
        "queues": _nets(settings),
        "host": _match("pbx.host", pbx.host, _HOST, "a host name or address"),
        "trunk_host": _match("pbx.trunk_host", pbx.trunk_host, _HOST, "a host name or address"),
        "trunk_user": _match("pbx.trunk_user", pbx.trunk_user, _NAME, "a word of Latin letters"),
        "ring_timeout": _number("acd.ring_timeout", acd.ring_timeout, 1, 600),
        "wrap_up": _number("acd.wrap_up", acd.wrap_up, 0, 3600),
        "stale_looks": str(-(-int(_number("acd.beat_stale", acd.beat_stale, LOOK, 600)) // LOOK)),
        "rtp_low": _number("pbx.rtp_low", pbx.rtp_low, 1024, 65534),
        "rtp_high": _number("pbx.rtp_low + rtp_count - 1", pbx.rtp_low + pbx.rtp_count - 1, 1025, 65535),
        "node": _match("pbx.node", pbx.node, _NODE, "letters and digits"),
        "peers": "\n".join(_peer(pbx, other) for other in settings.nodes),
        "modules": "\n".join(modules_of(tool.modules)),
        "ice_deny": "ice_deny = ::/0" if _is_loopback(pbx.host) else "",
        "ice": "\n".join(f"{address} => {pbx.host}" for address in _hidden_addresses(pbx.host)),
    }
    if re.fullmatch(r"seat\d*|.*-out", values["trunk_user"]):
        raise BadSettings(f"pbx.trunk_user = {pbx.trunk_user!r} is a name the PBX keeps for itself")
    for name in ("ears_secret", "mouth_secret", "ari_secret", "trunk_secret"):
        values[name] = _match(
            f"pbx.{name}", getattr(pbx, name), _SECRET, "8 to 128 of A–Z a–z 0–9 _ . ~ + / = -", secret=True
        )
    for name in ("sip_port", "http_port", "ami_port", "agi_port", "trunk_port"):
        values[name] = _number(f"pbx.{name}", getattr(pbx, name), 1, 65535)
    return values


def _nets(settings: Settings) -> str:
    """A section of queues.conf for each queue there is."""
    section = (TEMPLATES / "net-queue.section").read_text("utf-8")
    acd = settings.acd
    return "\n".join(
        fill(section, {
            "net_queue": _match("services: queue", queue, _NAME, "a word of Latin letters"),
            "ring_timeout": _number("acd.ring_timeout", acd.ring_timeout, 1, 600),
            "wrap_up": _number("acd.wrap_up", acd.wrap_up, 0, 3600),
        })
        for queue in settings.queues
    )  # fmt: skip


def _peer(mine: Pbx, other: Pbx) -> str:
    """The endpoint of another node of the site, known by the secret that all share."""
    name = "node-" + _match("node", other.node, _NODE, "letters and digits")
    secret = _match("pbx.peer_secret", mine.peer_secret, _SECRET, "8 to 128 safe characters", secret=True)
    host = _match("nodes.host", other.host, _HOST, "a host name or address")
    port = _number("nodes.sip_port", other.sip_port, 1, 65535)
    return f"""
[{name}]
type = endpoint
context = from-node
identify_by = auth_username
auth = {name}
outbound_auth = {name}-out
aors = {name}
disallow = all
allow = alaw,ulaw
direct_media = no
allow_transfer = no
allow_subscribe = no
rtp_timeout = 60
rtp_timeout_hold = 600

[{name}]
type = auth
auth_type = userpass
username = {name}
password = {secret}
realm = gridline

[{name}-out]
type = auth
auth_type = userpass
username = node-{_match("pbx.node", mine.node, _NODE, "letters and digits")}
password = {secret}

[{name}]
type = aor
contact = sip:{host}:{port}
"""


def modules_of(folder: Path) -> Iterator[str]:
    """The load lines for the modules we use that this Asterisk has: versions differ in a few."""
    for name in MODULES:
        if (folder / f"{name}.so").exists():
            yield f"load = {name}.so"


def _templates() -> list[Path]:
    return sorted(TEMPLATES.glob("*.conf"))


def _write(file: Path, text: str) -> None:
    draft = file.with_suffix(".new")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write(text)
    draft.replace(file)


def _match(setting: str, value: str, pattern: re.Pattern[str], what: str, secret: bool = False) -> str:
    if not pattern.fullmatch(value):
        raise BadSettings(
            f"{setting}{'' if secret else f' = {value!r}'} does not go into the PBX: it takes {what}"
        )
    return value


def _number(setting: str, value: int, low: int, high: int) -> str:
    if not low <= value <= high:
        raise BadSettings(f"{setting} = {value} is not between {low} and {high}")
    return str(value)


def _path(setting: str, path: Path) -> str:
    text = str(path)
    if bad := _NOT_IN_PATHS.search(text):
        raise BadSettings(
            f"{setting}: {text!r} holds {bad[0]!r}, which Asterisk's files cannot carry: move it"
        )
    if len(os.fsencode(text)) > _PATH_MAX:
        raise BadSettings(
            f"{setting}: {text!r} is longer than {_PATH_MAX} bytes, too long for Asterisk: move it"
        )
    return text


def _hidden_addresses(host: str) -> Iterator[str]:
    """The machine's IPv4 addresses that ICE would offer although the PBX listens on the loopback alone."""
    if not _is_loopback(host):
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for _index, name in socket.if_nameindex():
            with suppress(OSError):  # an interface without an IPv4 address
                request = struct.pack("256s", name.encode()[:15])
                answer = fcntl.ioctl(any_socket.fileno(), _SIOCGIFADDR, request)
                address = ipaddress.ip_address(answer[20:24])
                if not address.is_loopback:
                    yield str(address)


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False
