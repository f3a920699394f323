"""Items of the agenda: which story a passage is about, by the events of the corpus or by periods of time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from framing.corpus.periods import add_period, has_period
from framing.errors import InputError, TooLittleDataError
from framing.texts import phrase

__all__ = ["add_agenda_items"]

_LEAST_WITH_EVENT = 0.5  # share of the passages that must have an event


def add_agenda_items(classified: pd.DataFrame, agenda_items: str = "auto", *, period: str = "week") -> pd.DataFrame:
    """Add the column `agenda_item`, the story of a passage: its `event`, or the period of time as a stand-in.

    Parameters
    ----------
    classified : DataFrame
        Classified passages with the date `published`, and `event` where the corpus has events.
    agenda_items : {"auto", "event", "period"}, default "auto"
        `auto`: the event where at least half of the passages have one, else the period.
    period : {"day", "week", "month"}, default "week"
        Length of the period.

    Returns
    -------
    DataFrame
        `classified` with the columns `agenda_item` (empty where a passage has no event, or no date) and
        `agenda_item_kind`: `event`, or the length of the period, or `none` where no passage has a date.

    Raises
    ------
    InputError
        For another `agenda_items`, or where events (or dates) are asked for and missing.
    """
    if agenda_items not in ("auto", "event", "period"):
        raise InputError(f"agenda_items: expected auto, event or period, got {agenda_items!r}.")
    events = classified["event"].fillna("").astype(str) if "event" in classified.columns else None
    if events is not None and agenda_items != "period" and (events != "").mean() >= _LEAST_WITH_EVENT:
        return classified.assign(agenda_item=events, agenda_item_kind="event")
    if agenda_items == "event":
        raise TooLittleDataError(
            phrase("agenda_items event: fewer than half of the passages have an event; name its column in corpus.yaml.")
        )
    dated = add_period(classified, period)
    if dated.empty and agenda_items == "period":
        raise TooLittleDataError(phrase("agenda_items period: no passage has a date; name its column in corpus.yaml."))
    agenda_item = np.full(len(classified), "", dtype=object)
    if len(dated):
        agenda_item[has_period(classified["published"]).to_numpy()] = dated["period"].dt.strftime("%Y-%m-%d").to_numpy()
    return classified.assign(agenda_item=agenda_item, agenda_item_kind=period if len(dated) else "none")
