"""Numbers as prompts: 0 to 99, and a telephone number digit by digit, the same way in every language. Pure.

Up to twenty each number has a prompt of its own; above, the tens and then the ones are said.
"""

_ZH = "零一二三四五六七八九"
_EN = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
]  # fmt: skip
_EN_TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_UG = ["نۆل", "بىر", "ئىككى", "ئۈچ", "تۆت", "بەش", "ئالتە", "يەتتە", "سەككىز", "توققۇز"]
_UG_TENS = ["ئون", "يىگىرمە", "ئوتتۇز", "قىرىق", "ئەللىك", "ئاتمىش", "يەتمىش", "سەكسەن", "توقسان"]
MOST = 99


def name_of(number: int) -> str:
    """The prompt of a number that has one."""
    return f"number-{number}"


def said(number: int) -> tuple[str, ...]:
    """The prompts that say a number, at most 99."""
    number = min(max(number, 0), MOST)
    if number <= 20 or number % 10 == 0:
        return (name_of(number),)
    return (name_of(number - number % 10), name_of(number % 10))


def digits(number: str) -> tuple[str, ...]:
    """The prompts that say a telephone number; what is no digit is not said."""
    return tuple(name_of(int(digit)) for digit in number if digit in "0123456789")


def _zh(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _ZH[ones]
    return ("" if tens == 1 else _ZH[tens]) + "十" + (_ZH[ones] if ones else "")


def _en(number: int) -> str:
    return _EN[number] if number <= 20 else _EN_TENS[number // 10 - 3]


def _ug(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _UG[ones]
    return _UG_TENS[tens - 1] + (f" {_UG[ones]}" if ones else "")


NUMBERS: dict[str, dict[str, str]] = {
    name_of(number): {"zh": _zh(number), "en": _en(number), "ug": _ug(number)}
    for number in (*range(21), *range(30, 100, 10))
}
