"""The handset as a program: one thing a run, kept on disk first, delivered when there is a network."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from demo.handset import Handset


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when everything is delivered (or was to stay here), 1 when it still waits or was refused."""
    args = _parser().parse_args(argv)
    secret = os.environ.get("GRIDLINE_HANDSET_SECRET", "")
    if not secret and not args.offline:
        print("the handset's secret belongs into the environment variable GRIDLINE_HANDSET_SECRET")
        return 2
    folder = args.folder or Path(f"var/handset-{args.device}")
    handset = Handset(args.device, secret, args.host, args.port, folder)
    try:
        return _run(handset, args)
    finally:
        handset.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo.handset", description=__doc__)
    parser.add_argument("--device", required=True, help="the name it was enrolled under")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--port", type=int, required=True, help="the broker's port (var/run/site.toml has it)"
    )
    parser.add_argument("--folder", type=Path, help="where the handset keeps everything")
    parser.add_argument("--offline", action="store_true", help="only write it down")
    parser.add_argument(
        "--wait", type=float, default=30, metavar="SECONDS", help="for the network and receipts"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("on", help="clock on")
    commands.add_parser("off", help="clock off")
    commands.add_parser("tasks", help="fetch and show the tasks")
    commands.add_parser("send", help="send what waits")
    report = commands.add_parser("report", help="report something")
    report.add_argument("text")
    report.add_argument("--task", type=UUID, help="the task it answers")
    report.add_argument("--at", type=_degrees, metavar="LON,LAT", help="where, in WGS-84 degrees")
    report.add_argument(
        "--photo", nargs="?", const=True, type=Path, metavar="FILE", help="a file, or take one now"
    )
    return parser


def _run(handset: Handset, args: argparse.Namespace) -> int:
    if args.command in ("on", "off"):
        print("written", handset.clock_on() if args.command == "on" else handset.clock_off())
    elif args.command == "report":
        lon, lat = args.at or (None, None)
        photo = args.photo or False
        print("written", handset.report(text=args.text, task=args.task, lon=lon, lat=lat, photo=photo))
    if args.offline:
        return 0
    if not handset.go_online(args.wait):
        print(f"not sent: {handset.refusal or 'no network'}; it stays in the outbox")
        return 1
    is_delivered = handset.wait_delivered(args.wait)
    if args.command == "tasks":
        for task in handset.tasks():
            print(f"{task.task}  {task.case_no}  {task.title}  {task.address}  {task.note}")
    for id in handset.waiting():
        print("waits", id)
    for id, reason in handset.failed().items():
        print("refused", id, reason)
    return 0 if is_delivered and not handset.failed() else 1


def _degrees(text: str) -> tuple[float, float]:
    lon, lat = (float(part) for part in text.split(","))
    return lon, lat


if __name__ == "__main__":
    raise SystemExit(main())
