"""What a hop of the time line says beside its name, in the reader's language: codes become words, names stay."""

from collections.abc import Callable

from schema.desk.timeline import Hop
from schema.rules.sentences import BY_HOP, VISITED, sentence

# Hops whose text is a code, and the table of the catalogue that has words for it.
CODES = {
    "ivr.language": "language",
    "call.ended": "outcome",
    "call.rated": "rating",
    "visit.ended": "outcome",
    "seat.failed": "reason",
}


def hop_text(hop: Hop, say: Callable[..., str], has: Callable[[str], bool]) -> str:
    """The text to show; "" for what only a program wants to know (the name of a recording's file).

    A step of a case is a sentence.
    """
    if hop.hop == "recording.started":
        return ""
    if hop.hop == "recording.kept":
        return f"{hop.detail.get('seconds', 0.0):.1f} {say('unit.seconds')}"
    if hop.hop in BY_HOP or hop.hop == VISITED:
        return sentence(hop.hop, hop.who, hop.text, hop.detail, say)
    if hop.hop in CODES:
        return _word(CODES[hop.hop], hop.text, say, has)
    return hop.text


def _word(table: str, code: str, say: Callable[..., str], has: Callable[[str], bool]) -> str:
    key = f"{table}.{code.replace(' ', '_')}"
    return say(key) if has(key) else code
