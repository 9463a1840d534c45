"""What `gridline doctor` looks at of the site itself: ports, database, broker, bus, the PBX's configuration."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import paho.mqtt.client as mqtt
import redis
from asterisk import config as asterisk_config
from paho.mqtt.enums import CallbackAPIVersion
from redis.backoff import NoBackoff
from redis.retry import Retry

from conf.doctor import Check, Finding
from conf.layout import PORTS, PortTaken, lay_out, port_of
from conf.ports import holder, is_taken
from conf.settings import Settings
from conf.tools import Asterisk, MissingTool, Tools
from schema.store import StoreUnreachable
from schema.upgrade import at, newest

PATIENCE = 3.0  # seconds to wait for a peer
NO_STRANGERS = ("Not authorized", "Bad user name or password")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class ConfigurationFile(asterisk_config.Config):  # type: ignore[misc]  # pyst2 has no types
    """A file of Asterisk's format, read by pyst2; raises its ParseError(line, text)."""

    def load(self) -> None:
        """Read as UTF-8 and close; pyst2 itself leaves the file open, and knows no #include."""
        lines = Path(self.filename).read_text("utf-8").splitlines()
        self.raw_lines = ["" if line.startswith("#include ") else line for line in lines]


def ports(settings: Settings) -> Iterator[Finding]:
    """Each port is free, or held by this site."""
    ours, free, undrawn = [], [], []
    for name, port in ((name, port_of(settings, name)) for name in PORTS):
        held_by = holder(port) if port else None
        if not port:
            undrawn.append(name)
        elif held_by is None and not is_taken(port):
            free.append(name)
        elif held_by is not None and f"{settings.run}/" in held_by.command:
            ours.append(name)
        else:
            env = f"GRIDLINE_{name.upper().replace('.', '__')}"
            text = f"port {port} ({name}) is taken by {held_by or 'another process'}"
            yield Finding("ports", "bad", text, f"end it, or choose another with {env}")
    for names, state in ((ours, "held by this site"), (free, "free"), (undrawn, "drawn at the first start")):
        if names:
            yield Finding("ports", "ok", f"{', '.join(names)}: {state}")


def database(settings: Settings) -> Iterator[Finding]:
    """It answers and has the tables this program expects."""
    kind = settings.database_url.partition(":")[0]
    try:
        there, wanted = at(settings.database_url, connect_timeout=settings.database.connect_timeout), newest()
    except StoreUnreachable as error:
        yield Finding(
            "database", "bad", f"{kind} does not answer ({error})", "start it, or mend GRIDLINE_DATABASE__URL"
        )
        return
    if there == wanted:
        yield Finding("database", "ok", f"{kind} at {there}")
    elif not there and not settings.database.url:
        yield Finding("database", "ok", f"{kind} is made at the first start")
    else:
        text = f"{kind} is at {there or 'nothing'}, this program wants {wanted}"
        yield Finding("database", "bad", text, "run `gridline db upgrade`")


def broker(settings: Settings) -> Iterator[Finding]:
    """The broker answers, and lets no stranger in.

    The gateway's own name is not used: a second log-in under it would throw the gateway out.
    """
    peer = settings.broker
    if peer.host in LOOPBACK and (not peer.port or not is_taken(peer.port, peer.host)):
        yield Finding("broker", "ok", "starts with the site")
        return
    where, answer = f"{peer.host}:{peer.port}", mqtt_answer(peer.host, peer.port)
    if answer in NO_STRANGERS:
        yield Finding("broker", "ok", f"{where} answers, and lets no stranger in")
    elif answer == "Success":
        yield Finding(
            "broker",
            "bad",
            f"{where} lets strangers in",
            "set allow_anonymous false, or what it has for that",
        )
    else:
        yield Finding(
            "broker", "bad", f"{where}: {answer}", "start it, or mend GRIDLINE_BROKER__HOST and __PORT"
        )


def mqtt_answer(host: str, port: int) -> str:
    """What an MQTT 5 broker says to a log-in without name and password, or why there is no answer."""
    answers: list[str] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2, "gridline-doctor", protocol=mqtt.MQTTv5)
    client.connect_timeout = PATIENCE
    client.on_connect = lambda _c, _data, _flags, reason, _properties: answers.append(str(reason))
    try:
        client.connect(host, port)
        until = time.monotonic() + PATIENCE
        while not answers and time.monotonic() < until and client.loop(timeout=0.2) == mqtt.MQTT_ERR_SUCCESS:
            pass
        client.disconnect()
    except OSError as error:
        return error.strerror or str(error)
    return answers[0] if answers else "no answer"


def bus(settings: Settings) -> Iterator[Finding]:
    """Redis answers, where facts travel through it."""
    if not settings.bus.url:
        yield Finding("bus", "ok", "in process")
        return
    client = redis.Redis.from_url(
        settings.bus.url,
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        version = client.info("server")["redis_version"]
    except (redis.RedisError, OSError) as error:
        yield Finding("bus", "bad", f"Redis does not answer ({error})", "start it, or mend GRIDLINE_BUS__URL")
    else:
        yield Finding("bus", "ok", f"Redis {version}")
    finally:
        client.close()


def pbx_configuration(
    settings: Settings,
    render: Callable[[Settings, Asterisk], Path] | None = None,
) -> Iterator[Finding]:
    """What we would render for Asterisk now can be read by a second reader of its format."""
    if render is None:
        from conf.render import render_asterisk

        render = render_asterisk
    try:
        tool = Tools(settings.tools).asterisk()
    except MissingTool:
        return  # said already
    count = 0
    with tempfile.TemporaryDirectory(prefix="gridline-doctor-") as folder:
        site = replace(settings, var=Path(folder))
        try:
            render(site if site.pbx.rtp_low else lay_out(site), tool)
        except PortTaken:
            return  # said already
        for file in sorted(Path(folder).rglob("*.conf")):
            count += 1
            try:
                ConfigurationFile(str(file))
            except asterisk_config.ParseError as error:
                text = f"{file.name}, line {error.args[0]}: {error.args[1]}"
                yield Finding(
                    "PBX configuration", "bad", text, f"mend its template in conf/asterisk/{file.name}"
                )
                return
    yield Finding("PBX configuration", "ok", f"{count} files can be read")


CHECKS: tuple[Check, ...] = (ports, database, broker, bus, pbx_configuration)
