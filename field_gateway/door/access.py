"""How a handset comes in (by a code, once) and a worker on it (by login and password, for days)."""

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, TypeVar

import msgspec
from flask import Blueprint, Response, request
from msgspec import Meta, Struct

from field_gateway.door.answers import Problem, busy, encode, too_fast
from field_gateway.door.config import mqtt_address
from field_gateway.door.credentials import LOGIN_HEADER
from field_gateway.door.guard import ANYBODY, DEVICE, handset, needs, room
from schema.desk import audit, enrolling, fieldlogins, passwords, people, second
from schema.desk.errors import Refused
from schema.people import User
from schema.rules.passwords import Rules
from schema.store import UnitOfWork

TURN = 3.0
"""Seconds to wait for one's turn with a password."""
Text = Annotated[str, Meta(max_length=200)]
Shape = TypeVar("Shape", bound=Struct)
pages = Blueprint("access", __name__)


class Enrol(Struct, frozen=True, forbid_unknown_fields=True):
    """What a handset shows to be enrolled; the key is Ed25519's, 32 bytes in base64url without padding."""

    code: Text
    public_key: Text
    label: Text = ""


class LogIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a worker shows. `code`: of the second factor, where there is one. `new_password`: where one is due."""

    login: Text
    password: Text
    code: Text = ""
    new_password: Text = ""


@pages.post("/field/v1/enrol")
@needs(ANYBODY)
def enrol() -> Response:
    """The handset's name and secret, told this once."""
    here, ip = room(), request.remote_addr or ""
    wait = here.tries.wait(ip)
    if wait:
        raise too_fast(wait)
    asked = _read(Enrol)
    try:
        with here.store.work() as work:
            made = enrolling.take_code(work, asked.code, key=_key(asked.public_key), label=asked.label, ip=ip)
    except Refused as refused:
        if refused.code == "bad-code":
            here.tries.take(ip)
        raise
    here.admit()
    told = {
        "device": made.device,
        "secret": made.secret,
        "mqtt": mqtt_address(here.settings, request.host),
    }
    return Response(encode(told), 201, mimetype="application/json")


@pages.post("/field/v1/login")
@needs(DEVICE)
def log_in() -> Response:
    """A number and a token for a worker whose password holds; whoever was logged in before is so no more."""
    here, device, ip = room(), handset().device, request.remote_addr or ""
    wait = here.logins.take(device)
    if wait:
        raise too_fast(wait)
    asked = _read(LogIn)
    with _a_turn():
        try:
            user = people.check_login(here.store, asked.login, asked.password, ip)
        except people.WrongLogin:
            raise Problem(401, "bad-login", "login or password is wrong") from None
        except people.LockedOut as locked:
            raise _locked(locked) from None
        fresh = _new_password(user, asked)
    lasts = timedelta(days=here.settings.field.login_days)
    try:
        with here.store.work() as work:
            held = _second_step(work, user, asked, ip)
            if held:
                if fresh:
                    row = work.session.get_one(User, user.id, with_for_update=True)
                    people.keep_password(work, row, fresh, temporary=False)
                number, token = fieldlogins.log_in(work, device, user.id, lasts=lasts, ip=ip)
                audit.note(work, "handset.log-in", device, who=user.id, login=user.login, ip=ip)
            now = work.now
    except people.LockedOut as locked:
        raise _locked(locked) from None
    if not held:
        raise Problem(401, "bad-login", "the code is wrong")
    told = {
        "login": number,
        "token": token,
        "worker": {"id": user.id, "name": user.name, "login": user.login, "language": user.language},
        "expires": now + lasts,
    }
    return Response(encode(told), mimetype="application/json")


@pages.post("/field/v1/logout")
@needs(DEVICE)
def log_out() -> Response:
    """End the log-in whose token is shown; one that has ended stays so."""
    with room().store.work() as work:
        ended = fieldlogins.log_out(work, handset().device, request.headers.get(LOGIN_HEADER, ""))
    return Response(encode({"ended": ended}), mimetype="application/json")


@contextmanager
def _a_turn() -> Iterator[None]:
    if not room().hashing.acquire(timeout=TURN):
        raise busy("too many are logging in at once; try again in a moment")
    try:
        yield
    finally:
        room().hashing.release()


def _second_step(work: UnitOfWork, user: User, asked: LogIn, ip: str) -> bool:
    """Whether the second factor holds, or there is none to hold. Raises Problem, LockedOut."""
    if second.is_on(work.session, user.id):
        if not asked.code:
            raise Problem(403, "code-due", "give the code of your authenticator too")
        return bool(second.check(work, user.id, asked.code, room().sealer, ip))
    if user.post in room().settings.door.second_factor_for:
        raise Problem(403, "second-factor-due", "set up your second factor in the back office first")
    return True


def _new_password(user: User, asked: LogIn) -> str:
    """The hash of the new password, where one is due; "" where none is. Raises Problem, WeakPassword."""
    here = room()
    door = here.settings.door
    if not people.must_change(user, here.store.clock(), door.password_days):
        return ""
    if not asked.new_password:
        raise Problem(403, "password-due", "choose a new password: this one was given to you, or is too old")
    if asked.new_password == asked.password:
        raise Problem(400, "bad-field", "the new password is the old one")
    rules = Rules(door.password_length, here.settings.site.name)
    return passwords.hashed(asked.new_password, rules, (user.login, user.name))


def _locked(locked: people.LockedOut) -> Problem:
    seconds = (locked.until - room().store.clock()).total_seconds()
    return Problem(429, "locked-out", str(locked), after=max(1.0, seconds))


def _key(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Problem(400, "bad-field", "public_key is not base64url") from None


def _read(shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(request.get_data(), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "bad-field", str(error)) from None
