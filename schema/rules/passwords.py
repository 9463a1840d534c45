"""Which passwords will do (NIST SP 800-63B, 5.1.1.2): long enough, not commonly used, not about their owner.

No rule about kinds of characters, on purpose: people answer it with "Password1!".
"""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

SHORTEST = 8
LONGEST = 200
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site asks of a password: its `length` at least, and that it is not about the `site` (its name)."""

    length: int = SHORTEST
    site: str = ""


def weakness(password: str, rules: Rules, about: Iterable[str], common: Container[str]) -> str:
    """What is wrong with a password: short, long, common, plain or named; "" when it will do.

    `about` are words about its owner (login, name); `common` has the passwords that everybody tries, in small letters.
    """
    if len(password) < max(rules.length, SHORTEST):
        return "short"
    if len(password) > LONGEST:
        return "long"
    small = password.lower()
    core = _ENDS.sub("", small)
    if small in common or small[::-1] in common or (len(core) >= 4 and core in common):
        return "common"
    if _is_plain(small):
        return "plain"
    rest = small
    for word in sorted({word.strip().lower() for word in (*about, rules.site)}, key=len, reverse=True):
        if len(word) >= 2:
            rest = rest.replace(word, "").replace(word[::-1], "")
    if rest != small and len(re.sub(r"[\W\d_]+", "", rest)) < 6:
        return "named"
    return ""


def _is_plain(text: str) -> bool:
    """One short piece again and again ("abcabcabc"), or a row of neighbours ("abcdefgh", "87654321")."""
    if any(text == (text[:n] * len(text))[: len(text)] for n in range(1, 5)):
        return True
    return len({ord(b) - ord(a) for a, b in zip(text, text[1:], strict=False)}) == 1
