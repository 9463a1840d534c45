"""Every page of the door says who may come; one that says nothing is shut."""

from field_gateway.door.app import make_app
from field_gateway.door.guard import ANYBODY, DEVICE, WORKER, who_may

PAGES = {
    ("GET", "/field/v1/config"): ANYBODY,
    ("POST", "/field/v1/enrol"): ANYBODY,
    ("POST", "/field/v1/login"): DEVICE,
    ("POST", "/field/v1/logout"): DEVICE,
    ("POST", "/field/v1/up/<what>"): DEVICE,
    ("GET", "/field/v1/metrics"): ANYBODY,
    ("GET", "/field/v1/me"): WORKER,
    ("GET", "/field/v1/tasks"): WORKER,
    ("GET", "/field/v1/history"): WORKER,
    **{
        ("GET", f"/field/v1/{path}"): WORKER
        for path in (
            "people",
            "dialrules",
            "categories",
            "colleagues",
            "pack",
            "worklog",
            "statistics",
            "registers",
            "registers/<name>",
            "may",
        )
    },
    ("GET", "/field/v1/track"): WORKER,
    ("POST", "/field/v1/groupcall"): WORKER,
    ("GET", "/field/v1/track.gpx"): WORKER,
    ("GET", "/field/v1/track.csv"): WORKER,
}
"""Every page there is, and who may come."""


def test_every_page_is_listed_with_who_may_come() -> None:
    app = make_app(None)  # type: ignore[arg-type]
    found = {
        (method, rule.rule): who_may(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert found == PAGES


def test_a_page_that_says_nothing_is_shut_and_what_breaks_is_told_without_its_reason() -> None:
    app = make_app(None)  # type: ignore[arg-type]
    app.add_url_rule("/open", "open", lambda: "come in")
    client = app.test_client()
    shut = client.get("/open")
    assert (shut.status_code, shut.json) == (403, {"error": "not-allowed", "text": "nobody may come here"})
    broken = client.get("/field/v1/config")
    assert broken.status_code == 500 and broken.json is not None and broken.json["error"] == "failed"
    nothing = client.get("/field/v1/nothing")
    assert nothing.status_code == 404 and nothing.json is not None and nothing.json["error"] == "http-404"
    assert nothing.headers["Content-Security-Policy"].startswith("default-src 'none'")
