"""The Latin letters a Chinese name is typed with: 吴桐 is found by "wutong" and by "wt"."""

import os
from functools import lru_cache
from itertools import islice, product

MOST = 16
"""Ways to read one name that are kept; a name of several characters with several readings has many."""


@lru_cache(maxsize=20_000)
def letters(name: str) -> tuple[str, ...]:
    """What may be typed for a name: whole syllables, then first letters, for each way to read it; () without Han."""
    # The dictionary of phrases would be 45 MB of memory; a name is read character by character anyway.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    readings = pinyin(name, style=Style.NORMAL, heteronym=True, errors="ignore")
    if not readings:
        return ()
    ways = list(islice(product(*readings), MOST))
    whole = ["".join(way) for way in ways]
    first = ["".join(syllable[0] for syllable in way) for way in ways]
    return tuple(dict.fromkeys((*whole, *first)))
