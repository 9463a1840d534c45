"""A connection that the server has closed is not lent again, and whoever asked notices nothing."""

from sqlalchemy.orm import Session

from schema.store import Store


def _pid(session: Session) -> int:
    return int(session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def _backend(store: Store) -> int:
    with store.read() as session:
        return _pid(session)


def test_a_connection_at_rest_is_lent_again(postgres_url: str) -> None:
    store = Store(postgres_url)
    assert len({_backend(store) for _ in range(5)}) == 1
    store.close()


def test_connections_that_the_server_has_closed_are_made_anew_unnoticed(postgres_url: str) -> None:
    store, other = Store(postgres_url), Store(postgres_url)
    with store.read() as one, store.read() as two:
        before = {_pid(one), _pid(two)}
    with other.read() as session:
        for pid in before:
            # Waits until it is gone.
            session.connection().exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 10000)")
    with store.read() as one, store.read() as two:
        after = {_pid(one), _pid(two)}
    assert len(before) == len(after) == 2 and not before & after
    store.close()
    other.close()


def test_a_connection_that_was_told_something_is_asked_and_kept(postgres_url: str) -> None:
    store, other = Store(postgres_url), Store(postgres_url)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("LISTEN news")
        connection.commit()
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        connection.rollback()
    with other.work() as work:
        work.session.connection().exec_driver_sql("NOTIFY news")
    assert _backend(store) == pid
    store.close()
    other.close()
