"""The closed grammar of formulas: what is not in it is refused before anything evaluates it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from framing.errors import InputError

__all__ = ["EXAMPLE", "Token", "check_grammar", "check_term", "list_names", "split_tokens"]

EXAMPLE = 'for instance outlet + period, or outlet * time + C(section, Treatment("World"))'
_FUNCTIONS = ("C", "I", "log", "log2", "log10", "exp", "center", "scale", "poly", "bs")
_CONTRASTS = ("Treatment", "contr.treatment", "contr.sum", "contr.helmert")
_OPTIONS = {
    "C": ("contrasts",),
    "Treatment": ("reference",), "contr.treatment": ("base",),
    "bs": ("df", "degree", "knots", "include_intercept", "lower_bound", "upper_bound"),
    "poly": ("degree", "raw"),
    "scale": ("ddof",),
}  # fmt: skip
_MOST_CHARACTERS = 4000
_MOST_POWER = 9
_TOKEN = re.compile(  # a string holds no quotes: the library writes strings into code that it evaluates
    r"""(?P<space>[ \t]+)
    |(?P<text>"[^"'`\\{}]*"|'[^"'`\\{}]*')
    |(?P<quoted>`[^`\\\x00-\x1f\x7f]+`)
    |(?P<number>[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?(?![\w.]))
    |(?P<name>[^\W\d]\w*(\.\w+)*)
    |(?P<operator>\*\*|[-+*:/^(),=|\[\]])""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """A part of a formula.

    Attributes
    ----------
    kind : str
        `text`, `quoted`, `number`, `name` or `operator`.
    text : str
        Its characters; of a column between backticks, the name alone.
    start, end : int
        Where it begins and ends in the formula.
    """

    kind: str
    text: str
    start: int
    end: int


def split_tokens(text: str, formula: str) -> list[Token]:
    """Split a formula, or a term of one, into tokens.

    Parameters
    ----------
    text : str
        What to split.
    formula : str
        The whole formula, for messages.

    Returns
    -------
    list of Token
        The tokens, without spaces.

    Raises
    ------
    InputError
        For a character that no formula has.

    Examples
    --------
    >>> [token.text for token in split_tokens("log(`n words`) + 1", "")]
    ['log', '(', 'n words', ')', '+', '1']
    """
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        kind = str(match.lastgroup) if match else ""
        part = match[0] if match else text[place]
        if match is None or (kind == "text" and not part.isprintable()):
            raise _refuse(
                formula,
                f"it cannot be read from {text[place : place + 20]!r} on. It may hold columns, numbers, + - * : / ** "
                "( ), and values in quotation marks that hold no quotation mark, backtick, backslash or brace",
            )
        if kind == "text" and (not tokens or tokens[-1].text not in ("(", ",", "=", "[")):
            raise _refuse(formula, f"the text {part} stands where no text may stand")
        if kind != "space":
            tokens.append(Token(kind, part[1:-1] if kind == "quoted" else part, place, match.end()))
        place = match.end()
    return tokens


def list_names(tokens: list[Token]) -> list[str]:
    """List the columns that tokens name.

    Parameters
    ----------
    tokens : list of Token
        Tokens of a formula or of a term.

    Returns
    -------
    list of str
        Names, as often as they occur: neither functions, contrasts and options, nor True and False.

    Examples
    --------
    >>> list_names(split_tokens("C(outlet, Treatment('A')) + bs(time, df=4)", ""))
    ['outlet', 'time']
    """
    following = [token.text if token.kind == "operator" else "" for token in tokens[1:]] + [""]
    skipped = (*_CONTRASTS, "True", "False")
    return [
        token.text
        for token, after in zip(tokens, following, strict=True)
        if token.kind == "quoted" or (token.kind == "name" and after not in ("(", "=") and token.text not in skipped)
    ]


def check_grammar(text: str, formula: str) -> None:
    """Refuse a formula with anything that is not in the grammar; evaluates nothing.

    Parameters
    ----------
    text : str
        Right-hand side of the formula.
    formula : str
        The formula, for messages.

    Raises
    ------
    InputError
        For anything but columns, numbers, operators and calls of the functions of formulas.

    Notes
    -----
    A term is a column, a number, or a call. The first argument of a call is arithmetic on columns and numbers; the
    others are numbers, and of `C` one contrast, whose reference is a number or a text. Calls are not nested otherwise.
    """
    if len(text) > _MOST_CHARACTERS:
        raise _refuse(formula[:40] + " …", f"it has {len(text):,} characters; at most {_MOST_CHARACTERS:,} are read")
    tokens = split_tokens(text, formula)
    place = 0
    while place < len(tokens):
        token = tokens[place]
        after = tokens[place + 1] if place + 1 < len(tokens) else Token("", "", 0, 0)
        if token.kind == "name" and after.text in ("(", "[") and after.kind == "operator":
            end = _find_end(tokens, place + 1, formula)
            check_term(_write_python(tokens[place:end]), formula)
            place = end
            continue
        if token.kind == "operator":
            if token.text in (",", "="):
                raise _refuse(formula, f"{token.text} cannot be read outside a call")
            is_power = token.text in ("**", "^")
            if is_power and not (after.kind == "number" and after.text.isdigit() and int(after.text) <= _MOST_POWER):
                raise _refuse(
                    formula, f"it cannot be read: after {token.text} a whole number up to {_MOST_POWER} stands"
                )
        elif token.kind == "text":
            raise _refuse(formula, f"the text {token.text} stands outside a call")
        place += 1


def _find_end(tokens: list[Token], start: int, formula: str) -> int:
    """Place after the bracket that closes the one at `start`."""
    depth = 0
    for place in range(start, len(tokens)):
        if tokens[place].kind == "operator":
            depth += (tokens[place].text in "([") - (tokens[place].text in ")]")
        if depth == 0:
            return place + 1
    raise _refuse(formula, "it cannot be read: a bracket is not closed")


def _write_python(tokens: list[Token]) -> str:
    """Tokens of a call as Python, with a plain name in place of each column between backticks."""
    return " ".join("quoted" if token.kind == "quoted" else token.text for token in tokens)


def check_term(expression: str, formula: str) -> None:
    """Refuse a term of Python that is no call in the grammar.

    Parameters
    ----------
    expression : str
        The term, as it would be evaluated.
    formula : str
        The formula, for messages.

    Raises
    ------
    InputError
        For everything else.
    """
    try:
        call = ast.parse(expression, mode="eval").body
        is_call = isinstance(call, ast.Call)
        name = ast.unparse(call.func) if isinstance(call, ast.Call) else ast.unparse(call)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise _refuse(formula, f"{expression!r} cannot be read") from None
    if not is_call or name not in _FUNCTIONS:
        raise _refuse_part(formula, name)
    assert isinstance(call, ast.Call)
    try:
        _check_call(call, name, formula)
    except RecursionError:
        raise _refuse(formula, f"{expression[:40]!r} … cannot be read") from None


def _check_call(call: ast.Call, name: str, formula: str) -> None:
    """Refuse arguments that a function of formulas does not take."""
    if not call.args:
        raise _refuse(formula, f"{name} needs a column")
    _check_arithmetic(call.args[0], formula)
    options = [(f"argument {place} of {name}", value) for place, value in enumerate(call.args[1:], 2)]
    for keyword in call.keywords:
        if keyword.arg == "levels":
            raise _refuse(formula, "leave out levels: passages with another value would count as the reference")
        if keyword.arg not in _OPTIONS.get(name, ()):
            raise _refuse(formula, f"{name} takes no {keyword.arg or '**'}")
        options.append((str(keyword.arg), keyword.value))
    if name in ("C", "I") and len(options) > (name == "C"):
        raise _refuse(formula, f"{name} takes a column" + (" and one contrast" if name == "C" else ""))
    for label, value in options:
        if name == "C":
            _check_contrast(value, formula)
        elif label == "knots" and isinstance(value, ast.List | ast.Tuple):
            for knot in value.elts:
                _check_number(knot, formula)
        else:
            _check_number(value, formula)


def _check_contrast(node: ast.expr, formula: str) -> None:
    """Refuse what is no contrast."""
    name = ast.unparse(node.func if isinstance(node, ast.Call) else node)
    if name not in _CONTRASTS:
        raise _refuse_part(formula, name)
    if not isinstance(node, ast.Call):
        return
    values = list(node.args)
    for keyword in node.keywords:
        if keyword.arg not in _OPTIONS.get(name, ()):
            raise _refuse(formula, f"{name} takes no {keyword.arg or '**'}")
        values.append(keyword.value)
    if len(values) > (name in _OPTIONS):
        raise _refuse(formula, f"{name} takes {'one value' if name in _OPTIONS else 'no value'}")
    for value in values:
        if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
            _check_number(value, formula)


def _check_number(node: ast.expr, formula: str) -> None:
    """Refuse what is no number, True or False."""
    inner = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd) else node
    if not (isinstance(inner, ast.Constant) and isinstance(inner.value, int | float)):
        raise _refuse_part(formula, ast.unparse(node))


def _check_arithmetic(node: ast.expr, formula: str) -> None:
    """Refuse what is no arithmetic on columns and numbers."""
    if isinstance(node, ast.Name) and not node.id.startswith("__"):
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        _check_arithmetic(node.operand, formula)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        _check_arithmetic(node.left, formula)
        _check_arithmetic(node.right, formula)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        _check_arithmetic(node.left, formula)
        _check_number(node.right, formula)
        if not any(isinstance(part, ast.Name) for part in ast.walk(node.left)):  # numbers alone grow without bound
            raise _refuse(formula, "a power is of a column")
    else:
        _check_number(node, formula)


def _refuse_part(formula: str, part: str) -> InputError:
    """The error for a part of a term that is not in the grammar."""
    return InputError(
        f"{formula!r}: a term may be a column, or a call of {', '.join(_FUNCTIONS)} on columns and numbers, of C with "
        f"one of {', '.join(_CONTRASTS)}; got {part!r}.",
        argument="formula",
    )


def _refuse(formula: str, problem: str) -> InputError:
    """The error for a formula that is not in the grammar."""
    return InputError(f"{formula!r}: {problem}; write {EXAMPLE}.", argument="formula")
