"""`gridline webhook`: who is told by HTTP of what happens; made, listed, looked at, paused, removed."""

import argparse
from typing import Any

from conf.settings import Settings


def parser(commands: Any, command: Any) -> None:
    """Add the commands to the command line's."""
    hooks = commands.add_parser("webhook", help="programs that are told of what happens").add_subparsers(
        required=True, metavar="COMMAND"
    )
    made = command("add", add, "subscribe; prints the secret once", hooks)
    made.add_argument("name", help="what the subscription is called")
    made.add_argument("url", help="where messages go")
    made.add_argument("--user", required=True, help="the login of the user who answers for it")
    made.add_argument("--events", default="", help="families and names of facts: 'calls CaseFiled'")
    made.add_argument("--cti", choices=("json", "form"), help="Zammad's generic CTI instead of signed facts")
    command("list", show, "show every subscription, and how its deliveries stand", hooks)
    for name, what in (
        ("pause", "send nothing more"),
        ("resume", "go on"),
        ("remove", "forget it and its log"),
    ):
        command(name, act, what, hooks).add_argument("name")
        hooks.choices[name].set_defaults(what=name)
    log = command("log", deliveries, "show the last deliveries", hooks)
    log.add_argument("name")
    log.add_argument("--dead", action="store_true", help="only those that were given up")
    command("resend", resend, "send a message once more", hooks).add_argument(
        "delivery", help="its id, from the log"
    )


def add(settings: Settings, args: argparse.Namespace) -> int:
    """Subscribe. Raises Refused."""
    from backoffice.hooks.teller import CTI, KNOWN
    from schema.desk import people, webhooks
    from schema.desk.errors import Refused
    from schema.ids import uuid7
    from schema.rules.hooks import secret_of
    from schema.store import Store

    if not settings.hooks.secret:
        raise Refused("bad-field", "the site has no hooks.secret: start it once, or set one", "secret")
    with Store.of(settings).work() as work:
        user = people.find_user(work.session, args.user)
        if user is None:
            raise Refused("not-found", f"there is no user {args.user!r}")
        row = webhooks.add(
            work, id=uuid7(), name=args.name, kind="cti" if args.cti else "webhook", form=args.cti or "json",
            url=args.url, events=CTI if args.cti else args.events.split(), by=user.id, known=KNOWN,
        )  # fmt: skip
    print(f"webhook {row.name}")
    if row.kind == "webhook":
        print(f"secret {secret_of(settings.hooks.secret, row.id, row.generation)}")
    return 0


def show(settings: Settings, _args: argparse.Namespace) -> int:
    """A line a subscription."""
    from sqlalchemy import func, select

    from schema.store import Store
    from schema.webhooks import Delivery, Webhook

    with Store.of(settings).read() as session:
        for row in session.scalars(select(Webhook).order_by(Webhook.name)):
            states = (
                select(Delivery.state, func.count()).where(Delivery.hook == row.id).group_by(Delivery.state)
            )
            counts = " ".join(f"{state} {count}" for state, count in sorted(session.execute(states).all()))
            state = "active" if row.active else row.why
            print(f"{row.name}  {row.kind}  {state}  {row.url}  {' '.join(row.events)}  {counts}".rstrip())
    return 0


def act(settings: Settings, args: argparse.Namespace) -> int:
    """Pause, resume or remove. Raises Refused."""
    from schema.desk import webhooks
    from schema.store import Store

    desk: dict[str, Any] = {
        "pause": webhooks.pause_hook,
        "resume": webhooks.resume,
        "remove": webhooks.remove,
    }
    with Store.of(settings).work() as work:
        desk[args.what](work, webhooks.find(work.session, args.name).id)
    print(f"webhook {args.name}: {args.what}d")
    return 0


def deliveries(settings: Settings, args: argparse.Namespace) -> int:
    """A line a delivery, the newest last. Raises Refused."""
    from sqlalchemy import select

    from schema.desk import webhooks
    from schema.store import Store
    from schema.webhooks import Delivery

    store = Store.of(settings)
    with store.read() as session:
        hook = webhooks.find(session, args.name)
        query = select(Delivery).where(Delivery.hook == hook.id)
        if args.dead:
            query = query.where(Delivery.state == "dead")
        rows = session.scalars(query.order_by(Delivery.made_at.desc()).limit(50)).all()
    for row in reversed(rows):
        at = f"{row.made_at.astimezone(store.zone):%Y-%m-%d %H:%M:%S}"
        said = row.reason or row.excerpt
        print(
            f"{row.id}  {at}  {row.name}  {row.state}  tries {row.tries}  {row.status or '-'}  {said}".rstrip()
        )
    return 0


def resend(settings: Settings, args: argparse.Namespace) -> int:
    """Send again. Raises Refused."""
    from schema.desk import webhooks
    from schema.desk.errors import Refused
    from schema.ids import as_id
    from schema.store import Store

    try:
        id = as_id(args.delivery)
    except ValueError:
        raise Refused("not-found", "that is no delivery's id") from None
    with Store.of(settings).work() as work:
        webhooks.send_again(work, id)
    print(f"delivery {id} is sent again")
    return 0
