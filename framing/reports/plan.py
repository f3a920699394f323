"""reports/<name>.yaml: which notebooks make the report, and with which parameters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from framing.errors import InputError
from framing.files.strict_yaml import read_yaml, validate
from framing.project import named_file, project_root
from framing.reports.clock import check_schedule, find_time_zone
from framing.settings import Name, NameOrEmpty, Settings

__all__ = ["VALIDITY", "AlertRule", "ReportPlan", "Watch", "read_plan"]

VALIDITY = "05_validity"  # the last notebook of every report with human labels


class Watch(BaseModel):
    """A watched difference: two groups, a frame, and the size of the difference from which an alert is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    frame: str = Field(min_length=1, description="id of the frame")
    groups: tuple[str, str] = Field(description="the two groups compared")
    above: float = Field(gt=0, lt=1, description="size of the difference in shares above which an alert is sent")

    @property
    def key(self) -> str:
        """Name of the difference in the state that scheduled runs keep."""
        return json.dumps([self.frame, *self.groups])


class AlertRule(BaseModel):
    """Recipients of alerts, and the events that they are alerted to.

    Notes
    -----
    Addresses with secrets come from the environment alone: FRAMING_WEBHOOK_URL, FRAMING_SMTP_URL
    (`smtps://user:password@host:port`, or smtp:// with STARTTLS) and FRAMING_MAIL_FROM.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: tuple[Annotated[str, StringConstraints(pattern=r"^[^\s@<>,]+@[^\s@<>,]+$")], ...] = Field(
        default=(), description="addresses to write to, through FRAMING_SMTP_URL"
    )
    webhook: bool = Field(default=False, description="whether to send JSON to FRAMING_WEBHOOK_URL")
    failure: bool = Field(default=True, description="whether to alert to failed runs")
    watch: tuple[Watch, ...] = Field(default=(), description="differences to alert to when they cross a limit")


class ReportPlan(BaseModel):
    """Parsed report file; the descriptions of the fields say what each is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    report: Name = Field(description="id; the file's name")
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = Field(
        description="title of the page"
    )
    question: str = Field(default="", description="the question that it answers, shown under the title")
    corpus: NameOrEmpty = Field(default="", description="folder in corpora/")
    corpora: tuple[Name, ...] = Field(default=(), description="several folders in corpora/, in place of corpus")
    codebook: Name = Field(description="file in seeds/, without .yaml")
    notebooks: tuple[Name, ...] = Field(min_length=1, description="files in notebooks/, without .ipynb, in order")
    parameters: dict[str, Any] = Field(default_factory=dict, description="settings, by name")
    schedule: str = Field(default="", description="when it is due, a cron expression: minute hour day month weekday")
    timezone: str = Field(default="", description="of the schedule, such as Europe/Berlin; empty: this machine's")
    deadline_minutes: int = Field(default=120, ge=1, le=2880, description="a scheduled run that takes longer is ended")
    alerts: AlertRule = Field(default=AlertRule(), description="alerts of scheduled runs")
    keep: int = Field(default=8, ge=0, le=1000, description="earlier runs kept in reports/NAME.runs/")

    def settings(self, overrides: dict[str, Any]) -> Settings:
        """Return the settings of a run of this report.

        Parameters
        ----------
        overrides : dict of str to Any
            Settings that win over those of the file.

        Returns
        -------
        Settings
            Validated.

        Raises
        ------
        InputError
            If a setting is unknown or wrong, or the file sets corpus or codebook among its parameters.
        """
        for key in ("corpus", "corpora", "codebook"):
            if key in self.parameters:
                raise InputError(f"Report {self.report}: name the {key} at the top level, not under parameters.")
        if bool(self.corpus) == bool(self.corpora):
            raise InputError(f"Report {self.report}: give one corpus, or several as corpora: [one, two].")
        named = {"corpus": self.corpus, "corpora": self.corpora, "codebook": self.codebook}
        if overrides.get("corpus"):
            named["corpora"] = ()
        if overrides.get("corpora"):
            named["corpus"] = ""
        return Settings(**{**named, **self.parameters, **overrides})

    def notebook_paths(self, *, labelled: bool = False) -> list[Path]:
        """Return the paths of the notebooks, in order.

        Parameters
        ----------
        labelled : bool, default False
            Whether there are human labels. If the report leaves the notebook on validity out, it is then the last.

        Returns
        -------
        list of Path
            Files in notebooks/.

        Raises
        ------
        InputError
            If a notebook is missing; the message lists those in notebooks/.
        """
        names = [*self.notebooks, *([VALIDITY] if labelled and VALIDITY not in self.notebooks else [])]
        return [named_file("notebooks", name, ".ipynb", kind="notebook") for name in names]


def read_plan(name: str) -> ReportPlan:
    """Read reports/<name>.yaml.

    Parameters
    ----------
    name : str
        Name of the report.

    Returns
    -------
    ReportPlan
        Its content.

    Raises
    ------
    InputError
        If there is no such file, or a value in it is wrong.
    """
    path = named_file("reports", name, ".yaml", kind="report")
    plan = validate(ReportPlan, read_yaml(path), source=str(path.relative_to(project_root())), kind="report")
    if plan.report != name:
        raise InputError(f"{path.name}: report is {plan.report!r}; it must be the file's name, {name!r}.")
    plan.notebook_paths()
    if plan.schedule:
        check_schedule(plan.schedule, what=path.name)
    find_time_zone(plan.timezone)
    return plan
