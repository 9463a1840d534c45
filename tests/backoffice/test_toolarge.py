"""What is said to who sends too much: to people in their language, to programs as their kind of object."""

import json

from twisted.web.http_headers import Headers

from backoffice.filekinds import MOST_BYTES
from backoffice.guard import strict_headers
from backoffice.toolarge import LINE_LIMIT, Refusal, limit_of
from backoffice.words import Words
from conf.settings import Settings, Web

SETTINGS = Settings(web=Web(secure_cookies=True))
REFUSAL = Refusal(SETTINGS, Words.read())


def said(uri: bytes, **asked: str) -> tuple[dict[str, str], str]:
    names = {name.replace("_", "-"): [value] for name, value in asked.items()}
    status, headers, body = REFUSAL.of(uri, Headers(names))
    assert status.startswith("413 ") and strict_headers(SETTINGS).items() <= headers.items()
    return headers, body.decode()


def test_a_page_says_the_limit_in_the_chosen_or_the_accepted_language() -> None:
    headers, page = said(b"/cases/new?x=1", accept_language="fr, en;q=0.5")
    assert headers["Content-Type"].startswith("text/html") and "at most 512 KB" in page
    assert 'lang="en" dir="ltr"' in page and "script" not in page
    _, page = said(b"/", cookie="gridline_language=ug; other=1", accept_language="en")
    assert 'lang="ug" dir="rtl"' in page and "512" in page
    _, page = said(b"/", cookie="broken[=\x01")
    assert 'lang="zh"' in page and "512 KB" in page


def test_the_interface_answers_a_problem_with_its_own_limit() -> None:
    headers, body = said(b"/api/v1/cases", accept_language="en")
    problem = json.loads(body)
    assert headers["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["code"]) == (413, "too-large") and "at most 64 KB" in problem["detail"]


def test_scripts_of_the_pages_get_the_object_they_get_for_every_error() -> None:
    for uri, accept in ((b"/api/drafts/x", ""), (b"/cases", "application/json")):
        _, body = said(uri, accept=accept, accept_language="en")
        assert (
            json.loads(body) == {"error": "http-413", "text": json.loads(body)["text"]} and "512 KB" in body
        )


def test_the_site_s_name_is_encoded_for_the_page() -> None:
    named = Settings(site=Settings().site.__class__(name="<b>&"))
    _, _, page = Refusal(named, Words.read()).of(b"/", Headers())
    assert b"<b>&" not in page and b"&lt;b&gt;&amp;" in page


def test_a_file_of_a_case_may_be_larger_from_somebody_who_is_in() -> None:
    here = Headers({"cookie": ["gridline_language=en; gridline=abc"]})
    for uri in (b"/cases/ZW-1/files?order=1", b"/cases/ZW-1/files"):
        assert limit_of(uri, here) == MOST_BYTES and limit_of(uri, Headers()) == LINE_LIMIT
    for uri in (b"/cases/ZW-1/files/1/back", b"/cases/files", b"/x/cases/ZW-1/files"):
        assert limit_of(uri, here) == LINE_LIMIT
    _, page = said(b"/cases/ZW-1/files", cookie="gridline=abc", accept_language="en")
    assert f"at most {MOST_BYTES // 1024} KB" in page
