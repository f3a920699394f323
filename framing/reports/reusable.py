"""Whether a notebook depends on nothing but what its settings and the corpus give it, as its code shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import framing
from framing import errors
from framing.settings import Settings

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["find_settings_named", "is_reusable"]

_REACH_OUT = {  # builtins and variables of IPython that lead to files, other code or the notebook's own state
    "__builtins__", "__import__", "breakpoint", "compile", "delattr", "eval", "exec", "get_ipython", "getattr",
    "globals", "In", "input", "locals", "open", "Out", "setattr", "vars",
}  # fmt: skip
_TOUCH_FILES = ("read_", "load_", "save_", "write_", "download_", "fetch_", "install_")  # how such functions begin
_KEEP = {"to_datetime", "to_dict", "to_frame", "to_list", "to_numpy", "to_numeric", "to_period", "to_timestamp"}
_OPEN_MODELS = {"SentenceEncoder", "NliScorer", "LlmScorer", "FrameClassifier"}  # by a name or folder of its own
_PACKAGE, _CHARTS, _RAISED = "framing", "charts", "framing.errors"


def is_reusable(notebook: NotebookNode) -> bool:
    """Check whether what a notebook shows follows from its source, its settings and the corpus alone.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook.

    Returns
    -------
    bool
        False if its code does anything that could read other files, the clock or chance: it imports something else than
        `framing`, takes something else from it than the names of `framing.__all__` and of `framing.charts.__all__`,
        calls a function that reads or writes files, or has a line that is no Python, such as a magic.
    """
    try:
        trees = [ast.parse(cell.source) for cell in _list_code(notebook)]
    except SyntaxError:
        return False
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return all(_is_plain(node, tree) for tree in trees for node in ast.walk(tree)) and _takes_public_names(nodes)


def find_settings_named(notebook: NotebookNode) -> set[str]:
    """Find the settings that cells below the parameters cell name as variables, beside reading them from `Settings`.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook whose code is Python.

    Returns
    -------
    set of str
        Names of settings.
    """
    cells = [cell for cell in _list_code(notebook) if "parameters" not in cell.metadata.get("tags", [])]
    nodes = [node for cell in cells for node in ast.walk(ast.parse(cell.source))]
    named = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return named & set(Settings.model_fields)


def _list_code(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def _is_plain(node: ast.AST, tree: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return all(alias.name == _PACKAGE for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return node.module == _RAISED and not node.level and all(alias.name in errors.__all__ for alias in node.names)
    if isinstance(node, ast.Name):
        return node.id not in _REACH_OUT or (node.id == "globals" and _makes_settings(node, tree))
    if isinstance(node, ast.Attribute):
        name = node.attr
        writes = name.startswith("to_") and name not in _KEEP
        return not (writes or name.startswith(("_", *_TOUCH_FILES)) or name in _OPEN_MODELS)
    return True


def _takes_public_names(nodes: list[ast.AST]) -> bool:
    """Whether the package, and its charts, stand only where one of their public names is taken from them.

    Its modules have others, which lead to files and the clock: `framing.project.os`.
    """
    imported = [alias for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names = {alias.asname or alias.name for alias in imported}
    packages = {id(node) for node in nodes if isinstance(node, ast.Name) and node.id in names}
    taken = [node for node in nodes if isinstance(node, ast.Attribute) and id(node.value) in packages]
    charts = {id(node) for node in taken if node.attr == _CHARTS}
    drawn = [node for node in nodes if isinstance(node, ast.Attribute) and id(node.value) in charts]
    return (
        len(taken) == len(packages)
        and len(drawn) == len(charts)
        and all(node.attr in framing.__all__ for node in taken)
        and all(node.attr in _list_charts() for node in drawn)
    )


@cache
def _list_charts() -> frozenset[str]:
    """Public names of `framing.charts`, from its source: importing it takes a second."""
    source = files(_PACKAGE).joinpath(_CHARTS, "__init__.py").read_text(encoding="utf-8")
    [listed] = [
        node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    return frozenset(ast.literal_eval(listed))


def _makes_settings(name: ast.Name, tree: ast.AST) -> bool:
    """Whether `globals` stands in `Settings.from_parameters(globals())`."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "from_parameters"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Call)
        and node.args[0].func is name
        for node in ast.walk(tree)
    )
