"""Orders for the people desk: users, departments and posts."""

from uuid import UUID

from msgspec import field

from schema.orders.base import Order


class PeopleOrder(Order, frozen=True, kw_only=True):
    """Something wanted of the people who work with Gridline."""


class Person(PeopleOrder, frozen=True, kw_only=True):
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


class AddUser(Person, frozen=True, kw_only=True):
    """Add somebody, with a password for one log-in."""

    login: str


class EditUser(Person, frozen=True, kw_only=True):
    """Say anew what is said of a user."""

    user: UUID


class UserOrder(PeopleOrder, frozen=True, kw_only=True):
    """Something wanted of one user."""

    user: UUID


class LockUser(UserOrder, frozen=True, kw_only=True):
    """Let nobody in as this user until it is unlocked (锁定)."""


class UnlockUser(UserOrder, frozen=True, kw_only=True):
    """Let the user in again, whatever it was locked for (解锁)."""


class DeactivateUser(UserOrder, frozen=True, kw_only=True):
    """The user works here no longer (停用)."""


class ReactivateUser(UserOrder, frozen=True, kw_only=True):
    """The user works here again (启用)."""


class ResetPassword(UserOrder, frozen=True, kw_only=True):
    """Give the user a password for one log-in."""


class EndSessions(UserOrder, frozen=True, kw_only=True):
    """Log the user out everywhere."""


class AddDepartment(PeopleOrder, frozen=True, kw_only=True):
    """Add a department, below `parent` or at the top."""

    code: str
    name: str
    parent: UUID | None = None


class RenameDepartment(PeopleOrder, frozen=True, kw_only=True):
    """Give a department another name."""

    department: UUID
    name: str


class MoveDepartment(PeopleOrder, frozen=True, kw_only=True):
    """Put a department, with all below it, under another, or at the top."""

    department: UUID
    parent: UUID | None = None


class CloseDepartment(PeopleOrder, frozen=True, kw_only=True):
    """Close a department that has nobody, nothing below it and no open case."""

    department: UUID


class SetPost(PeopleOrder, frozen=True, kw_only=True):
    """Say what a post carries: each right with how far it reaches. A post that is not there is made."""

    post: str
    grants: dict[str, str] = field(default_factory=dict)
