"""Posts: by the table of rights, unless this site says otherwise; what it says counts at once."""

import pytest
from sqlalchemy import update

from schema.desk.errors import Refused
from schema.desk.posts import all_posts, any_admin, check_post, grants_of
from schema.desk.scope import actor_of, may_see
from schema.desk.staff import set_post
from schema.orders import SetPost
from schema.people import User
from schema.rules.access import ADMIN, POSTS, grants, may
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry, to_unit


def test_a_post_is_as_the_table_has_it_until_the_site_says_otherwise(desk: Office) -> None:
    with desk.store.read() as session:
        assert all_posts(session) == list(POSTS)
        assert all(grants_of(session, post) == grants(post) for post in POSTS)
        assert grants_of(session, "nobody") == {}
    carry(desk, set_post, SetPost(by=desk.admin, post="expert", grants={"case.read": "department"}))
    carry(desk, set_post, SetPost(by=desk.admin, post="保密专办", grants={"case.confidential": "all"}))
    with desk.store.read() as session:
        assert all_posts(session) == [*POSTS, "保密专办"]
        assert grants_of(session, "expert") == {"case.read": "department"}


def test_what_a_post_carries_counts_at_once_and_reaches_as_far_as_is_said(desk: Office) -> None:
    case = to_unit(desk)
    with desk.store.work() as work:
        work.session.execute(update(User).where(User.id == desk.expert).values(department=desk.unit))

    def sees() -> bool:
        with desk.store.read() as session:
            return may_see(session, session.get_one(User, desk.expert), case)

    assert sees()
    carry(desk, set_post, SetPost(by=desk.admin, post="expert", grants={}))
    assert not sees()
    carry(desk, set_post, SetPost(by=desk.admin, post="expert", grants={"case.read": "department"}))
    assert sees()


@pytest.mark.parametrize(
    ("post", "wanted", "field"),
    [("", {}, "post"), ("x" * 21, {}, "post"), ("a\u202eb", {}, "post"), ("x", {"case.delete": "all"}, "grants"),
     ("x", {"case.read": "everywhere"}, "grants"), ("x", {"people.admin": "department"}, "grants")],
)  # fmt: skip
def test_a_post_is_made_only_of_rights_there_are(post: str, wanted: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_post(post, wanted)
    assert (refused.value.code, refused.value.field) == ("bad-field", field)


def test_the_last_post_that_administers_keeps_that_right(desk: Office) -> None:
    without = {right: scope for right, scope in grants("admin").items() if right != ADMIN}
    with pytest.raises(Refused) as refused:
        carry(desk, set_post, SetPost(by=desk.admin, post="admin", grants=without))
    assert (refused.value.code, refused.value.field) == ("wrong-state", "admin")
    carry(desk, set_post, SetPost(by=desk.admin, post="leader", grants={**grants("leader"), ADMIN: "all"}))
    carry(desk, set_post, SetPost(by=desk.admin, post="admin", grants=without))
    with desk.store.read() as session:
        assert any_admin(session)
        assert may(actor_of(session, session.get_one(User, desk.leader)), ADMIN)
    with pytest.raises(Refused) as refused:  # and who has it no longer sets nothing
        carry(desk, set_post, SetPost(by=desk.admin, post="admin", grants=grants("admin")))
    assert refused.value.code == "not-allowed"
