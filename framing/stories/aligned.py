"""Passages of different outlets on the same part of a story: counterparts, contrasts of frames, omissions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.encoders.sentence import Encoder
from framing.errors import InputError
from framing.stories.find import opened
from framing.tables import ALIGNED, CONTRAST_PAIRS, OMISSIONS, require_columns

__all__ = ["align_passages", "find_contrast_pairs", "encode_passages",
           "find_omissions"]  # fmt: skip


# On the sample, passages put against those of an outlet on another event find one this near in 1 of 20 cases:
# python -m benchmarks.stories sample
FLOOR = 0.57

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Passages of two outlets in one story, as rows of the table, and their cosines."""

    story: str
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    cosines: Vectors


def encode_passages(passages: pd.DataFrame, encoder: Encoder | str = "minilm") -> Vectors:
    """Vectors of the passages' texts.

    Parameters
    ----------
    passages : DataFrame
        Passages with a column `text`.
    encoder : Encoder or str, default "minilm"
        The encoder, or the name of one.

    Returns
    -------
    ndarray of shape (n, d)
        Vectors of unit length, from the store where the texts are known.
    """
    require_columns(passages, ("text",), what="passages")
    return opened(encoder).encode(passages["text"].to_list())


def align_passages(
    passages: pd.DataFrame, vectors: Vectors, stories: pd.DataFrame, *, floor: float = FLOOR, mutual: bool = True
) -> pd.DataFrame:
    """Find the counterpart of each passage in every other outlet of its story.

    Two passages are counterparts if each is the other's nearest among the passages that the two outlets have on the
    story, and their cosine is at least `floor`.

    Parameters
    ----------
    passages : DataFrame
        Columns `passage_id, document_id, outlet, text`.
    vectors : ndarray of shape (n, d)
        Vectors of the passages, unit length.
    stories : DataFrame
        Columns `document_id, story_id`, as `find_stories` returned them; passages of other documents are left out.
    floor : float, default 0.57
        Least cosine of two counterparts. By default the cosine that one passage in twenty reaches by chance: with the
        nearest passage that an outlet has on another event of the sample.
    mutual : bool, default True
        If false, also the nearest passages whose own nearest is another one; each has one row, for its side.

    Returns
    -------
    DataFrame
        Columns `ALIGNED`. Every pair has two rows, one for each side. Sorted by story, passage (as in `passages`) and
        other outlet.

    Raises
    ------
    InputError
        If columns are missing, vectors and passages differ in number, or the floor is no cosine.
    """
    story = _check(passages, vectors, stories, floor)
    rows: list[tuple[str, int, int, float]] = []
    for met in _meetings(passages, vectors, story):
        nearest, back = met.cosines.argmax(axis=1), met.cosines.argmax(axis=0)
        for row, column in enumerate(nearest.tolist()):
            value = float(met.cosines[row, column])
            a, b = int(met.left[row]), int(met.right[column])
            if back[column] == row and value >= floor:
                rows += [(met.story, a, b, value), (met.story, b, a, value)]
            elif not mutual and value >= floor:
                rows.append((met.story, a, b, value))
        for column, row in enumerate(back.tolist()):
            value = float(met.cosines[row, column])
            if not mutual and nearest[row] != column and value >= floor:
                rows.append((met.story, int(met.right[column]), int(met.left[row]), value))
    found = pd.DataFrame(rows, columns=["story_id", "left", "right", "similarity"])
    for prefix, side in (("", "left"), ("other_", "right")):
        part = passages.iloc[found[side].to_numpy(int)].reset_index(drop=True)
        found[f"{prefix}id" if prefix else "passage_id"] = part["passage_id"]
        found[f"{prefix}outlet"] = part["outlet"]
        found[f"{prefix}text"] = part["text"]
    ordered = found.sort_values(["story_id", "left", "other_outlet"], kind="stable")
    return ordered[list(ALIGNED)].reset_index(drop=True)


