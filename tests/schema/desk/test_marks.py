import pytest

from schema.desk import marks
from schema.store import Store


def test_the_mark_moves_with_the_rows(store: Store) -> None:
    with store.work() as work:
        assert marks.behind(work.session, "pbx1") == ("", 0)
        marks.advance(work, "pbx1", "e1", 5)
    with pytest.raises(RuntimeError), store.work() as work:
        marks.advance(work, "pbx1", "e1", 9)
        raise RuntimeError
    with store.work() as work:
        assert marks.behind(work.session, "pbx1") == ("e1", 5)
        marks.advance(work, "pbx1", "e2", 1)
    with store.read() as session:
        assert marks.behind(session, "pbx1") == ("e2", 1)
