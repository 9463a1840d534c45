"""A real OpenID provider of the test's own (npm's oidc-provider, under node), and a browser-like way through it."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import requests

from conf.settings import CHECKOUT
from conf.tools import Tools

SCRIPT = Path(__file__).with_name("oidc_provider.mjs")
PROVIDER = CHECKOUT / "var" / "static" / "vendor-test" / "oidc-provider.mjs"
CLIENT, SECRET = "gridline", "a-secret-of-the-client"


@dataclass(frozen=True)
class OidcServer:
    """Where it is."""

    issuer: str

    def through(self, start: str, login: str, back: str) -> str:
        """Log in and consent as a person does, from the address we were sent to; the address it sends us back to."""
        with requests.Session() as browser:
            answer = browser.get(start, allow_redirects=False, timeout=20)
            for _ in range(12):
                if answer.is_redirect:
                    place = urljoin(answer.url, answer.headers["Location"])
                    if place.startswith(back):
                        return place
                    answer = browser.get(place, allow_redirects=False, timeout=20)
                    continue
                form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
                assert form, re.sub(r"<style.*?</style>", "", answer.text, flags=re.S)[:900]
                given = {"prompt": "login", "login": login, "password": "any"}
                if 'name="login"' not in answer.text:
                    given = {"prompt": "consent"}
                answer = browser.post(urljoin(answer.url, form[1]), given, allow_redirects=False, timeout=20)
        raise AssertionError(f"no way back: {answer.url} {answer.text[:300]}")


@contextmanager
def real_oidc(
    port: int, back: str, left: str, alg: str = "RS256", host: str = "127.0.0.1"
) -> Iterator[OidcServer]:
    """The provider on `port` of the loopback, with keys of its own, for a client that is sent back to `back`.

    `host` is how it calls itself: as "localhost" it is another site than 127.0.0.1 to a browser.
    """
    config = json.dumps({"port": port, "host": host, "back": back, "left": left, "alg": alg})
    server = subprocess.Popen(
        [str(Tools(CHECKOUT / "var").node()), str(SCRIPT), str(PROVIDER), config],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    drain = None
    try:
        said = ""
        for line in server.stdout:
            said += line
            if line.strip() == "listening":
                break
        else:
            raise AssertionError(f"the provider ended: {said[-2000:]}")
        # What it goes on to say must not fill the pipe.
        drain = threading.Thread(target=server.stdout.read, daemon=True)
        drain.start()
        yield OidcServer(f"http://{host}:{port}")
    finally:
        server.terminate()
        server.wait(20)
        if drain is not None:
            drain.join()
        server.stdout.close()
