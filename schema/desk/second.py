"""Second factors: a code of an authenticator app (TOTP, RFC 6238: SHA-1, 6 digits, 30 s), or a recovery code, once.

The secret is kept sealed (see `schema.sealing`). A code is taken of the present step or one to either side, for clocks
that differ, and never of a step at or before the last one taken. Wrong codes count as wrong passwords do.
"""

import hmac
import re
import secrets
from base64 import b32encode
from hashlib import sha256
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from schema.desk import audit
from schema.desk.errors import Refused
from schema.desk.people import LockedOut, wrong_try
from schema.doors import RecoveryCode, SecondFactor
from schema.people import User
from schema.sealing import Sealer
from schema.store import UnitOfWork

STEP = 30
DRIFT = 1
CODES = 10
_ABOUT = "second factor of {}"
_CODE = re.compile(r"[0-9]{6}")
_RECOVERY = re.compile(r"[A-Z2-7]{16}")


def is_on(session: Session, user: UUID) -> bool:
    """Whether this user's log-in asks for a code."""
    row = session.get(SecondFactor, user)
    return row is not None and row.confirmed_at is not None


def codes_left(session: Session, user: UUID) -> int:
    """How many recovery codes are still unused."""
    unused = select(func.count()).where(RecoveryCode.user == user, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def begin(work: UnitOfWork, user: UUID, sealer: Sealer) -> str:
    """Draw a secret that counts once `confirm` has had a code of it; until then the same one is given again.

    Raises Refused("wrong-state") when there is one in use, BadSeal.
    """
    work.session.get(User, user, with_for_update=True)  # one at a time, also where there is no row yet
    row = work.session.get(SecondFactor, user)
    if row is not None and row.confirmed_at is not None:
        raise Refused("wrong-state", "there is a second factor already")
    if row is not None:
        return sealer.open(row.secret, _ABOUT.format(user))
    secret = pyotp.random_base32()
    work.session.add(
        SecondFactor(user=user, secret=sealer.seal(secret, _ABOUT.format(user)), made_at=work.now)
    )
    return secret


def confirm(work: UnitOfWork, user: UUID, code: str, sealer: Sealer, ip: str = "") -> list[str] | None:
    """Take the secret into use, if this is a code of it: the recovery codes, to be shown once; None for a wrong code.

    Raises Refused("wrong-state") when nothing is to be confirmed, BadSeal.
    """
    row = work.session.get(SecondFactor, user, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        raise Refused("wrong-state", "no second factor waits to be confirmed")
    step = _step_of(work, row, code, sealer)
    if step is None:
        return None
    row.confirmed_at, row.last_step = work.now, step
    _note(work, "door.second-on", user, ip)
    return _draw_codes(work, user)


def check(work: UnitOfWork, user: UUID, code: str, sealer: Sealer, ip: str = "") -> str:
    """Whether this code holds: "" (no), "code" or "recovery". A wrong one counts, and shuts the door like a password.

    Raises LockedOut, BadSeal; Refused("wrong-state") when there is no second factor.
    """
    person = work.session.get(User, user, with_for_update=True)
    row = work.session.get(SecondFactor, user, with_for_update=True)
    if person is None or row is None or row.confirmed_at is None:
        raise Refused("wrong-state", "there is no second factor")
    if person.locked_until is not None and person.locked_until > work.now:
        raise LockedOut(person.locked_until)
    how = ""
    if (step := _step_of(work, row, code, sealer)) is not None:
        row.last_step, how = step, "code"
    elif _use_recovery(work, user, code):
        how = "recovery"
        _note(work, "door.recovery", user, ip)
    if how:
        person.failures, person.locked_until = 0, None
    else:
        wrong_try(work, person)
        _note(work, "door.code", user, ip, allowed=False, reason="wrong code")
    return how


def new_codes(work: UnitOfWork, user: UUID, ip: str = "") -> list[str]:
    """Fresh recovery codes in place of the old ones, to be shown once. Raises Refused("wrong-state")."""
    if not is_on(work.session, user):
        raise Refused("wrong-state", "there is no second factor")
    _note(work, "door.codes", user, ip)
    return _draw_codes(work, user)


def reset(work: UnitOfWork, user: UUID) -> bool:
    """Take the second factor and its recovery codes away; whether there was one. Who does so leaves the audit row."""
    was = is_on(work.session, user)
    for table in (RecoveryCode, SecondFactor):
        work.session.execute(delete(table).where(table.user == user))
    work.session.expire_all()
    return was


def address(secret: str, login: str, site: str) -> str:
    """What the QR code says to the authenticator (otpauth, Key Uri Format)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=site.replace(":", " "))


def _step_of(work: UnitOfWork, row: SecondFactor, code: str, sealer: Sealer) -> int | None:
    """The step that this is a fresh code of."""
    code = re.sub(r"\s", "", code)
    if not _CODE.fullmatch(code):
        return None
    totp = pyotp.TOTP(sealer.open(row.secret, _ABOUT.format(row.user)))
    now = int(work.now.timestamp()) // STEP
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()) and step > row.last_step:
            found = step
    return found


def _draw_codes(work: UnitOfWork, user: UUID) -> list[str]:
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.user == user))
    plain = [b32encode(secrets.token_bytes(10)).decode() for _ in range(CODES)]
    work.session.add_all(RecoveryCode(hash=_hash(code), user=user) for code in plain)
    return ["-".join(code[n : n + 4] for n in range(0, 16, 4)) for code in plain]


def _use_recovery(work: UnitOfWork, user: UUID, code: str) -> bool:
    code = re.sub(r"[\s-]", "", code[:60]).upper()
    if not _RECOVERY.fullmatch(code):
        return False
    row = work.session.get(RecoveryCode, _hash(code), with_for_update=True)
    if row is None or row.user != user or row.used_at is not None:
        return False
    row.used_at = work.now
    return True


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def _note(
    work: UnitOfWork, what: str, user: UUID, ip: str, *, allowed: bool = True, reason: str = ""
) -> None:
    person = work.session.get(User, user)
    login = person.login if person else ""
    audit.note(work, what, login, who=user, login=login, ip=ip, allowed=allowed, reason=reason)
