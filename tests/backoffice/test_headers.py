"""What every answer carries: strict headers, and no script or style within a page."""

import re

import pytest

from tests.backoffice.conftest import Town


@pytest.mark.parametrize(
    "path", ["/login", "/cases", "/seat", "/nothing", "/healthz", "/static/css/base.css", "/words/zh.js"]
)
def test_every_answer_carries_the_strict_headers(town: Town, path: str) -> None:
    answer = town.visit("agent").get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
    assert ("ws://127.0.0.1:8188" in policy) == (path == "/seat")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] != ""


def test_pages_hold_no_inline_script_or_style(town: Town) -> None:
    case = town.filed()
    boss = town.visit("supervisor")
    for path in (
        "/login",
        "/seat",
        "/cases",
        "/cases/new",
        f"/cases/{case.case_no}",
        "/wallboard",
        "/people",
        "/duplicates",
    ):
        html = boss.get(path, follow_redirects=True).get_data(as_text=True)
        assert "style=" not in html and "<style" not in html and "javascript:" not in html
        assert not re.search(r"<[^>]*\son[a-z]+=", html)
        for script in html.split("<script")[1:]:
            assert "src=" in script.split(">")[0] and script.split(">")[1].startswith("</script")
