"""Small changes of a program's text that its tests should notice: operators of all kinds, by the syntax tree alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

__all__ = ["KINDS", "Mutation", "list_mutations"]

KINDS = ("boundary", "comparison", "arithmetic", "extreme", "constant", "tail", "logic", "dropped", "argument", "axis",
         "index")  # fmt: skip

_BOUNDARY: dict[type, type] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_OPPOSITE: dict[type, type] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_ARITHMETIC: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.FloorDiv,
}  # fmt: skip
_LOGIC: dict[type, type] = {ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}
_PAIRS = (("max", "min"), ("maximum", "minimum"), ("any", "all"), ("argmax", "argmin"), ("idxmax", "idxmin"),
          ("ceil", "floor"), ("head", "tail"), ("nlargest", "nsmallest"), ("sum", "max"), ("mean", "max"))  # fmt: skip
_EXTREME = {**{b: a for a, b in _PAIRS if b != "max"}, **dict(_PAIRS)}
_TAIL = {"ppf": "isf", "isf": "ppf", "sf": "cdf", "cdf": "sf"}
_NO_RESULT = frozenset(  # arguments that change no result of a call that works
    (
        "strict",
        "kind",
        "dtype",
        "ignore_index",
        "copy",
        "progress",
        "encoding",
        "stacklevel",
        "what",
        "say",
        "ndmin",
        "n_cells",
        "validate",
        "maxiter",
    )
)
_TEXT = (ast.Constant, ast.JoinedStr, ast.List, ast.Dict, ast.Set, ast.Tuple)
_SILENT = (ast.Raise, ast.Assert, ast.Import, ast.ImportFrom, ast.JoinedStr)  # messages and names, not results
_NOT_RUN = ("annotation", "returns", "decorator_list", "type_params")
_ROUNDING = ("STILL", "TINY")  # limits below which only rounding varies
_LEAST = 1e-6  # floats below only keep a division from failing


@dataclass(frozen=True)
class Mutation:
    """One change: what kind, on which line, the text before and after, and the whole mutated text."""

    kind: str
    line: int
    before: str
    after: str
    text: str


def list_mutations(source: str) -> list[Mutation]:
    """Every change of `source`, in the order of its lines; those that do not compile are left out.

    >>> [(change.kind, change.after) for change in list_mutations("a = b < 1\\n")]
    [('boundary', 'b <= 1'), ('comparison', 'b >= 1'), ('constant', '2')]
    """
    found, seen = [], {ast.dump(ast.parse(source))}
    for node in _live(ast.parse(source)):
        for kind, place, after in _changes(node):
            text = _replace(source, place, after, statement=isinstance(place, ast.stmt))
            try:
                same = ast.dump(ast.parse(text))
            except SyntaxError:
                continue
            if same not in seen:
                seen.add(same)
                before = ast.get_source_segment(source, place) or ""
                found.append(Mutation(kind, place.lineno, " ".join(before.split()), after, text))
    return sorted(found, key=lambda change: change.line)


def _live(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes whose change could change a result: no docstrings, annotations, messages or imports."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in _NOT_RUN:
            continue
        for child in value if isinstance(value, list) else [value]:
            is_text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            is_option = isinstance(child, ast.keyword) and child.arg in _NO_RESULT
            if isinstance(child, ast.AST) and not isinstance(child, _SILENT) and not is_text and not is_option:
                yield from _live(child)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.expr | ast.stmt, str]]:
    """Kind, the node whose text is replaced, and the text in its place."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for kind, table in (("boundary", _BOUNDARY), ("comparison", _OPPOSITE)):
            if kind == "boundary" and ast.unparse(node.comparators[0]) in _ROUNDING:
                continue  # no number meets such a limit exactly
            if other := table.get(type(node.ops[0])):
                yield kind, node, ast.unparse(ast.Compare(node.left, [other()], node.comparators))
    elif isinstance(node, ast.BinOp):
        yield from _change_binary(node)
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        kind = "arithmetic" if isinstance(node.op, ast.USub) else "logic"
        yield kind, node, ast.unparse(node.operand)
    elif isinstance(node, ast.BoolOp):
        yield "logic", node, ast.unparse(ast.BoolOp(_LOGIC[type(node.op)](), node.values))
    elif isinstance(node, ast.Constant):
        yield from _change_constant(node)
    elif isinstance(node, ast.Call):
        yield from _change_call(node)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield from _change_subscript(node)
    elif isinstance(node, ast.Name) and node.id == "level" and isinstance(node.ctx, ast.Load):
        yield "tail", node, "(1 - level)"
    elif isinstance(node, (ast.AugAssign, ast.Continue)) or _is_call(node):
        yield "dropped", node, "pass"
    elif isinstance(node, ast.IfExp):
        yield "dropped", node, ast.unparse(node.body)
        yield "dropped", node, ast.unparse(node.orelse)
    elif isinstance(node, ast.If) and ast.unparse(node.test) != "TYPE_CHECKING":
        yield "dropped", node.test, "False"
    elif isinstance(node, ast.comprehension):
        yield from (("dropped", test, "True") for test in node.ifs)


