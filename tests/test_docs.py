"""The docs: links resolve, commands exist, and the reference lists all that the program has."""

from __future__ import annotations

import ast
import inspect
import re
from functools import reduce

import pytest
from reference import reference_pages
from reference.columns import column_tuples
from reference.commands import commands
from reference.docstrings import find_problems, find_wrong_defaults, list_public_objects
from reference.fields import FILES, keys_of
from reference.functions import groups

import framing
from framing.columns import COLUMNS, meaning_of
from framing.table_rows import TABLES
from tests.conftest import ROOT

WRITTEN = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = dict(commands())
TUPLES = list(column_tuples())
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
TYPED = re.compile(r"(?:^|`)(framing(?: [^`\n]+)?)", re.MULTILINE)


@pytest.fixture(scope="module")
def pages():
    return reference_pages()


def of_command(typed):
    """The command that a typed line calls, by its longest name; None where it names none."""
    words = typed.split()
    return next((name for n in (3, 2) if (name := " ".join(words[:n])) in COMMANDS), None)


def options_of(name):
    return {option for item in COMMANDS[name].params for option in (*item.opts, *item.secondary_opts)}


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_links_lead_somewhere(path, pages):
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        target = link.partition("#")[0]
        if not target or "://" in target:
            continue
        if target.startswith("reference/"):
            assert target.removeprefix("reference/").removesuffix(".md") in pages, link
        else:
            assert (path.parent / target).is_file(), link


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_commands_and_their_options_exist(path):
    for typed in TYPED.findall(path.read_text(encoding="utf-8")):
        words = typed.partition("  #")[0].split()
        if len(words) < 2 or not re.fullmatch(r"[a-z]+", words[1]):
            continue  # the name of the package, or a placeholder
        name = of_command(typed)
        assert name is not None, typed
        given = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert given <= options_of(name), typed
        for key in re.findall(r"--set (\w+)=", typed):
            assert key in framing.Settings.model_fields, typed


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_benchmarks_and_targets_of_make_exist(path):
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"python -m benchmarks\.(\w+)", text):
        assert (ROOT / "benchmarks" / f"{name}.py").is_file(), name
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= targets


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_functions_and_their_keywords_in_python_exist(path):
    for block in PYTHON.findall(path.read_text(encoding="utf-8")):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Call) and re.fullmatch(r"framing(\.\w+)+", ast.unparse(node.func)):
                function = reduce(getattr, ast.unparse(node.func).split(".")[1:], framing)
                inspect.signature(function).bind_partial(*node.args, **{item.arg: item for item in node.keywords})


def test_the_page_on_python_has_python():
    assert len(PYTHON.findall((ROOT / "docs" / "python.md").read_text(encoding="utf-8"))) == 7


def test_help_of_the_package_names_every_public_name():
    listed = re.findall(r"\w+", framing.__doc__)
    assert set(framing.__all__) <= set(listed)


def test_every_public_name_is_in_one_group(pages):
    names = [name for members in groups().values() for name in members]
    assert sorted(names) == sorted(framing.__all__)
    for name in names:
        assert f"`~framing.{name}`" in pages["functions"]


def test_every_public_name_has_an_entry(pages):
    text = "\n".join(page for name, page in pages.items() if name.startswith("functions_"))
    for name in framing.__all__:
        assert re.search(rf"(:: |## )framing\.{name}\b", text), name


def test_methods_that_a_class_has_from_another_are_listed(pages):
    text = pages["functions_encode_and_classify"]
    for name in ("FrameClassifier", "NliScorer", "LlmScorer"):
        members = re.search(rf"autoclass:: framing\.{name}\n   :members: (.*)", text)[1].split(", ")
        assert {"fit", "predict", "predict_folds", "score_windows"} <= set(members)
        assert len(members) == len(set(members))


@pytest.mark.parametrize("file", FILES)
def test_every_key_is_listed_with_its_meaning(file, pages):
    keys = list(keys_of(FILES[file].model))
    assert keys
    for key in keys:
        assert key.description, f"{file}: {key.path} has no description"
        assert f"| `{key.path}` | " in pages[file]


def test_keys_within_keys_have_their_whole_path():
    paths = [key.path for key in keys_of(FILES["corpus_yaml"].model)]
    assert {"columns.NAME.column", "gold.unit", "marks[].date", "fetch.sources[].feed"} <= set(paths)


def test_a_key_has_type_default_and_range():
    keys = {key.path: key for key in keys_of(framing.Settings)}
    assert (keys["level"].kind, keys["level"].default, keys["level"].limits) == ("number", "`0.95`", "> 0.5, < 1.0")
    assert keys["codebook"].default == "required"
    assert keys["period"].kind == "one of `day`, `week`, `month`"
    assert (keys["learn_from_gold"].kind, keys["learn_from_gold"].default) == ("true or false", "`false`")


@pytest.mark.parametrize(
    ("name", "columns"), list(column_tuples()), ids=lambda item: item if isinstance(item, str) else ""
)
def test_every_column_has_a_meaning(name, columns, pages):
    assert name in TABLES, f"{name}: say in framing.table_rows.TABLES what a row is"
    for column in columns:
        assert meaning_of(name, column), f"{name}: say in framing.columns.COLUMNS what {column} means"
        assert f"| `{column}` | {meaning_of(name, column)} |" in pages["tables"]


def test_no_meaning_is_left_over():
    tables = dict(TUPLES)
    used = {column for columns in tables.values() for column in columns}
    for key in COLUMNS:
        table, _, column = key.rpartition(".")
        assert column in (tables[table] if table else used), key
    assert set(TABLES) == set(tables)


def test_every_command_is_listed_with_its_options(pages):
    assert {"framing report", "framing classify", "framing codebook check"} <= set(COMMANDS)
    for name, command in COMMANDS.items():
        assert command.help, name
        section = pages["commands"].partition(f"## {name}\n")[2].partition("\n## ")[0]
        for item in command.params:
            if item.param_type_name == "option" and item.name != "help":
                assert f"| `{item.opts[0]}`" in section, (name, item.opts)
                assert item.help, f"{name} {item.opts[0]} has no help"


def add_tax(price, *, rate=0.2):
    """Add a tax.

    Parameters
    ----------
    price : float
        Price.
    rate : float, default 0.3
        Rate.
    """
    return price * (1 + rate)


def test_a_default_that_the_docstring_gets_wrong_is_found():
    assert find_wrong_defaults(add_tax) == ["the docstring says rate=0.3, the signature 0.2"]


def test_a_public_docstring_is_read_where_it_is_named():
    objects = dict(list_public_objects())
    assert objects["framing.corpus.documents.read_corpus"] is framing.read_corpus
    assert find_problems(framing.read_corpus) == []
    assert find_problems(lambda: None) == ["GL08 The object does not have a docstring"]


def test_every_public_function_class_and_method_is_checked():
    objects = dict(list_public_objects())
    public = {id(getattr(framing, name)) for name in framing.__all__ if name != "charts"}
    assert public <= {id(value) for value in objects.values()}
    assert {"framing.codebook.codebook.Codebook.resolve", "framing.charts.shares.share_heatmap"} <= set(objects)
    assert {"framing.analysis.analysis.Analysis.classified", "framing.analysis.analysis.handed_over"} <= set(objects)
    assert not any("._" in path for path in objects)
