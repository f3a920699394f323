"""Passages of different outlets on the same part of a story: counterparts, omissions, contrasts of frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.encoders.encoder import Encoder
from framing.errors import InputError
from framing.stories.find import resolve_encoder
from framing.tables import ALIGNED, CONTRAST_PAIRS, OMISSIONS, require_columns

__all__ = [
    "align_passages",
    "encode_passages",
    "find_contrast_pairs",
    "find_omissions",
]


# In 1 of 20 cases a passage of the sample has a passage this similar in an outlet's documents on another event:
# python -m benchmarks.stories sample
FLOOR = 0.57
_DECIMALS = 6  # of cosines: later ones differ between machines

Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _OutletPair:
    """Passages of two outlets in one story, as rows of the table, and their cosines."""

    story: str
    left: Rows
    right: Rows
    cosines: Vectors


def encode_passages(passages: pd.DataFrame, encoder: Encoder | str = "minilm", *, progress: str = "") -> Vectors:
    """Encode the texts of passages.

    Parameters
    ----------
    passages : DataFrame
        Passages with a column `text`.
    encoder : Encoder or str, default "minilm"
        The encoder, or the name of one.
    progress : str, default ""
        Title of the progress, as in `framing.steps.count_steps`; empty for none.

    Returns
    -------
    ndarray of shape (n, d)
        Vectors of unit length; texts that were encoded before are read from the store.

    Raises
    ------
    InputError
        If the table has no column `text`, or there is no encoder of that name.
    """
    require_columns(passages, ("text",), what="passages")
    return resolve_encoder(encoder).encode(passages["text"].to_list(), progress=progress)


def align_passages(
    passages: pd.DataFrame, vectors: Vectors, stories: pd.DataFrame, *, floor: float = FLOOR, mutual: bool = True
) -> pd.DataFrame:
    """Find the counterpart of each passage in every other outlet of its story.

    Two passages are counterparts if each is the most similar to the other among the passages of the two outlets on the
    story, and their cosine is at least `floor`.

    Parameters
    ----------
    passages : DataFrame
        Columns `passage_id, document_id, outlet, text`.
    vectors : ndarray of shape (n, d)
        Vectors of the passages, unit length.
    stories : DataFrame
        Columns `document_id, story_id`, as `find_stories` returns them; passages of other documents are left out.
    floor : float, default 0.57
        Least cosine of two counterparts. The default is the cosine by `minilm` that one passage in twenty of the sample
        reaches by chance, with the most similar passage that an outlet has on another event. For other encoders and
        for several languages, `find_floor` finds it.
    mutual : bool, default True
        If false, a passage is also aligned with its most similar passage if that one is more similar to a third; such
        a pair has one row only.

    Returns
    -------
    DataFrame
        Columns `ALIGNED`. A pair of counterparts has two rows, one for each passage. Sorted by story, passage (as in
        `passages`) and other outlet.

    Raises
    ------
    InputError
        If columns are missing, vectors and passages differ in number, or the floor is no cosine.

    See Also
    --------
    find_omissions : Passages without a counterpart.
    find_contrast_pairs : Aligned passages with different frames.
    """
    story = _find_story(passages, vectors, stories, floor)
    pairs = pd.DataFrame(
        [row for pair in _pair_outlets(passages, vectors, story) for row in _find_counterparts(pair, floor, mutual)],
        columns=["story_id", "left", "right", "similarity"],
    )
    for side, name, prefix in (("left", "passage_id", ""), ("right", "other_id", "other_")):
        part = passages.iloc[pairs[side].to_numpy(int)]
        pairs[name] = part["passage_id"].array
        pairs[f"{prefix}outlet"] = part["outlet"].array
        pairs[f"{prefix}text"] = part["text"].array
    ordered = pairs.sort_values(["story_id", "left", "other_outlet"], kind="stable")
    return ordered[list(ALIGNED)].reset_index(drop=True)


def find_omissions(
    passages: pd.DataFrame,
    vectors: Vectors,
    stories: pd.DataFrame,
    *,
    floor: float = FLOOR,
    duplicates: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find passages without a counterpart in an outlet that covers the story.

    Parameters
    ----------
    passages : DataFrame
        Columns `passage_id, document_id, outlet, text`.
    vectors : ndarray of shape (n, d)
        Vectors of the passages, unit length.
    stories : DataFrame
        Columns `document_id, story_id`, as `find_stories` returns them.
    floor : float, default 0.57
        Least cosine of two counterparts.
    duplicates : DataFrame, optional
        Texts that ran more than once, as `join_translations` returns them: an outlet that published a document in
        translation has all of its passages, whatever their cosines.

    Returns
    -------
    DataFrame
        Columns `OMISSIONS`, one row a passage and outlet that has no passage on the story with a cosine of at least
        `floor` to it. `similarity` is that of the outlet's most similar passage. `n_covering` is the number of the
        story's other `n_outlets - 1` outlets that have such a passage. Passages that most other outlets cover come
        first, then those with the lowest similarity.

    Raises
    ------
    InputError
        If columns are missing, vectors and passages differ in number, or the floor is no cosine.

    Notes
    -----
    A passage may have no counterpart because it is a remark of one author, or because the corpus lacks an article: an
    omission is a candidate for reading, not a finding.
    """
    story = _find_story(passages, vectors, stories, floor)
    nearest = pd.DataFrame(
        [row for pair in _pair_outlets(passages, vectors, story) for row in _find_nearest(pair, passages["outlet"])],
        columns=["story_id", "row", "missing_in", "similarity"],
    )
    covered = nearest["similarity"] >= floor
    if duplicates is not None:
        covered |= _find_translated(nearest, passages, duplicates)
    nearest["n_covering"] = covered.groupby(nearest["row"]).transform("sum").astype(np.int64)
    nearest["n_outlets"] = nearest.groupby("row")["missing_in"].transform("size").astype(np.int64) + 1
    omissions = nearest[~covered].sort_values(
        ["n_covering", "similarity", "row", "missing_in"], ascending=[False, True, True, True], kind="stable"
    )
    part = passages.iloc[omissions["row"].to_numpy(int)]
    for name in ("passage_id", "outlet", "text"):
        omissions[name] = part[name].to_numpy()
    return omissions[list(OMISSIONS)].reset_index(drop=True)


