"""Sphinx: the site of docs/. `make docs` builds it to docs/_build/html."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

import framing

project = "framing"
author = "The framing authors"
version = release = framing.__version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "numpydoc", "reference"]
exclude_patterns = ["_build", "_ext"]
default_role = "literal"  # single backticks in docstrings are code
smartquotes = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
numpydoc_show_class_members = False
autodoc_typehints = "none"  # types stand in the docstrings
autodoc_preserve_defaults = False  # the value of a shared default, not its name
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "framing"
html_show_copyright = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["tables.css"]