def _is_call(node: ast.AST) -> TypeGuard[ast.Expr]:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def _change_binary(node: ast.BinOp) -> Iterator[tuple[str, ast.expr, str]]:
    if isinstance(node.left, _TEXT[1:]) or isinstance(node.right, _TEXT[1:]):
        return  # of lists and texts another operator is only an error
    if any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (node.left, node.right)):
        return
    kind = type(node.op)
    if other := _ARITHMETIC.get(kind):
        yield "arithmetic", node, ast.unparse(ast.BinOp(node.left, other(), node.right))
    if other := _LOGIC.get(kind):
        yield "logic", node, ast.unparse(ast.BinOp(node.left, other(), node.right))
    if kind in (ast.Add, ast.Sub, ast.Mult, ast.Div):
        yield "dropped", node, ast.unparse(node.left)
    if kind is ast.Div and ast.unparse(node) == "(1 + level) / 2":
        yield "tail", node, "level"


def _change_constant(node: ast.Constant) -> Iterator[tuple[str, ast.expr, str]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", node, str(not value)
    elif isinstance(value, int):
        yield "constant", node, str(value + 1)
        if value > 1:
            yield "constant", node, str(value - 1)
    elif isinstance(value, float) and abs(value) >= _LEAST:
        yield "constant", node, repr(value * 1.25)


def _change_call(node: ast.Call) -> Iterator[tuple[str, ast.expr, str]]:
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    for kind, table in (("extreme", _EXTREME), ("tail", _TAIL)):
        if name in table and isinstance(called, ast.Attribute):
            yield kind, called, ast.unparse(ast.Attribute(called.value, table[name], ast.Load()))
        elif name in table and name not in ("sum", "mean"):
            yield kind, called, table[name]
    for place, keyword in enumerate(node.keywords):
        if keyword.arg == "axis" and isinstance(keyword.value, (ast.Constant, ast.UnaryOp)):
            other = "1" if ast.unparse(keyword.value) == "0" else "0"
            yield "axis", keyword.value, other
        elif keyword.arg and keyword.arg not in _NO_RESULT and name != "format":  # without it a text only fails
            rest = [*node.keywords[:place], *node.keywords[place + 1 :]]
            yield "argument", node, ast.unparse(ast.Call(called, node.args, rest))


def _change_subscript(node: ast.Subscript) -> Iterator[tuple[str, ast.expr, str]]:
    index = node.slice
    if ast.unparse(index) in ("0", "-1"):
        yield "index", index, "-1" if ast.unparse(index) == "0" else "0"
    elif isinstance(index, ast.Slice) and index.step is None and (index.lower is None) != (index.upper is None):
        turned = ast.Slice(index.upper, index.lower)
        yield "index", node, ast.unparse(ast.Subscript(node.value, turned, ast.Load()))


def _replace(source: str, place: ast.expr | ast.stmt, after: str, *, statement: bool) -> str:
    """`source` with the text of `place` replaced; columns of the syntax tree count bytes."""
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    first, last = place.lineno - 1, (place.end_lineno or place.lineno) - 1
    head, tail = lines[first][: place.col_offset], lines[last][place.end_col_offset :]
    new = after if statement or after.isidentifier() or after.isdigit() else f"({after})"
    return b"".join([*lines[:first], head, new.encode(), tail, *lines[last + 1 :]]).decode()