def find_contrast_pairs(aligned: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Find aligned passages with different frames.

    Parameters
    ----------
    aligned : DataFrame
        Aligned passages, as `align_passages` returns them.
    scores : DataFrame
        Column `passage_id` and a column of scores for each frame.

    Returns
    -------
    DataFrame
        Columns `CONTRAST_PAIRS`, one row a pair, the strongest contrast first. `frame` and `other_frame` are the frames
        with the highest score; pairs in which they are the same are left out.

    Raises
    ------
    InputError
        If a column is missing, or an aligned passage has no scores.

    Notes
    -----
    `contrast` is `similarity * distance`: it is high for passages of like content and different frames. `distance` is
    the Euclidean distance of the two passages' scores divided by the square root of 2. If scores sum to 1, it is at
    most 1, and is 1 if both passages have one certain frame and the two differ.

    Contrasts contain the classifier's errors, and the extremes of many pairs contain more errors than a pair drawn at
    random: read both passages.
    """
    require_columns(aligned, ALIGNED, what="aligned passages")
    require_columns(scores, ("passage_id",), what="scores")
    frames = [name for name in scores.columns if name != "passage_id"]
    if not frames:
        raise InputError("The scores have no column of a frame; expected passage_id and one column a frame.")
    pairs = aligned[aligned["outlet"] < aligned["other_outlet"]].copy()
    values = scores.set_index("passage_id")[frames]
    for name in pd.concat([pairs["passage_id"], pairs["other_id"]]):
        if name not in values.index:
            raise InputError(
                f"The scores have no row for the passage {name}; score the same passages that are aligned."
            )
    left, right = (values.loc[pairs[name]].to_numpy(float) for name in ("passage_id", "other_id"))
    labels = pd.Series(frames, dtype=object)
    for name, side in (("frame", left), ("other_frame", right)):
        pairs[name] = labels.iloc[side.argmax(axis=1)].to_numpy()
    pairs["distance"] = np.linalg.norm(left - right, axis=1) / np.sqrt(2)
    pairs["contrast"] = pairs["similarity"] * pairs["distance"]
    contrasts = pairs[pairs["frame"] != pairs["other_frame"]].sort_values(
        ["contrast", "passage_id", "other_id"], ascending=[False, True, True], kind="stable"
    )
    return contrasts[list(CONTRAST_PAIRS)].reset_index(drop=True)


def _find_translated(nearest: pd.DataFrame, passages: pd.DataFrame, duplicates: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether the other outlet of each row published the row's document in translation, or its original."""
    require_columns(duplicates, ("document_id", "group", "relation"), what="duplicates")
    is_told = duplicates["group"].isin(duplicates.loc[duplicates["relation"] == "translation", "group"])
    group_of = dict(zip(duplicates.loc[is_told, "document_id"], duplicates.loc[is_told, "group"], strict=True))
    groups = passages["document_id"].map(group_of).to_numpy(object)
    told = {pair for pair in zip(groups, passages["outlet"], strict=True) if isinstance(pair[0], str)}
    pairs = zip(groups[nearest["row"].to_numpy(int)], nearest["missing_in"], strict=True)
    return np.fromiter((pair in told for pair in pairs), dtype=bool, count=len(nearest))


def _find_story(passages: pd.DataFrame, vectors: Vectors, stories: pd.DataFrame, floor: float) -> pd.Series:
    """The story of each passage; empty where it has none."""
    require_columns(passages, ("passage_id", "document_id", "outlet", "text"), what="passages")
    require_columns(stories, ("document_id", "story_id"), what="stories")
    if len(vectors) != len(passages):
        raise InputError(f"{len(passages)} passages, but {len(vectors)} vectors; encode the same passages.")
    if not -1 <= floor <= 1:
        raise InputError(f"floor {floor:g}: expected a cosine, for instance {FLOOR}.")
    story_of = dict(zip(stories["document_id"], stories["story_id"], strict=True))
    return pd.Series([story_of.get(name, "") for name in passages["document_id"]], dtype=object)


def _pair_outlets(passages: pd.DataFrame, vectors: Vectors, story: pd.Series) -> Iterator[_OutletPair]:
    """Each two outlets of each story, in the order of their names."""
    rows = pd.DataFrame({"story": story, "outlet": passages["outlet"].to_numpy(), "row": np.arange(len(passages))})
    rows = rows[rows["story"] != ""]
    for name, part in rows.groupby("story"):
        by_outlet = [group["row"].to_numpy() for _, group in part.groupby("outlet")]
        for left, right in combinations(by_outlet, 2):
            cosines = np.round(vectors[left] @ vectors[right].T, _DECIMALS)
            yield _OutletPair(str(name), left, right, cosines)


def _find_counterparts(pair: _OutletPair, floor: float, mutual: bool) -> Iterator[tuple[str, int, int, float]]:
    """Story, row, row of its counterpart, and their cosine."""
    nearest, back = pair.cosines.argmax(axis=1), pair.cosines.argmax(axis=0)
    for i, j in enumerate(nearest.tolist()):
        left, right, cosine = int(pair.left[i]), int(pair.right[j]), float(pair.cosines[i, j])
        both = back[j] == i
        if cosine >= floor and (both or not mutual):
            yield pair.story, left, right, cosine
        if cosine >= floor and both:
            yield pair.story, right, left, cosine
    for j, i in enumerate(back.tolist()):
        cosine = float(pair.cosines[i, j])
        if not mutual and nearest[i] != j and cosine >= floor:
            yield pair.story, int(pair.right[j]), int(pair.left[i]), cosine


def _find_nearest(pair: _OutletPair, outlets: pd.Series) -> Iterator[tuple[str, int, str, float]]:
    """Story, row, the other outlet, and the cosine with the most similar passage there."""
    for rows, others, cosines in (
        (pair.left, pair.right, pair.cosines.max(axis=1)),
        (pair.right, pair.left, pair.cosines.max(axis=0)),
    ):
        outlet = outlets.iloc[int(others[0])]
        yield from (
            (pair.story, row, outlet, cosine) for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True)
        )
