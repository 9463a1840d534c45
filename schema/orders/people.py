"""Orders for the people desk: users, departments and posts."""

from dataclasses import dataclass, field
from uuid import UUID

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleOrder(Order):
    """Something wanted of the people who work with Gridline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(PeopleOrder):
    """What is said of a user. `seat` "" is none; languages, skills and queues as `schema.people.User` has them."""

    name: str
    post: str
    department: UUID | None = None
    mobile: str = ""
    work_phone: str = ""
    seat: str = ""
    language: str = "zh"
    languages: str = ""
    skills: str = ""
    queues: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUser(Person):
    """Add somebody, with a password for one log-in."""

    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditUser(Person):
    """Say anew what is said of a user."""

    user: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class UserOrder(PeopleOrder):
    """Something wanted of one user."""

    user: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LockUser(UserOrder):
    """Let nobody in as this user until it is unlocked (锁定)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockUser(UserOrder):
    """Let the user in again, whatever it was locked for (解锁)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivateUser(UserOrder):
    """The user works here no longer (停用)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivateUser(UserOrder):
    """The user works here again (启用)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword(UserOrder):
    """Give the user a password for one log-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSessions(UserOrder):
    """Log the user out everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDepartment(PeopleOrder):
    """Add a department, below `parent` or at the top."""

    code: str
    name: str
    parent: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameDepartment(PeopleOrder):
    """Give a department another name."""

    department: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDepartment(PeopleOrder):
    """Put a department, with all below it, under another, or at the top."""

    department: UUID
    parent: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDepartment(PeopleOrder):
    """Close a department that has nobody, nothing below it and no open case."""

    department: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPost(PeopleOrder):
    """Say what a post carries: each right with how far it reaches. A post that is not there is made."""

    post: str
    grants: dict[str, str] = field(default_factory=dict)
