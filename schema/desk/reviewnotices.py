"""Who is told of a review (质检单): the agent of the score and of an answer, whoever may answer of an appeal."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from schema.desk.notices import put_notices
from schema.desk.posts import all_posts, grants_of
from schema.facts import AppealAnswered, ReviewAppealed, ReviewFact, ReviewScored
from schema.notices import Notice
from schema.people import User
from schema.quality import QualityReview
from schema.rules.access import ALL
from schema.store import UnitOfWork

ANSWER = "quality.answer"
KINDS: dict[type[ReviewFact], str] = {
    ReviewScored: "reviewed",
    ReviewAppealed: "appealed",
    AppealAnswered: "appeal-answered",
}
"""The kind of notice that a fact makes; the others make none."""
Write = Callable[[str, str, UUID], tuple[str, str]]
"""(language, kind, review) → subject and text."""


def make_review_notices(work: UnitOfWork, key: UUID, fact: ReviewFact, write: Write) -> list[Notice]:
    """The notices of a fact whose message has this key; those there already are left alone. Calibrations make none."""
    kind = KINDS.get(type(fact), "")
    review = work.session.get(QualityReview, fact.review) if kind else None
    if review is None or review.calibration is not None:
        return []
    known = select(Notice.receiver, Notice.way).where(Notice.fact == key)
    there = {(receiver, way) for receiver, way in work.session.execute(known)}
    wanted = select(User).where(User.active, User.id.not_in([id for id in (fact.by,) if id is not None]))
    if kind == "appealed":
        posts = [post for post in all_posts(work.session) if grants_of(work.session, post).get(ANSWER) == ALL]
        wanted = wanted.where(User.post.in_(posts), User.id != review.inspector)
    else:
        wanted = wanted.where(User.id == review.agent)
    made: list[Notice] = []
    for user in work.session.scalars(wanted.order_by(User.login)).all():
        words = write(user.language, kind, review.id)
        made += put_notices(work, user, kind, key, None, fact.at, words, there)
    return made
