"""Formulas run no code: attacks that are refused, texts made by chance, and what may be written."""

from __future__ import annotations

import builtins

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.errors import FramingError, InputError
from framing.estimates.regression_design import make_design

CALLS: list[int] = []


def make_passages() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "outlet": ["A", "B", "C"] * 8,
            "agency": ["Reuters (UK)", "50 % ~ AP"] * 12,
            "size": np.arange(24.0) % 7 + 1,
            "n words": np.arange(24.0) % 5 + 1,
            "published": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(24) % 11, unit="D"),
        }
    )


@pytest.fixture(autouse=True)
def canary(monkeypatch):
    """A built-in function that formulas must never call."""
    CALLS.clear()
    monkeypatch.setattr(builtins, "canary", lambda *_: CALLS.append(1) or 1, raising=False)
    yield
    assert CALLS == []


ATTACKS = [
    'C(time, "`", __import__("os").system("canary"), "`")',
    'C(time, "`", canary(), "`")',
    """C(outlet, Treatment("`" + str(canary()) + "`"))""",
    """C(outlet, Treatment("'], canary(), ['"))""",
    """C(outlet, Treatment('"], canary(), ["'))""",
    r"""C(outlet, Treatment("\\"], canary(), [\\""))""",
    r"""C(outlet, Treatment("\x60" + str(canary())))""",
    """C(outlet, Treatment(f"{canary()}"))""",
    """C(outlet, Treatment(f'{canary()}'))""",
    """C(outlet, Treatment("A" "B"))""",
    """C(outlet, Treatment(b"A"))""",
    """C(outlet, Treatment(str(canary())))""",
    "C(outlet, Treatment(canary()))",
    "canary()",
    "outlet + canary(size)",
    "{canary()}",
    "outlet + {canary()}",
    "log(canary())",
    "I(canary())",
    "I(size + canary())",
    "I(size) [canary()]",
    "size[canary()]",
    "log(size)(canary())",
    "log(size).real",
    "np.log(size)",
    "np.exp(canary())",
    "I(np.size)",
    "getattr(size, '__class__')",
    "I(size.__class__)",
    "I(__builtins__)",
    "I(__FORMULAIC_CONTEXT__)",
    "log(size, _state=canary())",
    "log(size, **canary())",
    "log(*canary())",
    "I([canary() for _ in size])",
    "I((lambda: canary())())",
    "I(size if canary() else size)",
    "I((x := canary()))",
    "I(size and canary())",
    "I(size < canary())",
    "Q('size')",
    "hashed(size)",
    "lag(size)",
    "log(log(size))",
    r"\`size\` + canary()",
    r"C(\`size\`, '\`', canary(), '\`')",
    'C(`a"`, canary(), `"`)',
    "C(`a'`, canary(), `'`)",
    "`size` + `'` + canary() + `'`",
    "ｃａｎａｒｙ()",
    "𝐜anary(size)",
    "log(size）",
    "log(size) # canary()",
    "log(size # )\n)",
    "outlet\ncanary()",
    "log(size)\n+ canary()",
    "outlet; canary()",
    "outlet %in% canary()",
    "'canary()'",
    "C(outlet, levels=['A', 'B'])",
    "C(outlet, Treatment, levels=['A', 'B'])",
    "C(_quoted_0_)",
    "C(``)",
    "C(outlet, [[1], [0]])",
    "I(9**9**9**9)",
    "I(size**size)",
    "(outlet + size)**99999999",
    "C()",
    "(" * 300 + "size" + ")" * 300 + "log(",
    "I(" + "-" * 3000 + "size)",
]


@pytest.mark.parametrize("formula", ATTACKS)
def test_what_is_not_in_the_grammar_is_refused_before_it_runs(formula):
    with pytest.raises(InputError, match=r"^formula: |no column") as caught:
        make_design(make_passages(), formula)
    assert "\n" not in str(caught.value)


def test_files_are_not_made(tmp_path):
    made = tmp_path / "made"
    for formula in (
        f"""C(time, "`", __import__("os").system("touch {made}"), "`")""",
        f"""C(outlet, Treatment("`" + str(__import__('os').system('touch {made}')) + "`"))""",
        f"""C(outlet, Treatment("'], __import__('os').system('touch {made}'), ['"))""",
    ):
        with pytest.raises(InputError):
            make_design(make_passages(), formula)
    assert not made.exists()


