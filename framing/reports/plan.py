"""reports/<name>.yaml: which notebooks make the report, and with which parameters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from framing.errors import InputError
from framing.files.strict_yaml import read_yaml, validate
from framing.project import named_file, project_root
from framing.reports.clock import check_schedule, zone_of
from framing.settings import Name, Settings

__all__ = ["VALIDITY", "AlertRule", "ReportPlan", "Watch", "read_plan"]

VALIDITY = "05_validity"  # the notebook that every report with human labels ends with


class Watch(BaseModel):
    """A difference between two groups in the share of a frame, and the size from which it is to be told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    frame: str = Field(min_length=1, description="id of the frame")
    groups: tuple[str, str] = Field(description="the two groups compared")
    above: float = Field(gt=0, lt=1, description="size of the difference in shares at which to tell")

    @property
    def key(self) -> str:
        """Name under which its state is remembered."""
        return json.dumps([self.frame, *self.groups])


class AlertRule(BaseModel):
    """Whom to tell, and of what. Where to: the environment variables FRAMING_WEBHOOK_URL, FRAMING_SMTP_URL
    (`smtps://user:password@host:port`, or smtp:// with STARTTLS) and FRAMING_MAIL_FROM.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: tuple[Annotated[str, StringConstraints(pattern=r"^[^\s@<>,]+@[^\s@<>,]+$")], ...] = Field(
        default=(), description="addresses to write to, through FRAMING_SMTP_URL"
    )
    webhook: bool = Field(default=False, description="whether to send JSON to FRAMING_WEBHOOK_URL")
    failure: bool = Field(default=True, description="whether to tell of failed runs")
    watch: tuple[Watch, ...] = Field(default=(), description="differences of which to tell when they cross a limit")


class ReportPlan(BaseModel):
    """Parsed report file.

    Attributes
    ----------
    parameters : settings beside corpus and codebook.
    schedule : when `framing run --due` makes it, a cron expression; `timezone` : of the schedule, IANA name, this
        machine's where empty. `deadline_minutes` : a scheduled run that takes longer is ended.
    alerts : whom scheduled runs tell of failures and of differences that cross a limit.
    keep : how many earlier runs stay in `reports/<report>.runs/`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    report: Name = Field(description="id; the file's name")
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = Field(
        description="title of the page"
    )
    question: str = Field(default="", description="the question that it answers, shown under the title")
    corpus: Name = Field(description="folder in corpora/")
    codebook: Name = Field(description="file in seeds/, without .yaml")
    notebooks: tuple[Name, ...] = Field(min_length=1, description="files in notebooks/, without .ipynb, in order")
    parameters: dict[str, Any] = Field(default_factory=dict, description="settings, by name")
    schedule: str = Field(default="", description="when it is due, a cron expression: minute hour day month weekday")
    timezone: str = Field(default="", description="of the schedule, such as Europe/Berlin; empty: this machine's")
    deadline_minutes: int = Field(default=120, ge=1, le=2880, description="a scheduled run that takes longer is ended")
    alerts: AlertRule = Field(default=AlertRule(), description="whom scheduled runs tell, and of what")
    keep: int = Field(default=8, ge=0, le=1000, description="earlier runs kept in reports/NAME.runs/")

    def settings(self, overrides: dict[str, Any]) -> Settings:
        """Validated settings; `overrides` win over the file."""
        for key in ("corpus", "codebook"):
            if key in self.parameters:
                raise InputError(f"Report {self.report}: name the {key} at the top level, not under parameters.")
        return Settings(**{"corpus": self.corpus, "codebook": self.codebook, **self.parameters, **overrides})

    def notebook_paths(self) -> list[Path]:
        """Paths in notebooks/, in order; raises `InputError` listing the notebooks there are."""
        return [named_file("notebooks", name, ".ipynb", kind="notebook") for name in self.notebooks]


def read_plan(name: str) -> ReportPlan:
    """Plan of reports/<name>.yaml; raises `InputError`."""
    path = named_file("reports", name, ".yaml", kind="report")
    plan = validate(ReportPlan, read_yaml(path), source=str(path.relative_to(project_root())))
    if plan.report != name:
        raise InputError(f"{path.name}: report is {plan.report!r}; it must be the file's name, {name!r}.")
    plan.notebook_paths()
    if plan.schedule:
        check_schedule(plan.schedule, what=path.name)
    zone_of(plan.timezone)
    return plan
