"""The broker's configuration: rendered from conf/mosquitto.conf, and renewed while the broker runs."""

import os
import signal
from collections.abc import Iterable
from pathlib import Path
from string import Template

from conf.positions import consumer_user
from conf.settings import Broker, Settings
from schema.desk.handsets import broker_hash
from schema.handsets import Handset

TEMPLATE = Path(__file__).parent / "mosquitto.conf"
MAX_QUEUED_BYTES = 256 * 1024 * 1024
"""What the broker keeps for one client that is away, at most."""
MAX_INFLIGHT = 64
CONSUMERS = 8
"""So many connections may take positions (`[positions] consumers` of all gateway processes together)."""
ONE_SESSION = "use_username_as_clientid true\nallow_zero_length_clientid false\n"
"""Each device has one session, named by who logged in: nobody can throw another out by using its client id."""
ACCESS = """\
# Deny first: a device writes only under its own up/ and reads only its own down/.
user {gateway}
topic readwrite gridline/#
# Positions go to the consumers below, which share them out; here they would only be in the way of reports.
topic deny gridline/+/up/position

{consumers}pattern write gridline/%u/up/#
pattern read gridline/%u/down/#
"""


def render_broker(settings: Settings, handsets: Iterable[Handset]) -> Path:
    """Write configuration, passwords and access list under ``var/run/mosquitto``; returns the configuration.

    Everything is readable by its owner alone. Raises OSError, and ValueError for a path the broker cannot read.
    """
    folder = broker_folder(settings)
    state = settings.var / "mosquitto"
    for made in (folder, state, settings.var / "log"):
        made.mkdir(parents=True, exist_ok=True)
        made.chmod(0o700)
    _write_people(settings, handsets)
    main = folder / "mosquitto.conf"
    text = Template(TEMPLATE.read_text("utf-8")).substitute(
        host=_plain(settings.broker.host),
        port=settings.broker.port,
        handsets=_handsets(settings.broker),
        folder=_plain(folder.absolute()),
        state=_plain(state.absolute()),
        log=_plain((settings.var / "log" / "mosquitto.log").absolute()),
        max_packet=settings.broker.max_packet,
        max_queued_bytes=MAX_QUEUED_BYTES,
        max_inflight=MAX_INFLIGHT,
        # Started by root it would become the user "mosquitto", who may not read what is ours.
        user="user root" if os.geteuid() == 0 else "",
    )
    _write(main, text)
    return main


def reload_broker(settings: Settings, handsets: Iterable[Handset]) -> bool:
    """Let exactly these handsets in from now on, without a restart; whether a running broker was told.

    A connected device that is no longer among them is disconnected. A broker that is down reads it at its start.
    """
    broker_folder(settings).mkdir(parents=True, exist_ok=True)
    _write_people(settings, handsets)
    pid = broker_pid(settings)
    if not pid:
        return False
    os.kill(pid, signal.SIGHUP)
    return True


def broker_folder(settings: Settings) -> Path:
    """Where the rendered configuration lives."""
    return settings.run / "mosquitto"


def broker_pid(settings: Settings) -> int:
    """The process id of this site's broker, 0 when it does not run."""
    main = broker_folder(settings).absolute() / "mosquitto.conf"
    try:
        pid = int((broker_folder(settings) / "pid").read_text("ascii").strip())
        # The number may belong to somebody else by now.
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return 0
    return pid if os.fsencode(main) in words else 0


def _handsets(broker: Broker) -> str:
    """The listeners for handsets: WebSocket where it has a port, MQTT over TLS where there is a certificate."""
    tls = ""
    if broker.tls_cert:
        files = {"certfile": broker.tls_cert, "keyfile": broker.tls_key}
        tls = (
            "".join(f"{name} {_plain(Path(file).absolute())}\n" for name, file in files.items())
            + "tls_version tlsv1.2\n"
        )
    listeners = [(broker.ws_port, "websockets"), (broker.tls_port if tls else 0, "mqtt")]
    return "\n".join(
        f"listener {port} {_plain(broker.handset_host)}\nprotocol {protocol}\n{ONE_SESSION}{tls}"
        for port, protocol in listeners
        if port
    )


def _write_people(settings: Settings, handsets: Iterable[Handset]) -> None:
    gateway = settings.broker.user
    consumers = [consumer_user(gateway, number + 1) for number in range(CONSUMERS)]
    lines = [f"{one}:{broker_hash(settings.broker.secret)}" for one in (gateway, *consumers)]
    lines += [
        f"{one.device}:{one.secret}"
        for one in handsets
        if not one.blocked and one.device not in (gateway, *consumers)
    ]
    if any("\n" in line for line in lines):
        raise ValueError("a line break in the name or the hash of a handset")
    _write(broker_folder(settings) / "passwords", "\n".join(lines) + "\n")
    _write(
        broker_folder(settings) / "access", ACCESS.format(gateway=gateway, consumers=_access_of(consumers))
    )


def _access_of(consumers: Iterable[str]) -> str:
    return "".join(
        f"user {one}\ntopic read gridline/+/up/position\ntopic write gridline/+/down/receipt\n\n"
        for one in consumers
    )


def _plain(value: object) -> str:
    text = str(value)
    if any(ord(char) < 32 for char in text) or text != text.strip():
        raise ValueError(f"the broker's configuration cannot hold {text!r}")
    return text


def _write(file: Path, text: str) -> None:
    draft = file.with_name(file.name + ".new")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write(text)
    draft.replace(file)
