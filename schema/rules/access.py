"""Who may do what: one table of rights and the posts that carry them. What is not in the table is refused.

Posts are agent 座席, supervisor 班长, expert 专家, worker 网格员, clerk 文员, admin 管理员.
The pages ask before they show something, the desks ask again before they do it.
"""

POSTS = ("agent", "supervisor", "expert", "worker", "clerk", "admin")

_SEATS = frozenset({"agent", "supervisor"})
_DESK = _SEATS | {"clerk"}

RIGHTS: dict[str, frozenset[str]] = {
    "seat.work": _SEATS,
    "seat.supervise": frozenset({"supervisor"}),
    "seat.on-behalf": frozenset({"supervisor"}),
    **dict.fromkeys(
        (
            *(f"watch.{verb}" for verb in ("listen", "whisper", "barge", "takeover", "stop")),
            *(f"seat.force-{verb}" for verb in ("hangup", "transfer", "pause", "ready", "logout")),
        ),
        frozenset({"supervisor"}),
    ),
    **dict.fromkeys(
        ("call.transfer", "call.transfer-outside", "call.consult", "call.out", "call.pick", "call.digits"),
        _SEATS,
    ),
    "contact.read": _SEATS,
    "case.read": _DESK | {"expert"},
    "case.file": _DESK,
    "case.dispatch": _DESK,
    "case.handle": _DESK,
    "case.check": _DESK,
    "case.close": _DESK,
    "case.send-back": _DESK,
    "case.rate": _DESK,
    **dict.fromkeys(
        (f"case.{what}" for what in ("verify", "confirm", "reject", "extend", "reopen", "merge", "split")),
        _DESK,
    ),
    **dict.fromkeys((f"case.{what}" for what in ("suspend", "approve", "void")), frozenset({"supervisor"})),
    "case.export": frozenset({"supervisor", "clerk"}),
    "case.share-view": frozenset({"supervisor"}),
    "duplicates.set": frozenset({"supervisor"}),
    "recording.play": _SEATS,
    "board.see": frozenset({"supervisor", "admin"}),
    "report.read": frozenset({"supervisor", "admin"}),
    "people.list": frozenset({"supervisor", "admin"}),
    "people.unlock": frozenset({"admin"}),
    "audit.read": frozenset({"admin"}),
    "rules.set": frozenset({"admin"}),
}

OWN: dict[str, frozenset[str]] = {
    "case.handle": frozenset({"worker"}),
    "case.confirm": frozenset({"worker"}),
    "case.extend": frozenset({"worker"}),
}
"""Rights that a post has only over what was given to that very person (a worker's own task)."""


def may(post: str, right: str, *, own: bool = False) -> bool:
    """Whether somebody with this post has the right; `own`: the thing was given to that person."""
    return not refusal(post, right, own=own)


def refusal(post: str, right: str, *, own: bool = False) -> str:
    """Why somebody with this post may not, in words; "" when they may."""
    if post not in POSTS:
        return f"there is no post {post!r}"
    if right not in RIGHTS:
        return f"there is no right {right!r}, so nobody has it"
    if post in RIGHTS[right]:
        return ""
    if post in OWN.get(right, frozenset()):
        return "" if own else f"a {post} has the right {right} only over their own tasks"
    return f"the post {post} does not carry the right {right}"
