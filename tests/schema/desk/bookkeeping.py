"""Books for tests: written down and, unless a test keeps them, opened anew from the rows for every fact."""

from schema.desk.books import Books
from schema.facts import Fact
from schema.store import Store


def commit(store: Store, books: Books) -> None:
    """Write what changed."""
    with store.work() as work:
        books.write(work.session)
    books.written()


def opened(store: Store, node: str = "pbx1") -> Books:
    """The books as a process that starts has them."""
    with store.read() as session:
        return Books.opened(session, node)


def write_down(store: Store, *facts: Fact, node: str = "pbx1") -> None:
    """Each fact by a process of its own."""
    for fact in facts:
        books = opened(store, node)
        books.hear(fact)
        commit(store, books)
