"""Agents: who has a seat and how it stands, log-in and log-out, ready and not."""

from typing import Any

import msgspec
from sqlalchemy import select

from backoffice.api import asks, shapes
from backoffice.api.calls import consulted
from backoffice.api.giving import Wanted, secret_of
from backoffice.api.live import connected, moment, opened, person, seats
from backoffice.api.problems import Problem
from backoffice.api.route import ANY, Ask, Route
from backoffice.office import office
from backoffice.seat import digest_of
from schema.ids import uuid7
from schema.orders import CloseSeat, ExtendWrapUp, MakeReady, OpenSeat, Order, Pause, SkillSeat
from schema.people import User


def listing(_ask: Ask) -> shapes.AgentList:
    """Everybody with a seat."""
    with office().store.read() as session:
        query = select(User).where(User.active, User.seat.is_not(None)).order_by(User.seat)
        people = session.scalars(query).all()
    live = seats()
    return shapes.AgentList(items=[_agent(one, live) for one in people])


def by_id(ask: Ask) -> shapes.Agent:
    """One agent by the id of the person."""
    with office().store.read() as session:
        found = session.get(User, ask.path["agent"])
    if found is None or not found.active or found.seat is None:
        raise Problem("not-found", "there is no such agent")
    return _agent(found, seats())


def by_number(ask: Ask) -> shapes.Agent:
    """One agent by number."""
    return _agent(person(ask.path["number"]), seats())


def me(ask: Ask) -> shapes.Me:
    """What the token is."""
    who = ask.who
    return shapes.Me(
        token=who.name, login=who.user.login, name=who.user.name, post=who.user.post, agent=who.user.seat,
        rights=sorted(who.rights), ends_at=who.ends_at,
    )  # fmt: skip


def log_in(ask: Ask) -> Wanted:
    """Open the seat for a telephone; who holds it elsewhere hears that it is taken."""
    seat = ask.at_seat(ask.path["number"])
    who, by, id = person(seat), ask.who.user.id, uuid7()
    digest = digest_of(f"seat{seat}", secret_of(ask.secret, id))
    opens = OpenSeat(
        order=id, by=by, seat=seat, user=who.id, name=who.name, digest=digest, language=who.language,
        webrtc=ask.body.telephone == "webrtc",
    )  # fmt: skip
    skills = SkillSeat(by=by, seat=seat, languages=who.languages, skills=who.skills, queues=who.queues)
    told = msgspec.json.encode({"seat": seat, "order": str(id)})
    return Wanted(orders=(opens, skills), what="seat.open", subject=seat, shout=("seat", told))


def log_out(ask: Ask) -> Wanted:
    """Close the seat."""
    return _at(ask, lambda common: CloseSeat(**common), "seat.close")


def ready(ask: Ask) -> Wanted:
    """Let calls come."""
    return _at(ask, lambda common: MakeReady(**common), "seat.ready")


def pause(ask: Ask) -> Wanted:
    """Let no calls come."""
    return _at(ask, lambda common: Pause(reason=ask.body.reason, **common), "seat.pause")


def extend(ask: Ask) -> Wanted:
    """More time to write up the last call."""
    connected(ask.path["number"])
    return _at(ask, lambda common: ExtendWrapUp(seconds=ask.body.seconds, **common), "seat.extend")


def _at(ask: Ask, make: Any, what: str) -> Wanted:
    seat = ask.at_seat(ask.path["number"])
    person(seat)
    opened(seat)
    order: Order = make({"by": ask.who.user.id, "seat": seat})
    return Wanted(orders=(order,), what=what, subject=seat)


def _agent(user: User, live: Any) -> shapes.Agent:
    row = live.get(user.seat) or {}
    call = row.get("call")
    return shapes.Agent(
        id=user.id, number=user.seat or "", login=user.login, name=user.name, post=user.post,
        state=row.get("state") or "closed", since=moment(row.get("since")), reason=row.get("reason") or "",
        logged_in_at=moment(row.get("opened")), call=call, citizen=row.get("citizen") or "",
        conference=bool(row.get("conference")), consult=consulted(row), wrap_up_until=moment(row.get("wrap_until")),
        languages=user.languages, skills=user.skills, queues=user.queues,
    )  # fmt: skip


def _own(
    path: str, name: str, summary: str, does: Any, body: type[asks.Asked] = asks.Nothing, about: str = ""
) -> Route:
    return Route(
        method="POST", path=f"/agents/by-number/{{number}}/{path}", name=name, tag="agents", summary=summary,
        right="seat.work", does=does, query=asks.Wait, body=body, gives=shapes.Order, fails=("seat-closed",),
        about=about,
    )  # fmt: skip


ROUTES = (
    Route(
        method="GET", path="/me", name="me", tag="agents", right=ANY, does=me, gives=shapes.Me,
        summary="The token, whom it acts for, and what it may",
    ),
    Route(
        method="GET", path="/agents", name="agents", tag="agents", right="board.see", does=listing,
        summary="Everybody with a seat, and how it stands", gives=shapes.AgentList,
    ),
    Route(
        method="GET", path="/agents/{agent}", name="agent", tag="agents", right="board.see", does=by_id,
        summary="One agent, by id", gives=shapes.Agent,
    ),
    Route(
        method="GET", path="/agents/by-number/{number}", name="agent-by-number", tag="agents", right="board.see",
        does=by_number, summary="One agent, by number", gives=shapes.Agent,
    ),
    _own("login", "login", "Log an agent in", log_in, asks.Login,
         "The answer says how the agent's telephone registers. Whoever holds the seat elsewhere is told so."),
    _own("logout", "logout", "Log an agent out", log_out),
    _own("ready", "ready", "Let calls come; also ends wrap-up", ready),
    _own("pause", "pause", "Let no calls come", pause, asks.Paused),
    _own("wrap-up/extend", "wrap-up-extend", "More time to write up the last call", extend, asks.More),
)  # fmt: skip
