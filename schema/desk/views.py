"""The views desk: lists of cases that people keep under a name, for themselves or, by supervisors, for everybody.

All raise `Refused`: not-found, not-allowed, bad-field. The same order again changes nothing.
"""

from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from schema.desk.errors import Refused
from schema.desk.filing import LOCK_BITS
from schema.desk.moves import allow, refuse_texts
from schema.orders.views import BeginWithView, DropView, RenameView, RestoreView, SaveView, ViewOrder
from schema.store import UnitOfWork, alone
from schema.views import FirstView, SavedView

MOST, LONGEST = 50, 4_000
"""Views of one person; characters of a query."""


def save_view(work: UnitOfWork, order: SaveView) -> SavedView:
    """Keep a list under a name."""
    owner = _owner(order.by)
    allow(work, owner, "case.share-view" if order.shared else "case.read")
    alone(work.session, order.order.int & LOCK_BITS)
    if (done := work.session.get(SavedView, order.order)) is not None:
        return done
    refuse_texts(name=(order.name, 1, 60), query=(order.query, 0, LONGEST))
    kept = select(func.count()).where(SavedView.owner == owner, SavedView.dropped_at.is_(None))
    if (work.session.scalar(kept) or 0) >= MOST:
        raise Refused("bad-field", f"at most {MOST} views: throw one away first", "name")
    view = SavedView(id=order.order, owner=owner, name=order.name.strip(), query=order.query, shared=order.shared,
                     made_at=work.now)  # fmt: skip
    work.session.add(view)
    work.session.flush()
    return view


def rename_view(work: UnitOfWork, order: RenameView) -> SavedView:
    """Call a view of one's own otherwise."""
    view = _own(work, order)
    refuse_texts(name=(order.name, 1, 60))
    view.name = order.name.strip()
    return view


def drop_view(work: UnitOfWork, order: DropView) -> SavedView:
    """Throw a view of one's own away; it can be restored."""
    view = _own(work, order)
    view.dropped_at = view.dropped_at or work.now
    return view


def restore_view(work: UnitOfWork, order: RestoreView) -> SavedView:
    """Take a view back that was thrown away."""
    view = _own(work, order)
    view.dropped_at = None
    return view


def begin_with_view(work: UnitOfWork, order: BeginWithView) -> SavedView:
    """Let one's list begin with a view, one's own or a shared one; or with all cases again."""
    owner = _owner(order.by)
    view = work.session.get(SavedView, order.view)
    if view is None or (view.owner != owner and not view.shared):
        raise Refused("not-found", "there is no such view")
    first = work.session.get(FirstView, owner, with_for_update=True)
    if not order.begin:
        if first is not None and first.view == view.id:
            work.session.delete(first)
    elif first is None:
        work.session.add(FirstView(user=owner, view=view.id))
    else:
        first.view = view.id
    return view


def views_of(session: Session, user: UUID) -> list[SavedView]:
    """The views somebody has: their own, then the shared ones of others, by name."""
    mine = or_(SavedView.owner == user, SavedView.shared)
    found = session.scalars(
        select(SavedView).where(mine, SavedView.dropped_at.is_(None)).order_by(SavedView.name)
    )
    return sorted(found, key=lambda view: view.owner != user)


def first_view(session: Session, user: UUID) -> SavedView | None:
    """The view somebody's list begins with, if it is still there for them."""
    query = select(SavedView).join(FirstView, FirstView.view == SavedView.id).where(FirstView.user == user)
    mine = or_(SavedView.owner == user, SavedView.shared)
    return session.scalar(query.where(mine, SavedView.dropped_at.is_(None)))


def _own(work: UnitOfWork, order: ViewOrder) -> SavedView:
    view = work.session.get(SavedView, order.view, with_for_update=True)
    if view is None or view.owner != _owner(order.by):
        raise Refused("not-found", "there is no such view of yours")
    return view


def _owner(by: UUID | None) -> UUID:
    if by is None:
        raise Refused("not-allowed", "a view is somebody's")
    return by
