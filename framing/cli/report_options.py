"""Options of commands on reports: the report, and settings as `key=value`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from framing.cli.options import PathOption
from framing.errors import InputError
from framing.files.strict_yaml import parse_yaml
from framing.settings import Settings

__all__ = ["ReportOptions", "parse_assignments"]


@dataclass(frozen=True, kw_only=True)
class ReportOptions:
    """A report, and settings that win over those of its file."""

    name: Annotated[str, typer.Argument(help="Report: a file reports/NAME.yaml")]
    set_: Annotated[list[str] | None, typer.Option("--set", help="key=value, over the file; may be repeated")] = None
    data_path: PathOption = ""

    @property
    def overrides(self) -> dict[str, Any]:
        """Settings by name; raises `InputError` for an unknown one."""
        values = parse_assignments(self.set_ or [])
        return {**values, "data_path": self.data_path} if self.data_path else values


def parse_assignments(assignments: list[str]) -> dict[str, Any]:
    """Read settings from `key=value` strings.

    Parameters
    ----------
    assignments : list of str
        The strings.

    Returns
    -------
    dict of str to Any
        Values by name, each with the type that its setting has.

    Raises
    ------
    InputError
        If a string has another form, a setting is unknown or a value has the wrong type.

    Examples
    --------
    >>> parse_assignments(["n_bootstrap=500", "encoder=minilm"])
    {'n_bootstrap': 500, 'encoder': 'minilm'}
    >>> parse_assignments(["where={published: {from: 2022-07-01}}", "corpora=[north, south]"])["corpora"]
    ['north', 'south']
    """
    values: dict[str, Any] = {}
    for item in assignments:
        key, equals, text = item.partition("=")
        if not equals:
            raise InputError(f"--set {item}: expected key=value, for instance --set n_bootstrap=500.")
        field = Settings.model_fields.get(key)
        if field is None:
            raise InputError(f"--set {item}: unknown setting {key} (known: {', '.join(Settings.model_fields)}).")
        kind = field.annotation
        if key in ("corpora", "hypotheses", "where"):  # as in a report file: [a, b], {section: World}
            values[key] = parse_yaml(f"{key}: {text}", source=f"--set {key}")[key]
            continue
        if kind is bool:
            if text.lower() not in ("true", "false"):
                raise InputError(f"--set {item}: expected true or false for {key}, got {text!r}.")
            values[key] = text.lower() == "true"
            continue
        try:
            values[key] = kind(text) if kind in (int, float) else text
        except ValueError:
            raise InputError(f"--set {item}: expected a number for {key}, got {text!r}.") from None
    return values
