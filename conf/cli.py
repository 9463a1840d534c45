"""The `gridline` command line. Every failure a person can mend is one line on standard error and exit code 1."""

import argparse
import errno
import os
import secrets
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conf import cli_audit, cli_recordings, cli_registers, cli_tokens, cli_towers, cli_users, cli_webhooks
from conf.garbage import hold
from conf.settings import BadSettings, Settings
from conf.settingsfile import load

if TYPE_CHECKING:
    from conf.supervisor import Supervisor

NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    args = _parser().parse_args(argv)
    try:
        settings = load(args.settings)
        code: int = args.run(settings, args)
        return code
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        line = _one_line(error)
        if line is None or args.traceback:
            raise
        print(f"gridline: {line}", file=sys.stderr)
        return 1


def _one_line(error: Exception) -> str | None:
    """What to tell a person; None for what only a developer can mend."""
    from conf.children import ChildFailed
    from conf.layout import PortTaken
    from conf.lock import AlreadyRunning
    from conf.tools import MissingTool
    from cti.replay import BadMoment
    from ivr.prompts import CannotSpeak
    from schema.desk.errors import Refused
    from schema.store import StoreUnreachable

    known = (
        BadSettings,
        BadMoment,
        AlreadyRunning,
        PortTaken,
        MissingTool,
        ChildFailed,
        CannotSpeak,
        StoreUnreachable,
        Refused,
    )
    if isinstance(error, known):
        return str(error)
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return f"the disk is full ({error.filename or 'var/'}): make room, or set GRIDLINE_VAR to a roomier folder"
        where = f" ({error.filename})" if error.filename else ""
        mend = ": check that var/ is yours to write, or set GRIDLINE_VAR" if error.errno in NOT_OURS else ""
        return f"{error.strerror or error}{where}{mend}"
    return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gridline", description="A city's hotline and field service.")
    parser.add_argument(
        "--settings", type=Path, help="a TOML file (default: gridline.toml, then var/run/site.toml)"
    )
    parser.add_argument("--traceback", action="store_true", help="show where an error came from")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, help: str, into: Any = commands) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = into.add_parser(name, help=help, description=help)
        made.set_defaults(run=run)
        return made

    up = command("up", _up, "start the site: Asterisk, Mosquitto and Gridline, until Ctrl-C")
    up.add_argument("--split", action="store_true", help="four Gridline processes, PostgreSQL and Redis")
    demo = command(
        "demo", _demo, "run the main job on real parts in a small demo city, then leave the site up"
    )
    demo.add_argument(
        "--once", action="store_true", help="end after the job; exit code 0 only if every hop happened"
    )
    demo.add_argument("--split", action="store_true", help="four Gridline processes, PostgreSQL and Redis")
    doctor = command("doctor", _doctor, "say what is missing or wrong, and how to mend it")
    doctor.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    serve = command("serve", _serve, "run the named rooms in one process (what `up` starts)")
    serve.add_argument("roles", nargs="+", choices=("cti", "ivr", "gateway", "web"))
    for role, what in (("cti", "the telephone room"), ("ivr", "the voice room"),
                       ("gateway", "the field gateway"), ("web", "the back office")):  # fmt: skip
        command(role, _serve, f"run {what} alone").set_defaults(roles=[role])
    replay = command("replay", _replay, "print the floor as it was at a moment, from the tape")
    replay.add_argument("tape", type=Path, help="the folder of the tapes (var/tape), or a file in it")
    replay.add_argument(
        "--at", required=True, help="2026-11-24T12:03:11 in the site's zone, or 12:03:11 of the last day"
    )
    replay.add_argument("--node", help="whose tape, if the folder has those of several PBXs")
    replay.add_argument("--json", action="store_true", help="the floor message instead of a table")
    db = commands.add_parser("db", help="the database").add_subparsers(required=True, metavar="COMMAND")
    command("upgrade", _db_upgrade, "bring the database to the newest migration", db)
    cli_registers.parser(commands, command)
    cli_towers.parser(commands, command)
    cli_users.parser(commands, command)
    cli_tokens.parser(commands, command)
    cli_webhooks.parser(commands, command)
    cli_audit.parser(commands, command)
    cli_recordings.parser(commands, command)
    handset = commands.add_parser("handset", help="field devices").add_subparsers(
        required=True, metavar="COMMAND"
    )
    enrol = command("enrol", _handset_enrol, "enrol a handset; prints its secret once", handset)
    enrol.add_argument("device")
    enrol.add_argument("--worker", required=True, help="the grid worker's login")
    block = command("block", _handset_block, "let a handset in no more, from now on", handset)
    block.add_argument("device")
    block.add_argument("--reason", default="by the command line", help="why; it is kept with the fact")
    command("unblock", _handset_unblock, "let a blocked handset in again", handset).add_argument("device")
    return parser


