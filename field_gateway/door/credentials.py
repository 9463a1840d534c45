"""Who asks: a device by its name and secret (HTTP Basic, RFC 7617), a worker by the token of a log-in on it."""

import base64
import binascii

from field_gateway.door.answers import Problem, too_fast
from field_gateway.door.room import Room
from schema.desk import fieldlogins
from schema.desk.fieldlogins import LoggedIn
from schema.desk.handsets import DEVICE, broker_hash, may_come_in, secret_fits, worker_out
from schema.handsets import Handset
from schema.people import User

LOGIN_HEADER = "X-Gridline-Login"
_NOBODY = broker_hash("nobody's", b"twelve bytes")


def device_of(room: Room, authorization: str, ip: str) -> Handset:
    """The handset that shows its secret.

    Raises Problem: 401 bad-credentials, 403 blocked, worker-out, 429; StoreUnreachable.
    """
    name, secret = _basic(authorization)
    # By name too: behind a proxy all have one address, and one bad handset must not shut the others out.
    wait = room.tries.wait((ip, name))
    if wait:
        raise too_fast(wait)
    handset, is_out = None, True
    if DEVICE.fullmatch(name):
        with room.store.read() as session:
            handset = session.get(Handset, name)
            is_out = handset is None or not may_come_in(session.get(User, handset.worker))
    # A name nobody has costs the same time as one that somebody has.
    fits = secret_fits(handset.secret if handset else _NOBODY, secret)
    if handset is None or not fits:
        if authorization:
            room.tries.take((ip, name))
        raise Problem(401, "bad-credentials", "no handset with this name and secret: enrol it again")
    if handset.blocked:
        raise Problem(403, "blocked", "this handset is blocked: ask who manages the handsets")
    if is_out:
        raise Problem(403, "worker-out", worker_out(name))
    return handset


def login_of(room: Room, handset: Handset, token: str) -> LoggedIn:
    """The log-in that this token of the handset stands for. Raises Problem: 401 login-expired; StoreUnreachable."""
    with room.store.read() as session:
        found = fieldlogins.find(session, handset.device, token, room.store.clock()) if token else None
    if found is None:
        raise Problem(401, "login-expired", "nobody is logged in on this handset: log in, nothing is lost")
    return found


def _basic(authorization: str) -> tuple[str, str]:
    kind, _, given = authorization.partition(" ")
    if kind.lower() != "basic" or len(given) > 1000:
        return "", ""
    try:
        name, _, secret = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret
