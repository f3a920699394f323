"""Independent units of documents and weights of passages."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.errors import InputError
from framing.estimates.clusters import (
    add_clusters,
    add_weights,
    describe_clusters,
    explain_clusters,
    find_unit,
    read_weights,
)


def documents(days: list[str | None], *, outlet: str = "A", event: str = "") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "document_id": [f"{outlet}{place}" for place in range(len(days))],
            "passage_id": [f"{outlet}{place}-0" for place in range(len(days))],
            "outlet": outlet,
            "published": pd.to_datetime(pd.Series(days, dtype="object")),
            "event": event,
        }
    )


def test_an_event_is_a_cluster_whatever_the_week() -> None:
    table = add_clusters(documents(["2025-07-01", "2025-09-01"], event="summit"))
    assert table["cluster"].tolist() == ["event: summit", "event: summit"]
    assert find_unit(table) == "cluster"


def test_weeks_of_an_outlet_stand_for_stories() -> None:
    mondays = pd.date_range("2025-07-07", periods=8, freq="7D")
    days = [f"{day + pd.Timedelta(days=extra):%Y-%m-%d}" for day in mondays for extra in (0, 6)]
    table = add_clusters(pd.concat([documents([*days, None]), documents(days, outlet="B")], ignore_index=True))
    assert table["cluster"].nunique() == 17, "8 weeks of each outlet, and a document without a date"
    assert table["cluster"].iloc[0] == table["cluster"].iloc[1] == "week: A, 2025-07-07"
    assert table["cluster"].iloc[16] == "document: A16"
    assert describe_clusters(table) == ("independent units: 16 weeks of an outlet, 1 single documents (33 documents)")


@pytest.mark.parametrize(("n_days", "first"), [(8, "day: A, 2025-07-07"), (7, "document: A0")])
def test_days_stand_for_stories_where_weeks_are_few(n_days: int, first: str) -> None:
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2025-07-07", periods=n_days)]
    assert add_clusters(documents(days))["cluster"].iloc[0] == first


def test_a_translation_is_of_the_cluster_of_its_original() -> None:
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2025-07-07", periods=8)]
    table = pd.concat([documents(days), documents(days, outlet="B"), documents(days, outlet="C")], ignore_index=True)
    assert add_clusters(table)["cluster"].nunique() == 24
    table["translation_of"] = table["document_id"].map({"B2": "A1", "C5": "B2", "A3": "nowhere"})
    clusters = add_clusters(table).set_index("document_id")["cluster"]
    assert clusters.nunique() == 22
    assert set(clusters[["A1", "B2", "C5"]]) == {"day: A, 2025-07-08"}
    assert clusters["A3"] == "day: A, 2025-07-10"
    assert describe_clusters(add_clusters(table)).startswith("independent units: 22 days")
    of_event = documents(days, event="summit").assign(translation_of=["A1", "A0", *[""] * 6])
    assert add_clusters(of_event)["cluster"].nunique() == 1


def test_the_reason_is_said_where_units_are_no_events() -> None:
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2025-07-07", periods=8)]
    weeks = [f"{day:%Y-%m-%d}" for day in pd.date_range("2025-07-07", periods=8, freq="7D")]
    assert explain_clusters(add_clusters(documents(days, event="summit"))) == ""
    assert explain_clusters(documents(days)) == ""
    assert "by outlet and week" in explain_clusters(add_clusters(documents(weeks)))
    assert "by outlet and day, for stories: the outlet in the middle has documents in fewer than 8 weeks" in (
        explain_clusters(add_clusters(documents(days)))
    )
    assert "stand alone" in explain_clusters(add_clusters(documents(days[:7])))


def test_single_documents_are_units_on_request() -> None:
    table = documents(["2025-07-01"])
    assert add_clusters(table, "document") is table
    assert describe_clusters(table) == "independent units: 1 documents"
    with pytest.raises(InputError, match="cluster: expected one of story, document, got 'event'"):
        add_clusters(table, "event")  # type: ignore[arg-type]


def test_weights_count_documents_or_outlets_alike() -> None:
    # outlet A: one document of two passages and one of one; outlet B: one passage
    table = pd.DataFrame(
        {"passage_id": list("abcd"), "document_id": ["1", "1", "2", "3"], "outlet": ["A", "A", "A", "B"], "side": "x"}
    )
    assert add_weights(table, "passages") is table
    assert add_weights(table, "documents")["weight"].tolist() == pytest.approx([2 / 3, 2 / 3, 4 / 3, 4 / 3])
    assert add_weights(table, "outlets", by="side")["weight"].tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2.0])
    with pytest.raises(InputError, match="weights: expected one of passages, documents, outlets"):
        add_weights(table, "words")  # type: ignore[arg-type]


@pytest.mark.parametrize("weight", [0, -1.0, float("nan"), float("inf"), "much"])
def test_weights_that_are_none_are_refused(weight: object) -> None:
    with pytest.raises(InputError, match=r"weight: expected numbers above 0, got .* in 1 of 2 rows"):
        read_weights(pd.DataFrame({"weight": pd.Series([1.0, weight], dtype=object)}))
