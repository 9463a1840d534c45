"""Posts (岗位) and the rights they carry: as the table of rights has them, or as this site says otherwise.

A post that the site makes is called by its name. What an administrator says counts at once, for those who are logged
in too: who somebody is to the rules is looked up with every request.
"""

import unicodedata
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.desk.errors import Refused
from schema.people import Post, User
from schema.rules.access import ADMIN, ALL, POSTS, REACHING, RIGHTS, SCOPES, grants

LONGEST_NAME = 20


def grants_of(session: Session, post: str) -> dict[str, str]:
    """What a post carries here: each right with how far it reaches."""
    row = session.get(Post, post)
    return carried(post, row.grants if row is not None else None)


def carried(post: str, said: Mapping[str, str] | None) -> dict[str, str]:
    """The same, when what the site says of the post (None: nothing) is known already."""
    if said is None:
        return grants(post)
    # A right that is no longer there, or reaches further than there is, is nobody's.
    return {right: scope for right, scope in said.items() if right in RIGHTS and scope in SCOPES}


def all_posts(session: Session) -> list[str]:
    """Every post: those there always are, then the site's own by name."""
    made = session.scalars(select(Post.name).order_by(Post.name))
    return [*POSTS, *(name for name in made if name not in POSTS)]


def check_post(name: str, wanted: Mapping[str, str]) -> str:
    """The name of a post as it is kept. Raises Refused("bad-field") for a name or rights that are none."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or any(unicodedata.category(letter)[0] == "C" for letter in name):
        raise Refused("bad-field", f"a post's name has 1 to {LONGEST_NAME} characters", "post")
    for right, scope in wanted.items():
        if right not in RIGHTS or scope not in SCOPES:
            raise Refused("bad-field", f"there is no right {right!r} that reaches {scope!r}", "grants")
        if scope != ALL and not right.startswith(REACHING):
            raise Refused("bad-field", f"{right} is about no case: one has it or not", "grants")
    return name


def any_admin(session: Session) -> bool:
    """Whether somebody who can come in may still administer."""
    posts = [post for post in all_posts(session) if grants_of(session, post).get(ADMIN) == ALL]
    here = select(User.id).where(User.post.in_(posts), User.active, ~User.locked).limit(1)
    return session.scalar(here) is not None