def _up(settings: Settings, args: argparse.Namespace) -> int:
    from conf.lock import only_one
    from conf.supervisor import Supervisor

    _stop_on_term()
    supervisor = Supervisor(settings, split=args.split)
    with only_one(settings.var / "site.lock"):
        return _keep_up(supervisor)


def _keep_up(supervisor: "Supervisor") -> int:
    try:
        supervisor.start()
        web = supervisor.settings.web
        print(f"Gridline is up: http://{web.host}:{web.port}/   (Ctrl-C ends it)", flush=True)
        if not _anybody(supervisor.settings):
            print("nobody can log in yet: gridline user add NAME --post admin", flush=True)
        supervisor.wait()
    except KeyboardInterrupt:
        print("ending …")
    finally:
        supervisor.stop()
    return 0


def _anybody(settings: Settings) -> bool:
    """Whether there is a user at all."""
    from schema.desk.people import anybody
    from schema.store import Store

    store = Store.of(settings)
    try:
        with store.read() as session:
            return anybody(session)
    finally:
        store.close()


def _stop_on_term() -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)  # a shell's background job starts with it ignored


def _demo(settings: Settings, args: argparse.Namespace) -> int:
    from conf.lock import only_one
    from demo.main import run

    _stop_on_term()
    with only_one(settings.var / "demo.lock"):
        return run(settings, once=args.once, split=args.split)


def _doctor(settings: Settings, args: argparse.Namespace) -> int:
    from conf.doctor import run

    return run(settings, as_json=args.json)


def _serve(settings: Settings, args: argparse.Namespace) -> int:
    hold()
    from conf.logs import begin
    from conf.wiring import run

    begin()
    return run(settings, args.roles)


def _replay(settings: Settings, args: argparse.Namespace) -> int:
    from cti.replay import run

    return run(settings, args)


def _db_upgrade(settings: Settings, _args: argparse.Namespace) -> int:
    from schema.desk.clocks import catch_up
    from schema.store import Store
    from schema.upgrade import at, upgrade

    settings.var.mkdir(parents=True, exist_ok=True)
    before = at(settings.database_url)
    upgrade(settings.database_url)
    store = Store.of(settings)
    catch_up(store)
    store.close()
    after = at(settings.database_url)
    print(
        f"database at {after}"
        if before == after
        else f"database upgraded from {before or 'nothing'} to {after}"
    )
    return 0


def _handset_enrol(settings: Settings, args: argparse.Namespace) -> int:
    from conf.broker import reload_broker
    from schema.desk.handsets import enrol, enrolled
    from schema.desk.people import find_user
    from schema.store import Store

    secret = secrets.token_urlsafe(24)
    store = Store.of(settings)
    with store.work() as work:
        worker = find_user(work.session, args.worker)
        if worker is None:
            raise BadSettings(f"there is no user {args.worker!r}; add one with `gridline user add`")
        enrol(work, device=args.device, worker=worker.id, secret=secret)
    with store.read() as session:
        reload_broker(settings, enrolled(session))
    print(f"device {args.device}\nsecret {secret}")
    return 0


def _handset_block(settings: Settings, args: argparse.Namespace) -> int:
    from schema.desk.devices import block_handset
    from schema.orders import BlockHandset

    order = BlockHandset(by=None, device=args.device, reason=args.reason)
    return _to_handset(settings, lambda work: block_handset(work, order))


def _handset_unblock(settings: Settings, args: argparse.Namespace) -> int:
    from schema.desk.devices import unblock_handset
    from schema.orders import UnblockHandset

    return _to_handset(
        settings, lambda work: unblock_handset(work, UnblockHandset(by=None, device=args.device))
    )


def _to_handset(settings: Settings, carry_out: Callable[[Any], object]) -> int:
    """Do it, and tell the broker at once: the gateway may not be up to hear of it."""
    from conf.broker import reload_broker
    from schema.desk.handsets import enrolled
    from schema.store import Store

    store = Store.of(settings)
    try:
        with store.work() as work:
            carry_out(work)
        with store.read() as session:
            reload_broker(settings, enrolled(session))
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
