"""What is said to who sends too much: a small page, or an object for programs, made without the applications.

They are not asked: the answer is given when a body is announced, before anything of it is held.
"""

import json
import re
from html import escape
from http.cookies import CookieError, SimpleCookie

import msgspec
from twisted.web.http_headers import Headers
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from backoffice.api.app import BODY_LIMIT as API_LIMIT
from backoffice.api.app import MOUNT
from backoffice.api.problems import MIMETYPE, details
from backoffice.filekinds import MOST_BYTES
from backoffice.guard import LANGUAGE_COOKIE, SESSION_COOKIE, language_of, strict_headers
from backoffice.words import Words, direction
from conf.settings import Settings

LINE_LIMIT = 512 * 1024
"""Bytes of a body, whoever reads it; an application may take less."""
_FILES = re.compile(rb"/cases/[^/?]{1,60}/files(?:\?|$)")
STATUS = "413 Content Too Large"
_PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>{title} · {site}</title>
  <link rel="stylesheet" href="/static/css/base.css">
  <link rel="stylesheet" href="/static/css/parts.css">
</head>
<body>
  <header class="bar"><a class="brand" href="/">{site}</a></header>
  <main id="main">
    <section class="lone card">
      <h1>{title}</h1>
      <p>{text}</p>
      <p><a href="/">{home}</a></p>
    </section>
  </main>
</body>
</html>
"""


class Refusal:
    """The answers 413 of a site."""

    def __init__(self, settings: Settings, words: Words) -> None:
        self._settings, self._words = settings, words

    def of(self, uri: bytes, asked: Headers) -> tuple[str, dict[str, str], bytes]:
        """Status line, headers and body for a request of this address with these headers."""
        path = uri.partition(b"?")[0]
        api = path == MOUNT.encode() or path.startswith(MOUNT.encode() + b"/")
        language = self._language(asked)
        text = too_large(self._words, language, API_LIMIT if api else limit_of(uri, asked))
        if api:
            problem = details("too-large", text, [], language, self._words.say)
            mimetype, body = MIMETYPE, msgspec.json.encode(problem)
        elif path.startswith(b"/api/") or _first(asked, b"accept").startswith("application/json"):
            mimetype, body = "application/json", json.dumps({"error": "http-413", "text": text}).encode()
        else:
            mimetype, body = "text/html; charset=utf-8", self._page(language, text)
        headers = {"Content-Type": mimetype, "Cache-Control": "no-store"} | strict_headers(self._settings)
        return STATUS, headers, body

    def _language(self, asked: Headers) -> str:
        try:
            cookie = SimpleCookie(_first(asked, b"cookie")).get(LANGUAGE_COOKIE)
        except CookieError:
            cookie = None
        accepted = parse_accept_header(_first(asked, b"accept-language"), LanguageAccept)
        return language_of(cookie.value if cookie else "", accepted, self._settings)

    def _page(self, language: str, text: str) -> bytes:
        values = {
            "lang": language,
            "dir": direction(language),
            "title": self._words.say(language, "error.title", status=413),
            "site": self._settings.site.name,
            "text": text,
            "home": self._words.say(language, "error.home"),
        }
        return _PAGE.format(**{name: escape(value) for name, value in values.items()}).encode()


def limit_of(uri: bytes, asked: Headers) -> int:
    """Bytes that the body of a request for this address may have: a case's file more, from who seems to be in."""
    is_known = SESSION_COOKIE.encode() + b"=" in b";".join(asked.getRawHeaders(b"cookie") or ())
    return MOST_BYTES if is_known and _FILES.match(uri) else LINE_LIMIT


def too_large(words: Words, language: str, limit: int) -> str:
    """That a request is too large, and how large one may be."""
    return words.say(language, "error.too_large", limit=limit // 1024)


def _first(asked: Headers, name: bytes) -> str:
    found = asked.getRawHeaders(name) or [b""]
    return found[0].decode("latin-1")