def find_omissions(
    passages: pd.DataFrame, vectors: Vectors, stories: pd.DataFrame, *, floor: float = FLOOR
) -> pd.DataFrame:
    """Passages without a counterpart in an outlet that covers the story.

    Parameters
    ----------
    passages : DataFrame
        Columns `passage_id, document_id, outlet, text`.
    vectors : ndarray of shape (n, d)
        Vectors of the passages, unit length.
    stories : DataFrame
        Columns `document_id, story_id`, as `find_stories` returned them.
    floor : float, default 0.57
        Least cosine of two counterparts.

    Returns
    -------
    DataFrame
        Columns `OMISSIONS`, one row a passage and outlet that has no passage on the story with a cosine of at least
        `floor` to it. `similarity` is that of the nearest it has. `n_covering` of the story's other `n_outlets - 1`
        outlets do have one: what all others report and one does not comes first, then what is least like anything
        there.

    Raises
    ------
    InputError
        As of `align_passages`.

    Notes
    -----
    A passage may be missing because it is a remark of one author, or because this corpus lacks an article: an omission
    here is a place to look, not a finding.
    """
    story = _check(passages, vectors, stories, floor)
    rows: list[tuple[str, int, str, float]] = []
    outlets = passages["outlet"].to_list()
    for met in _meetings(passages, vectors, story):
        for mine, theirs, nearest in (
            (met.left, outlets[met.right[0]], met.cosines.max(axis=1)),
            (met.right, outlets[met.left[0]], met.cosines.max(axis=0)),
        ):
            rows += [
                (met.story, row, theirs, value) for row, value in zip(mine.tolist(), nearest.tolist(), strict=True)
            ]
    found = pd.DataFrame(rows, columns=["story_id", "row", "missing_in", "similarity"])
    covered = found["similarity"] >= floor
    found["n_covering"] = covered.groupby(found["row"]).transform("sum").astype(np.int64)
    found["n_outlets"] = found.groupby("row")["missing_in"].transform("size").astype(np.int64) + 1
    found = found[~covered].sort_values(
        ["n_covering", "similarity", "row", "missing_in"], ascending=[False, True, True, True], kind="stable"
    )
    part = passages.iloc[found["row"].to_numpy(int)]
    for name in ("passage_id", "outlet", "text"):
        found[name] = part[name].to_numpy()
    return found[list(OMISSIONS)].reset_index(drop=True)


def find_contrast_pairs(aligned: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Aligned passages whose strongest frames differ, the strongest contrast first.

    Parameters
    ----------
    aligned : DataFrame
        Aligned passages, as `align_passages` returned them.
    scores : DataFrame
        `passage_id` and a column for each frame.

    Returns
    -------
    DataFrame
        Columns `CONTRAST_PAIRS`, one row a pair. `contrast` is `similarity * distance`: passages alike in content and
        unlike in frames come first. `distance` is the Euclidean distance of the two passages' frame scores over the
        square root of 2: at most 1 if a passage has exactly one frame, and 1 if both are sure and differ. `frame` and
        `other_frame` are those with the highest score.

    Notes
    -----
    The classifier's errors are in the contrasts, and the extremes of many pairs hold more of them than a pair drawn at
    random: read both passages.
    """
    require_columns(aligned, ALIGNED, what="aligned passages")
    require_columns(scores, ("passage_id",), what="scores")
    frames = [name for name in scores.columns if name != "passage_id"]
    if not frames:
        raise InputError("The scores have no column of a frame; expected passage_id and one column a frame.")
    once = aligned[aligned["outlet"] < aligned["other_outlet"]].reset_index(drop=True)
    values = scores.set_index("passage_id")[frames]
    for name in pd.concat([once["passage_id"], once["other_id"]]):
        if name not in values.index:
            raise InputError(
                f"The scores have no row for the passage {name}; score the same passages that are aligned."
            )
    mine, others = (values.loc[once[name]].to_numpy(float) for name in ("passage_id", "other_id"))
    labels = np.array(frames, dtype=object)
    if len(once):
        once["frame"], once["other_frame"] = labels[mine.argmax(axis=1)], labels[others.argmax(axis=1)]
    else:
        once["frame"] = once["other_frame"] = pd.Series([], dtype=object)
    once["distance"] = np.linalg.norm(mine - others, axis=1) / np.sqrt(2)
    once["contrast"] = once["similarity"] * once["distance"]
    differ = once[once["frame"] != once["other_frame"]]
    ordered = differ.sort_values(["contrast", "passage_id", "other_id"], ascending=[False, True, True], kind="stable")
    return ordered[list(CONTRAST_PAIRS)].reset_index(drop=True)


def _check(passages: pd.DataFrame, vectors: Vectors, stories: pd.DataFrame, floor: float) -> pd.Series:
    """The story of each passage; empty where it has none."""
    require_columns(passages, ("passage_id", "document_id", "outlet", "text"), what="passages")
    require_columns(stories, ("document_id", "story_id"), what="stories")
    if len(vectors) != len(passages):
        raise InputError(f"{len(passages)} passages, but {len(vectors)} vectors; encode the same passages.")
    if not -1 <= floor <= 1:
        raise InputError(f"floor {floor:g}: expected a cosine, for instance {FLOOR}.")
    of = dict(zip(stories["document_id"], stories["story_id"], strict=True))
    return pd.Series([of.get(name, "") for name in passages["document_id"]], dtype=object)


def _meetings(passages: pd.DataFrame, vectors: Vectors, story: pd.Series) -> Iterator[_Meeting]:
    """Each two outlets of each story, in the order of their names."""
    rows = pd.DataFrame({"story": story, "outlet": passages["outlet"].to_numpy(), "row": np.arange(len(passages))})
    rows = rows[rows["story"] != ""]
    for name, part in rows.groupby("story", sort=True):
        by_outlet = [group["row"].to_numpy() for _, group in part.groupby("outlet", sort=True)]
        for place, left in enumerate(by_outlet):
            for right in by_outlet[place + 1 :]:
                cosines = np.round(vectors[left] @ vectors[right].T, 6)
                yield _Meeting(str(name), left, right, cosines)
