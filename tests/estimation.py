"""Tables of classified passages for the tests of the estimators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

N_STORIES = 6


def documents_of_stories(
    generator: np.random.Generator, name: str, parts: np.ndarray, shares: np.ndarray
) -> pd.DataFrame:
    """150 documents of 1 to 6 passages about one story each; passages of a document are alike."""
    rows = []
    for number in range(150):
        story = int(generator.choice(N_STORIES, p=parts))
        leaning = generator.beta(4 * shares[story], 4 * (1 - shares[story]))  # mean: the story's share
        for place in range(int(generator.integers(1, 7))):
            rows.append(
                (f"{name}{number}-{place}", f"{name}{number}", name, f"s{story}", *(generator.random(2) < leaning))
            )
    wide = pd.DataFrame(rows, columns=["passage_id", "document_id", "outlet", "event", "x", "y"])
    long = wide.melt(["passage_id", "document_id", "outlet", "event"], ["x", "y"], "frame", "present")
    return long.assign(decision=np.where(long["present"], "present", "absent"))


def classified_table(
    outlets: Mapping[str, Sequence[Sequence[int]]], *, frame: str = "f", published: str = "2024-01-03"
) -> pd.DataFrame:
    """One row a passage: `outlets` maps names to documents, lists of 1 (present), 0, or -1 (abstain)."""
    rows = [
        (f"{outlet}-{number}-{place}", f"{outlet}-{number}", outlet, value)
        for outlet, documents in outlets.items()
        for number, passages in enumerate(documents)
        for place, value in enumerate(passages)
    ]
    table = pd.DataFrame(rows, columns=["passage_id", "document_id", "outlet", "value"])
    return pd.DataFrame(
        {
            "passage_id": table["passage_id"],
            "document_id": table["document_id"],
            "outlet": table["outlet"],
            "perspective": table["outlet"].str[:1],
            "published": pd.Timestamp(published),
            "text": "text",
            "frame": frame,
            "score": table["value"] * 0.5 + 0.25,
            "decision": table["value"].map({1: "present", 0: "absent", -1: "abstain"}),
        }
    )


def clustered_table(
    generator: np.random.Generator,
    *,
    n_documents: int,
    share: float,
    outlets: Sequence[str] = ("A",),
    frames: Sequence[str] = ("f",),
    correlation: float = 0.3,
) -> pd.DataFrame:
    """Documents of 1 to 7 passages whose frames are correlated within a document (beta-binomial)."""
    sizes = generator.integers(1, 8, n_documents * len(outlets))
    document = np.repeat(np.arange(len(sizes)), sizes)
    outlet = np.repeat(np.repeat(np.array(outlets, dtype=object), n_documents), sizes)
    mass = (1 - correlation) / correlation
    parts = []
    for frame in frames:
        chance = generator.beta(share * mass, (1 - share) * mass, len(sizes))[document]
        present = generator.random(len(document)) < chance
        parts.append(
            pd.DataFrame(
                {
                    "passage_id": np.arange(len(document)),
                    "document_id": document,
                    "outlet": outlet,
                    "perspective": "p",
                    "published": pd.Timestamp("2024-01-03"),
                    "text": "text",
                    "frame": frame,
                    "score": 0.5,
                    "decision": np.where(present, "present", "absent"),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
