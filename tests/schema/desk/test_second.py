"""The second factor: codes of the app and recovery codes, each taken once; wrong ones shut the door."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import select

from schema.desk import second
from schema.desk.errors import Refused
from schema.desk.people import FREE_TRIES, LockedOut
from schema.doors import RecoveryCode, SecondFactor
from schema.people import AuditRow, User
from schema.sealing import BadSeal, Sealer
from schema.store import Store

START = datetime(2026, 11, 24, 8, 0, 5, tzinfo=UTC)


class Person:
    """Somebody with a telephone."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self.store, self.sealer = store, sealer
        self.now = START
        store.clock = lambda: self.now
        with store.work() as work:
            user = User(login="li", name="李", post="agent", password="x")
            work.session.add(user)
            work.session.flush()
            self.id: UUID = user.id
            self.secret = second.begin(work, user.id, sealer)
        self.codes: list[str] = []

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self.now + timedelta(seconds=30 * steps))

    def enrol(self) -> None:
        with self.store.work() as work:
            self.codes = second.confirm(work, self.id, self.code(), self.sealer) or []

    def check(self, code: str) -> str:
        with self.store.work() as work:
            return second.check(work, self.id, code, self.sealer)


@pytest.fixture
def li(store: Store, tmp_path: Path) -> Person:
    return Person(store, Sealer(tmp_path / "door.key"))


@pytest.fixture
def enrolled(li: Person) -> Person:
    li.enrol()
    li.now += timedelta(minutes=5)
    return li


def test_nothing_counts_before_a_code_has_confirmed_it(li: Person) -> None:
    with li.store.work() as work:
        assert second.begin(work, li.id, li.sealer) == li.secret, "a page seen twice shows the same secret"
        assert second.confirm(work, li.id, "000000", li.sealer) is None
        assert not second.is_on(work.session, li.id)
        with pytest.raises(Refused, match="no second factor"):
            second.check(work, li.id, li.code(), li.sealer)
    li.enrol()
    assert len(set(li.codes)) == second.CODES
    with li.store.work() as work:
        assert second.is_on(work.session, li.id) and second.codes_left(work.session, li.id) == 10
        for again in (lambda: second.begin(work, li.id, li.sealer),
                      lambda: second.confirm(work, li.id, li.code(), li.sealer)):  # fmt: skip
            with pytest.raises(Refused):
                again()
    assert li.check(li.code()) == "", "the code that confirmed is used up"


def test_secret_and_codes_are_not_readable_in_the_database(enrolled: Person) -> None:
    with enrolled.store.read() as session:
        row = session.scalars(select(SecondFactor)).one()
        hashes = session.scalars(select(RecoveryCode.hash)).all()
    assert enrolled.secret not in row.secret
    assert not {code.replace("-", "") for code in enrolled.codes} & set(hashes)


@pytest.mark.parametrize(("steps", "holds"), [(-2, ""), (-1, "code"), (0, "code"), (1, "code"), (2, "")])
def test_clocks_may_differ_by_one_step(enrolled: Person, steps: int, holds: str) -> None:
    assert enrolled.check(enrolled.code(steps)) == holds


def test_a_code_is_taken_once_and_none_before_it_after_it(enrolled: Person) -> None:
    code, before = enrolled.code(), enrolled.code(-1)
    assert enrolled.check(f" {code[:3]} {code[3:]} ") == "code"
    assert enrolled.check(code) == ""
    assert enrolled.check(before) == ""
    assert enrolled.check(enrolled.code(1)) == "code"


def test_one_code_given_twice_at_once_holds_once(enrolled: Person) -> None:
    code, go, found = enrolled.code(), threading.Barrier(4), []

    def give() -> None:
        go.wait()
        found.append(enrolled.check(code))

    threads = [threading.Thread(target=give) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["", "", "", "code"]


def test_a_recovery_code_opens_once_however_it_is_typed(enrolled: Person) -> None:
    assert enrolled.check(enrolled.codes[0].lower().replace("-", " ")) == "recovery"
    assert enrolled.check(enrolled.codes[0]) == ""
    with enrolled.store.work() as work:
        assert second.codes_left(work.session, enrolled.id) == 9
        fresh = second.new_codes(work, enrolled.id)
        assert second.codes_left(work.session, enrolled.id) == 10
    assert enrolled.check(enrolled.codes[1]) == "" and enrolled.check(fresh[1]) == "recovery"


def test_somebody_elses_recovery_code_opens_nothing(enrolled: Person) -> None:
    other = Person.__new__(Person)
    other.store, other.sealer, other.now = enrolled.store, enrolled.sealer, enrolled.now
    with enrolled.store.work() as work:
        user = User(login="wang", name="王", post="agent", password="x")
        work.session.add(user)
        work.session.flush()
        other.id = user.id
        other.secret = second.begin(work, user.id, other.sealer)
    other.enrol()
    assert other.check(enrolled.codes[0]) == "" and enrolled.check(other.codes[0]) == ""
    with pytest.raises(BadSeal):
        enrolled.sealer.open(*moved(enrolled, other))


def moved(one: Person, other: Person) -> tuple[str, str]:
    """One's sealed secret in the other's row."""
    with one.store.read() as session:
        return session.get_one(SecondFactor, one.id).secret, f"second factor of {other.id}"


def test_wrong_codes_shut_the_door_as_wrong_passwords_do(enrolled: Person) -> None:
    for _ in range(FREE_TRIES):
        assert enrolled.check("000000") == ""
    with pytest.raises(LockedOut):
        enrolled.check(enrolled.code())
    enrolled.now += timedelta(seconds=31)
    assert enrolled.check(enrolled.code()) == "code"
    with enrolled.store.read() as session:
        user = session.get_one(User, enrolled.id)
        rows = session.scalars(select(AuditRow.reason).where(AuditRow.what == "door.code")).all()
    assert (user.failures, user.locked_until) == (0, None) and rows == ["wrong code"] * FREE_TRIES


def test_a_reset_leaves_nothing_and_says_whether_there_was_one(enrolled: Person) -> None:
    with enrolled.store.work() as work:
        assert second.reset(work, enrolled.id)
        assert not second.reset(work, enrolled.id)
        assert second.codes_left(work.session, enrolled.id) == 0
        assert second.begin(work, enrolled.id, enrolled.sealer) != enrolled.secret


def test_the_app_is_told_whose_and_where() -> None:
    secret = pyotp.random_base32()
    app = pyotp.parse_uri(second.address(secret, "li", "市民热线: 12345"))
    assert (app.secret, app.name, app.issuer) == (secret, "li", "市民热线  12345")
