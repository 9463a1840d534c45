"""Numbers, money and digits as they are spoken in Chinese (普通话), English and Uyghur. Pure.

What is said is a row of parts, each the name of a prompt; `PARTS` has the text of each, in the languages that use it.
`words` reads them out as text. Whole numbers from 0 to below 10¹², money in fen (分).
"""

from collections.abc import Iterable

MOST = 10**12 - 1
HUNDRED, THOUSAND, WAN, MILLION, YI, BILLION = 100, 1000, 10_000, 10**6, 10**8, 10**9

_ZH = "零一二三四五六七八九"
_EN = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
]  # fmt: skip
_EN_TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_UG = ["نۆل", "بىر", "ئىككى", "ئۈچ", "تۆت", "بەش", "ئالتە", "يەتتە", "سەككىز", "توققۇز"]
_UG_TENS = ["ئون", "يىگىرمە", "ئوتتۇز", "قىرىق", "ئەللىك", "ئاتمىش", "يەتمىش", "سەكسەن", "توقسان"]
TWO_OF, ONE_AS_DIGIT = "number-two-of", "digit-1"
"""两, before what is counted; 幺, where digits are read one by one and 一 would sound like 七."""


def name_of(number: int) -> str:
    """The prompt of a number that has one: 0 to 20, the tens, and the units that numbers are made of."""
    return f"number-{number}"


def number(value: int, language: str, *, counted: bool = False) -> tuple[str, ...]:
    """The parts that say a whole number; `counted`: something follows of which there are so many (两位, not 二位).

    Raises ValueError for what is below 0 or above `MOST`.
    """
    if not 0 <= value <= MOST:
        raise ValueError(f"numbers are said from 0 to {MOST}, not {value}")
    if language == "zh":
        return (TWO_OF,) if counted and value == 2 else tuple(_zh(value))
    return tuple(_by_thousands(value, language))


def digits(text: str, language: str) -> tuple[str, ...]:
    """The parts that say digits one by one: of a telephone number, or of a case's; what is no digit is not said."""
    one = ONE_AS_DIGIT if language == "zh" else name_of(1)
    return tuple(one if digit == "1" else name_of(int(digit)) for digit in text if digit in "0123456789")


def money(fen: int, language: str) -> tuple[str, ...]:
    """The parts that say a sum of money. Raises ValueError."""
    yuan, rest = divmod(fen, 100)
    said = [*number(yuan, language, counted=True), "money-yuan"] if yuan or not rest else []
    if language == "en":
        return (*said, *number(rest, language), "money-fen") if rest else tuple(said)
    jiao, fens = divmod(rest, 10)
    if jiao:
        said += [*number(jiao, language, counted=True), "money-jiao"]
    elif fens and yuan and language == "zh":
        said.append(name_of(0))
    if fens:
        said += [*number(fens, language, counted=True), "money-fen"]
    return tuple(said)


def words(parts: Iterable[str], language: str, texts: dict[str, dict[str, str]] | None = None) -> str:
    """Parts as text; `texts` has those that are not of this file."""
    known = PARTS | (texts or {})
    return ("" if language == "zh" else " ").join(known[part][language] for part in parts)


def _below_100(value: int) -> list[str]:
    if value <= 20 or value % 10 == 0:
        return [name_of(value)]
    return [name_of(value - value % 10), name_of(value % 10)]


def _zh(value: int) -> list[str]:
    """By groups of four digits. 零 stands for noughts within a number, once for any row of them."""
    if value < 100:
        return _below_100(value)
    said: list[str] = []
    gap = False
    for unit in (YI, WAN, 1):
        group = value // unit % 10_000
        if not group:
            gap = bool(said)
            continue
        if said and (gap or group < 1000):
            said.append(name_of(0))
        said += [TWO_OF] if group == 2 and unit > 1 else _zh_group(group, first=not said)
        said += [name_of(unit)] if unit > 1 else []
        gap = False
    return said


def _zh_group(group: int, *, first: bool) -> list[str]:
    """1 to 9999. Twelve is 十二 at the front and 一十二 within."""
    if group < 20 and first:
        return _below_100(group)
    said: list[str] = []
    gap = False
    for unit in (1000, 100, 10, 1):
        digit = group // unit % 10
        if not digit:
            gap = bool(said)
            continue
        said += [name_of(0)] if gap else []
        said.append(TWO_OF if digit == 2 and unit >= 100 else name_of(digit))
        said += [name_of(unit)] if unit > 1 else []
        gap = False
    return said


def _by_thousands(value: int, language: str) -> list[str]:
    """English and Uyghur: by groups of three digits."""
    if value < 100:
        return _below_100(value)
    said: list[str] = []
    for unit in (BILLION, MILLION, THOUSAND, 1):
        group = value // unit % 1000
        if not group:
            continue
        hundreds, rest = divmod(group, 100)
        # Of hundred and thousand Uyghur says no one: يۈز, مىڭ.
        if hundreds:
            said += [] if hundreds == 1 and language == "ug" else [name_of(hundreds)]
            said.append(name_of(HUNDRED))
        if rest and not (language == "ug" and unit == THOUSAND and group == 1):
            said += _below_100(rest)
        said += [name_of(unit)] if unit > 1 else []
    return said


def _zh_text(value: int) -> str:
    tens, ones = divmod(value, 10)
    if not tens:
        return _ZH[ones]
    return ("" if tens == 1 else _ZH[tens]) + "十" + (_ZH[ones] if ones else "")


def _ug_text(value: int) -> str:
    tens, ones = divmod(value, 10)
    if not tens:
        return _UG[ones]
    return _UG_TENS[tens - 1] + (f" {_UG[ones]}" if ones else "")


PARTS: dict[str, dict[str, str]] = {
    **{
        name_of(value): {
            "zh": _zh_text(value),
            "en": _EN[value] if value <= 20 else _EN_TENS[value // 10 - 3],
            "ug": _ug_text(value),
        }
        for value in (*range(21), *range(30, 100, 10))
    },
    TWO_OF: {"zh": "两"},
    ONE_AS_DIGIT: {"zh": "幺"},
    name_of(HUNDRED): {"zh": "百", "en": "hundred", "ug": "يۈز"},
    name_of(THOUSAND): {"zh": "千", "en": "thousand", "ug": "مىڭ"},
    name_of(WAN): {"zh": "万"},
    name_of(MILLION): {"en": "million", "ug": "مىليون"},
    name_of(YI): {"zh": "亿"},
    name_of(BILLION): {"en": "billion", "ug": "مىليارد"},
    "money-yuan": {"zh": "元", "en": "yuan", "ug": "يۈەن"},
    "money-jiao": {"zh": "角", "ug": "مو"},
    "money-fen": {"zh": "分", "en": "fen", "ug": "پۇڭ"},
}