def test_levels_are_refused_with_their_reason():
    with pytest.raises(InputError, match="leave out levels: passages with another value would count as the reference"):
        make_design(make_passages(), "C(outlet, levels=['A', 'B'])")


@pytest.mark.parametrize(
    ("formula", "columns"),
    [
        ("outlet * time", ["outlet", "time"]),
        ("(outlet + size)**2", ["outlet", "size"]),
        ("outlet / size - 1", ["outlet", "size"]),
        ("0 + outlet:size", ["outlet", "size"]),
        ("`n words` + size", ["n words", "size"]),
        ("log(`n words` + 1) + I(size**2)", ["n words", "size"]),
        ("I(-size / `n words`)", ["size", "n words"]),
        ('C(outlet, Treatment("B"))', ["outlet"]),
        ("C(outlet, Treatment(reference='B'))", ["outlet"]),
        ("C(outlet, contr.treatment('B')) + C(`n words`)", ["outlet", "n words"]),
        ("C(outlet, contr.sum) + C(size, contr.helmert())", ["outlet", "size"]),
        ('C(agency, Treatment("Reuters (UK)"))', ["agency"]),
        ('C(agency, Treatment("50 % ~ AP"))', ["agency"]),
        ("bs(time, df=4) + poly(size, 2) + center(`n words`)", ["time", "size", "n words"]),
        ("bs(time, knots=[2, 5.5], degree=2, include_intercept=False)", ["time"]),
        ("scale(size) + log2(`n words`) + log10(time + 1) + exp(-size)", ["size", "n words", "time"]),
    ],
)
def test_what_is_in_the_grammar_is_computed(formula, columns):
    design = make_design(make_passages(), formula, period="day")
    assert list(design.data.columns) == columns
    assert np.isfinite(design.matrix).all()


@pytest.mark.parametrize(
    "name",
    ["'], canary(), ['", '"], canary(), ["', 'a") + canary() + ("', "a' + canary() + '", "canary()", "a{canary()}",
     "a # canary()", "lambda", "canary", "a%canary()%", "a'b\"c", "²", "é ü", "ﬁle"],
)  # fmt: skip
@pytest.mark.parametrize("formula", ["`{}`", "C(`{}`)", "I(`{}` + `{}`)", "log(`{}`) + `{}`", "C(`{}`, Treatment(1))"])
def test_a_name_of_a_column_is_no_code(name, formula):
    passages = make_passages().assign(**{name: np.arange(24.0) % 3 + 1})
    try:
        made = list(make_design(passages, formula.replace("{}", name)).data.columns)
    except InputError:
        made = []  # where no library can take the name in a call
    assert made in ([], [name])
    assert made or formula != "`{}`", "as a term of its own any name is read"


PARTS = st.sampled_from(
    ["canary()", "canary", "(", ")", "C(", "I(", "log(", "Treatment(", "outlet", "size", "`", '"', "'", ",", "+", "*",
     "[", "]", "{", "}", "\\", "\n", "#", "f", "lambda:", ".", "=", "_state=", "levels=", " ", ":", "**", "1", "~", "%",
     "`n words`", '"A"', "str("]
)  # fmt: skip
WHOLE = st.one_of(
    st.lists(PARTS, max_size=14).map("".join),
    st.text(max_size=30),
    st.lists(PARTS, max_size=9).map(lambda parts: 'C(outlet, Treatment("' + "".join(parts) + '"))'),
    st.lists(PARTS, max_size=9).map(lambda parts: "C(outlet, " + "".join(parts) + ")"),
    st.lists(PARTS, max_size=9).map(lambda parts: "I(`" + "".join(parts) + "`)"),
)


@settings(max_examples=10 * settings.default.max_examples)  # few of them come near the grammar
@given(WHOLE)
def test_no_text_calls_a_function(text):
    passages = make_passages()
    try:
        made = list(make_design(passages, text).data.columns)
        said = ""
    except FramingError as error:
        made, said = [], str(error)
    assert CALLS == []
    assert "\n" not in said
    assert set(made) <= {"outlet", "agency", "size", "n words", "period", "time"}
