"""Keys of corpus.yaml that say which files are read, in which format, and what their columns mean."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from framing.corpus.dates import check_date_format
from framing.corpus.formats import NAMED_FIELDS, Format

__all__ = ["ColumnRule", "FileKeys", "FilesRule"]

_NAMED_COLUMNS = ("text", "outlet", "published", "title", "url", "document_id")
_COLUMNS = ("text", "outlet", "published", "title", "url", "document_id", "event", "language", "translation")
_TEXT_KNOWN = ("txt", "html")  # formats that need no column of the text


class ColumnRule(BaseModel):
    """Source of one of our columns: one column of the file, several joined, or a constant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str | None = Field(default=None, description="the file's column; short form: its name alone")
    join: tuple[str, ...] = Field(default=(), description="several columns, joined; short form: the list alone")
    constant: str | None = Field(default=None, description="one value for all rows")
    format: tuple[str, ...] = Field(
        default=(), description="how dates are written: %d.%m.%Y, iso, excel …; one or several"
    )
    pattern: str = Field(default="", description="regular expression; what its first group finds is the value")

    @field_validator("format", mode="before")
    @classmethod
    def _list_formats(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("format")
    @classmethod
    def _check_formats(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for problem in filter(None, map(check_date_format, value)):
            raise ValueError(problem)
        return value

    @field_validator("pattern")
    @classmethod
    def _check_pattern(cls, value: str) -> str:
        try:
            n_groups = re.compile(value).groups
        except re.error as error:
            raise ValueError(f"{value!r} is no regular expression: {error}") from None
        if value and not n_groups:
            raise ValueError(f"{value!r} has no group: put the part that is wanted in ( )")
        return value

    @model_serializer(mode="wrap")
    def _leave_out_pattern(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without a pattern the hash of a corpus stays that of before there was the key."""
        dumped: dict[str, Any] = dump(self)
        return {key: value for key, value in dumped.items() if key != "pattern" or value}

    @model_validator(mode="after")
    def _check_source(self) -> ColumnRule:
        given = [self.column is not None, bool(self.join), self.constant is not None]
        if sum(given) != 1:
            raise ValueError("give a column name, a list of columns to join, or {constant: value}")
        if self.pattern and self.constant is not None:
            raise ValueError("pattern takes a part of a column; a constant has none")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the file that this rule reads."""
        return (self.column,) if self.column is not None else self.join


class FileKeys(BaseModel):
    """Keys on files, at the top of a corpus.yaml or in one of its sources."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: tuple[str, ...] = Field(default=(), description="patterns of file names below path, such as *.csv")
    path: str = Field(default=".", description="folder of the files, from the corpus folder or the data folder on")
    format: Format | None = Field(default=None, description="format of the files; .gz and .zip of these are opened")
    encoding: str = Field(default="utf-8", description="character encoding, such as cp1252")
    quoting: Literal["minimal", "none"] = Field(
        default="minimal", description="csv, tsv: whether quotation marks enclose fields, or are plain text"
    )
    separator: str = Field(default="", description="csv: character between fields; else told from the header line")
    header: tuple[str, ...] = Field(
        default=(), description="csv, tsv: names of the columns, for files that have no header line"
    )
    sheets: tuple[str, ...] = Field(default=(), description="xlsx: names of the sheets that are read; else all")
    records: str = Field(default="", description="json: key of the array of objects, such as articles; else the file")
    columns: dict[str, ColumnRule] = Field(
        default_factory=dict, description=f"our column ({', '.join(_COLUMNS)}): where it comes from"
    )

    @field_validator("files", "sheets", mode="before")
    @classmethod
    def _list_names(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("columns", mode="before")
    @classmethod
    def _expand_columns(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        rules: dict[str, object] = {}
        for column, source in value.items():
            if column not in _COLUMNS:
                raise ValueError(f"unknown column {column} (known: {', '.join(_COLUMNS)})")
            if isinstance(source, str):
                rules[column] = {"column": source}
            elif isinstance(source, list):
                rules[column] = {"join": source}
            else:
                rules[column] = source
        return rules

    @model_validator(mode="before")
    @classmethod
    def _fill_columns(cls, value: object) -> object:
        """Columns of a format whose fields have our names; those that are given win."""
        if not isinstance(value, dict) or value.get("format") not in NAMED_FIELDS:
            return value
        given = value.get("columns", {})
        return (
            {**value, "columns": {**{name: name for name in _NAMED_COLUMNS}, **given}}
            if isinstance(given, dict)
            else value
        )

    def find_problem(self) -> str:
        """What keeps the keys from telling how files are read.

        Returns
        -------
        str
            The problem; empty where there is none.
        """
        if not self.files or self.format is None:
            return f"{'format' if self.files else 'files'} is missing; say which files are read and in which format"
        if self.format not in _TEXT_KNOWN and "text" not in self.columns:
            return "columns: text is missing; name the column that holds the text"
        if "outlet" not in self.columns:
            return "columns: outlet is missing; name its column or give {constant: name}"
        return ""


class FilesRule(FileKeys):
    """Files of one kind: where they lie, their format, and what their columns mean."""

    files: tuple[str, ...] = Field(min_length=1, description=FileKeys.model_fields["files"].description)
    format: Format = Field(description=FileKeys.model_fields["format"].description)

    @model_validator(mode="after")
    def _check(self) -> FilesRule:
        if problem := self.find_problem():
            raise ValueError(problem)
        return self

    @property
    def needed(self) -> list[str]:
        """Columns that the files must have, sorted."""
        return sorted({name for rule in self.columns.values() for name in rule.columns})

    @property
    def options(self) -> dict[str, Any]:
        """Options of `framing.corpus.formats.read_rows` for the files."""
        return {
            "kind": self.format,
            "encoding": self.encoding,
            "quoting": self.quoting,
            "separator": self.separator,
            "header": self.header,
            "sheets": self.sheets,
            "records": self.records,
        }
