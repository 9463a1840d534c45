"""Formulas of the assessment: arithmetic over named counts, evaluated by simpleeval and by nothing else.

Numbers, names, + - * /, comparisons, `a if b else c`, `and`, `or`, `not`, min, max, round to 0 … 6 places. What a
formula may hold is checked when it is read; then the library works it out, and knows nothing but these.
"""

import ast
import math
import operator
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

from schema.rules.assessment import LONGEST_FORMULA


class BadFormula(ValueError):
    """A formula that cannot be one. `kind`: empty, long, syntax, unknown, forbidden, calls, number; `what` is where."""

    def __init__(self, kind: str, what: str = "") -> None:
        super().__init__(f"{kind}: {what}" if what else kind)
        self.kind, self.what = kind, what


def _round(value: float, places: int = 0) -> float:
    # round(1, -999999999) would count for ever.
    return round(float(value), min(6, max(0, int(places))))


FUNCTIONS: Mapping[str, Any] = {"min": min, "max": max, "round": _round}
_ARGUMENTS = {"min": (2, 20), "max": (2, 20), "round": (1, 2)}
_OPERATORS: dict[Any, Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.UAdd: operator.pos, ast.USub: operator.neg, ast.Not: operator.not_,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
_NODES = (
    ast.Expr, ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Call,
)  # fmt: skip
_GRAMMAR = (*_NODES, ast.Load, ast.And, ast.Or, *_OPERATORS)
_CHARACTERS = re.compile(r"[A-Za-z0-9_ +\-*/().,<>=!]*", re.ASCII)
_STUCK = re.compile(r"[0-9][A-Za-z_]", re.ASCII)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_SAMPLES = (0, 1, 2, 7)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read: its text, and the names of the counts in it, in their order."""

    text: str
    names: tuple[str, ...]

    def value(self, counts: Mapping[str, int]) -> float | None:
        """What it comes to; None for nothing to divide by. Raises BadFormula for no number of a usual size."""
        try:
            found = float(_evaluator(counts).eval(self.text))
        except ZeroDivisionError:
            return None
        except (OverflowError, TypeError, ValueError, RecursionError, InvalidExpression) as error:
            raise BadFormula("number", str(error)[:60]) from error
        if not math.isfinite(found):
            raise BadFormula("number", str(found))
        return found

    def parts(self) -> Iterator[tuple[str, str]]:
        """The text in pieces, each with the name of the count that it is, "" for anything else."""
        end = 0
        for found in _WORD.finditer(self.text):
            if found[0] in self.names:
                if found.start() > end:
                    yield self.text[end : found.start()], ""
                yield found[0], found[0]
                end = found.end()
        if end < len(self.text):
            yield self.text[end:], ""


def read_formula(text: str, known: Collection[str]) -> Formula:
    """The formula, over counts that are `known`. Raises BadFormula."""
    text = text.strip()
    if not text:
        raise BadFormula("empty")
    if len(text) > LONGEST_FORMULA:
        raise BadFormula("long", str(LONGEST_FORMULA))
    good = _CHARACTERS.match(text)
    if good is not None and good.end() < len(text):
        raise BadFormula("forbidden", text[good.end()])
    if stuck := _STUCK.search(_WORD.sub(lambda word: "x" * len(word[0]), text)):
        raise BadFormula("syntax", text[stuck.start() : stuck.end()])
    names = tuple(dict.fromkeys(_check(_parse(text), known)))
    formula = Formula(text, names)
    for sample in _SAMPLES:
        formula.value(dict.fromkeys(names, sample))
    return formula


def _parse(text: str) -> ast.AST:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        at = max(0, (error.offset or 1) - 1)
        raise BadFormula("syntax", text[at : at + 12] or text[-12:]) from error
    except (RecursionError, MemoryError, ValueError) as error:
        raise BadFormula("long") from error


def _check(tree: ast.AST, known: Collection[str]) -> Iterator[str]:
    """The names of the counts in it. Raises BadFormula for what no formula has."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, _GRAMMAR):
            raise BadFormula("forbidden", type(node).__name__)
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            raise BadFormula("forbidden", str(node.value)[:20])
        if isinstance(node, ast.Call):
            _check_call(node)
        elif isinstance(node, ast.Name) and id(node) not in called:
            if node.id not in known:
                raise BadFormula("unknown", node.id[:40])
            yield node.id


def _check_call(node: ast.Call) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else "()"
    if name not in FUNCTIONS:
        raise BadFormula("unknown", name[:40])
    fewest, most = _ARGUMENTS[name]
    if node.keywords or not fewest <= len(node.args) <= most:
        raise BadFormula("calls", name)


def _evaluator(counts: Mapping[str, int]) -> SimpleEval:
    found = SimpleEval(operators=_OPERATORS, functions=dict(FUNCTIONS), names=dict(counts))
    found.nodes = {node: does for node, does in found.nodes.items() if node in _NODES}
    return found
