"""Import jsonschema without its check of web addresses, whose grammar it would compile for a second at each start."""

from __future__ import annotations

import sys

__all__ = ["import_jsonschema"]

_GRAMMAR = "rfc3987_syntax"  # an optional dependency; no schema that is checked here asks for it


def import_jsonschema() -> None:
    """Import jsonschema quickly, for altair and nbformat, which import it; where it is imported nothing is done."""
    if "jsonschema" in sys.modules or _GRAMMAR in sys.modules:
        return
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        pass
    finally:
        del sys.modules[_GRAMMAR]
