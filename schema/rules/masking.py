"""A telephone number as those see it who may not read it: enough to tell two apart, too little to ring it."""


def masked(number: str) -> str:
    """The number with its middle hidden; of a short one nothing is left."""
    if len(number) >= 11:
        head, tail = 3, 4
    elif len(number) >= 7:
        head, tail = 2, 2
    else:
        head = tail = 0
    hidden = len(number) - head - tail
    return number[:head] + "*" * hidden + (number[-tail:] if tail else "")
