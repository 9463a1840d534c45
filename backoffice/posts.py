"""Posts and the rights they carry: the whole table, and a form for one post."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.errors import refusal_text, status_of
from backoffice.office import note, office, visitor
from backoffice.rights import needs
from schema.desk import staff
from schema.desk.errors import Refused
from schema.desk.posts import all_posts, grants_of
from schema.ids import as_id, uuid7
from schema.orders import SetPost
from schema.rules.access import ADMIN, ALL, REACHING, RIGHTS, SCOPES

pages = Blueprint("posts", __name__)


@pages.get("/posts")
@needs(ADMIN)
def page() -> str:
    """The table, and with ``?post=`` the form of one post."""
    return _page(request.args.get("post", "")[:20])


@pages.post("/posts")
@needs(ADMIN)
def choose() -> ResponseReturnValue:
    """Say what a post carries; one that is not there is made, with what the post `like` carries."""
    post, like = request.form.get("post", "").strip()[:40], request.form.get("like", "")
    try:
        order = as_id(request.form.get("order", ""))
    except ValueError:
        order = uuid7()
    try:
        with office().store.work() as work:
            if like:
                if post in all_posts(work.session):
                    raise Refused("bad-field", f"there is a post {post!r} already", "post")
                grants = grants_of(work.session, like)
            else:
                grants = {right: scope for right in RIGHTS if (scope := request.form.get(right, ""))}
            before = grants_of(work.session, post)
            row = staff.set_post(work, SetPost(order=order, by=visitor().id, post=post, grants=grants))
            more = [f"+{right}:{scope}" for right, scope in row.grants.items() if before.get(right) != scope]
            less = [f"-{right}" for right in before if right not in row.grants]
            note(work, "post.set", row.name, reason=" ".join(more + less))
            name = row.name
    except Refused as refused:
        return _page(post, refusal_text(refused)), status_of(refused)
    return redirect(f"/posts?post={name}", 303)


def scopes_of(right: str) -> tuple[str, ...]:
    """How far a right can reach."""
    return SCOPES if right.startswith(REACHING) else (ALL,)


def _page(post: str, trouble: str = "") -> str:
    with office().store.read() as session:
        posts = all_posts(session)
        table = {name: grants_of(session, name) for name in posts}
    groups: dict[str, list[str]] = {}
    for right in RIGHTS:
        groups.setdefault(right.partition(".")[0], []).append(right)
    return render_template(
        "posts.html", posts=posts, table=table, groups=groups, chosen=post if post in posts else "", trouble=trouble,
        scopes_of=scopes_of, order=uuid7,
    )  # fmt: skip
