"""`gridline user`: people who log in, from the command line: the first administrator, and anybody else."""

import argparse
import getpass
import sys
from typing import TYPE_CHECKING, Any

from conf.settings import BadSettings, Settings

if TYPE_CHECKING:
    from schema.rules.passwords import Rules


def parser(commands: Any, command: Any) -> None:
    """Add the commands to `gridline`."""
    user = commands.add_parser("user", help="people who log in").add_subparsers(
        required=True, metavar="COMMAND"
    )
    add = command("add", _add, "add a user; the password is asked for, or read from standard input", user)
    add.add_argument("login")
    add.add_argument("--name", default="", help="how the person is called")
    add.add_argument("--post", required=True, help="agent, supervisor, department …: what the person may do")
    add.add_argument("--department", default="", help="the code of the department the person works in")
    add.add_argument("--language", default="zh", choices=("zh", "en", "ug"))
    add.add_argument("--seat", help="the seat's extension, for agents and supervisors")
    add.add_argument("--mobile", default="")
    command("passwd", _passwd, "set a user's password", user).add_argument("login")
    command(
        "second-off", _second_off, "take a user's second factor away (the telephone is lost)", user
    ).add_argument("login")
    can = command("skills", _skills, "say what an agent can do; it counts when the seat is next opened", user)
    can.add_argument("login")
    can.add_argument(
        "--languages", default="", help="with levels 1 to 10: 'zh:10 en:4' (none: all of the site's)"
    )
    can.add_argument("--skills", default="", help="with levels 1 to 10: 'pipes:5 tax:2'")
    can.add_argument("--queues", default="", help="'water tax' (none: all)")


def _add(settings: Settings, args: argparse.Namespace) -> int:
    from schema.desk.people import add_user, department_of
    from schema.store import Store
    from schema.upgrade import upgrade

    settings.var.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database_url)
    store = Store.of(settings)
    password = _password()
    with store.work() as work:
        add_user(work, login=args.login, name=args.name or args.login, post=args.post, password=password,
                 language=args.language, seat=args.seat, mobile=args.mobile,
                 department=department_of(work.session, args.department),
                 rules=_password_rules(settings))  # fmt: skip
    print(f"user {args.login} added")
    return 0


def _skills(settings: Settings, args: argparse.Namespace) -> int:
    from schema.desk.people import set_skills
    from schema.store import Store

    with Store.of(settings).work() as work:
        set_skills(work, args.login, languages=args.languages, skills=args.skills, queues=args.queues)
    print(f"skills of {args.login} are set")
    return 0


def _passwd(settings: Settings, args: argparse.Namespace) -> int:
    from schema.desk.people import set_password
    from schema.store import Store

    store = Store.of(settings)
    password = _password()
    with store.work() as work:
        set_password(work, args.login, password, rules=_password_rules(settings))
    print(f"password of {args.login} set")
    return 0


def _second_off(settings: Settings, args: argparse.Namespace) -> int:
    from schema.desk import audit, second
    from schema.desk.people import find_user
    from schema.store import Store

    store = Store.of(settings)
    with store.work() as work:
        user = find_user(work.session, args.login)
        if user is None:
            raise BadSettings(f"there is no user {args.login!r}")
        was = second.reset(work, user.id)
        audit.note(work, "door.second-reset", user.login, who=None, reason="command line")
    print(f"{args.login} has no second factor " + ("any more" if was else "(and had none)"))
    return 0


def _password_rules(settings: Settings) -> "Rules":
    from schema.rules.passwords import Rules

    return Rules(settings.door.password_length, settings.site.name)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("password: ")
    if getpass.getpass("again: ") != first:
        raise BadSettings("the two passwords differ; nothing was changed")
    return first
