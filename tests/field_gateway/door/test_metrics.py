"""The door tells its figures to who may have them, and to nobody else."""

from types import SimpleNamespace

from conf.settings import Settings, Web
from field_gateway.door.app import make_app


def asked(token: str, **headers: str) -> tuple[int, str]:
    room = SimpleNamespace(settings=Settings(web=Web(metrics_token=token)))
    client = make_app(room).test_client()  # type: ignore[arg-type]
    answer = client.get("/field/v1/metrics", headers=headers)
    return answer.status_code, answer.get_data(as_text=True)


def test_figures_are_for_this_machine_or_for_who_shows_the_token() -> None:
    status, told = asked("")
    assert status == 200 and "gridline_gateway_message_seconds" in told
    for token, headers in (
        ("", {"Via": "1.1 x"}),
        ("secret", {}),
        ("secret", {"Authorization": "Bearer other"}),
    ):
        status, told = asked(token, **headers)
        assert status == 403 and "gridline_gateway" not in told
    assert asked("secret", Authorization="Bearer secret")[0] == 200
