"""Shares without each seed: the deletion formula against heads fitted anew, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from framing.classify import seed_influence
from framing.classify.anchors import calibrate_anchors, make_anchors
from framing.classify.frozen.expert import FrozenExpert
from framing.classify.frozen.kernel_ridge import BIAS, RIDGE, WIDTH, WORD_WEIGHT, KernelRidgeHead, balance_classes
from framing.classify.frozen.text_features import Features
from framing.classify.seed_influence import seed_names, shares_without_seeds
from framing.errors import InputError
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook, frame

BOOK = codebook(multi_label=True)
TEXTS = [*PASSAGES, *WAR, *TRADE, *SPORT, " ".join([*WAR, *TRADE, SPORT[0]] * 2)]
TABLE = pd.DataFrame(
    {
        "text": TEXTS,
        "outlet": ["AB"[row % 2] for row in range(len(TEXTS))],
        "document_id": [f"{'AB'[row % 2]}{row // 4}" for row in range(len(TEXTS))],
    }
).sort_values("document_id", ignore_index=True)  # fmt: skip


def test_rows_are_those_of_the_seeds():
    anchors = make_anchors(BOOK)
    seeds = [seed for frame in BOOK.frames for seed in frame.seeds]
    assert [anchors.texts[row] for row in anchors.seed_rows] == seeds
    assert len(seed_names(BOOK)) == len(seeds)
    assert seed_names(BOOK)[0] == f"{BOOK.frame_ids[0]}, seed 1"


def test_a_head_without_a_text_is_the_head_fitted_without_it():
    generator = np.random.default_rng(0)
    vectors = generator.normal(size=(9, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = csr_matrix(generator.random((9, 5)))
    none = Features(vectors[:0], words[:0])
    head = KernelRidgeHead().prepare(Features(vectors, words), none, np.zeros(0, dtype=np.int64))
    targets, weights = np.arange(9) % 3 == 0, np.ones(9)
    heads = head.without_each(targets, weights, np.array([2, 3]))
    balance = balance_classes(targets, weights)
    noise = RIDGE / (balance * (9 / balance.sum()))
    radial = np.exp(WIDTH * ((vectors @ vectors.T).astype(float) - 1))
    kernel = radial + WORD_WEIGHT * (words @ words.T).toarray() + BIAS
    signs = np.where(targets, 1.0, -1.0)
    scores = heads.score(Features(vectors, words), none, np.zeros(0, dtype=np.int64))
    assert scores.shape == (9, 3)
    for place, left_out in enumerate([[], [2], [3]]):
        others = ~np.isin(np.arange(9), left_out)
        dual = np.linalg.solve(kernel[np.ix_(others, others)] + np.diag(noise[others]), signs[others])
        assert scores[:, place] == pytest.approx(kernel[:, others] @ dual)


@pytest.mark.slow
def test_with_all_seeds_shares_are_the_classifiers_and_errors_those_of_clusters():
    anchors = make_anchors(BOOK)
    expert = FrozenExpert(WordEncoder(), language="en", multi_label=True).fit(anchors)
    blend = calibrate_anchors(expert.left_out_, anchors, multi_label=True)
    present = blend.predict_proba(expert.score(TABLE["text"].to_list())[None]) >= 0.5
    frames = [BOOK.frame_ids[1], BOOK.frame_ids[0]]
    groups, shares, errors = shares_without_seeds(BOOK, WordEncoder(), TABLE, by="outlet", frames=frames)
    assert groups == ["A", "B"]
    assert shares.shape == errors.shape == (1 + len(seed_names(BOOK)), 2, 2)
    for place, column in enumerate((1, 0)):
        for number, group in enumerate("AB"):
            rows = TABLE["outlet"] == group
            y = present[rows, column].astype(float)
            assert shares[0, place, number] == pytest.approx(y.mean())
            sums = pd.Series(y - y.mean()).groupby(TABLE.loc[rows, "document_id"].to_numpy()).sum()
            m = len(sums)
            assert errors[0, place, number] == pytest.approx(np.sqrt((sums**2).sum() * m / (m - 1)) / rows.sum())
    assert (shares[1:] != shares[0]).any()  # some seed matters


def test_passages_apart_and_codebooks_of_one_label_are_refused():
    with pytest.raises(InputError, match="passages of a document one after another"):
        shares_without_seeds(BOOK, WordEncoder(), TABLE.iloc[[0, 2, 1, 3]], by="outlet", frames=BOOK.frame_ids[:1])
    with pytest.raises(InputError, match="several labels a passage only"):
        shares_without_seeds(codebook(multi_label=False), WordEncoder(), TABLE, by="outlet", frames=["war"])


def test_batches_do_not_change_shares(monkeypatch):
    """Documents are whole in batches of three passages and in batches of one."""
    options = {"by": "outlet", "frames": BOOK.frame_ids[:2]}
    _, shares, errors = shares_without_seeds(BOOK, WordEncoder(), TABLE, **options)
    for size in (1, 3):
        monkeypatch.setattr(seed_influence, "_BATCH_PASSAGES", size)
        lines: list[str] = []
        _, again, others = shares_without_seeds(BOOK, WordEncoder(), TABLE, **options, say=lines.append)
        np.testing.assert_allclose(again, shares, atol=1e-12)
        np.testing.assert_allclose(others, errors, atol=1e-9)
        sizes = TABLE.groupby("document_id", sort=False).size().to_numpy()
        ends, stop = [], 0
        for n in sizes:  # a batch ends with the document in which it is full
            stop += n
            if stop - (ends[-1] if ends else 0) >= size or stop == len(TABLE):
                ends.append(stop)
        assert lines == [f"seeds left out: {stop} of {len(TABLE)} passages" for stop in ends]


def test_shares_of_a_single_document_have_no_error():
    table = TABLE[TABLE["document_id"].isin(["A0", "B0", "B1"])]
    groups, shares, errors = shares_without_seeds(BOOK, WordEncoder(), table, by="outlet", frames=BOOK.frame_ids)
    assert groups == ["A", "B"]
    assert (errors[..., 0] == 0).all()
    assert np.isfinite(shares).all()


def test_shares_without_a_seed_are_those_of_a_head_fitted_without_it():
    """Threshold and balance stay those of all seeds, see the deletion formula above."""
    anchors = make_anchors(BOOK)
    expert = FrozenExpert(WordEncoder(), language="en", multi_label=True).fit(anchors, keep_kernels=True)
    blend = calibrate_anchors(expert.left_out_, anchors, multi_label=True)
    _, shares, _ = shares_without_seeds(BOOK, WordEncoder(), TABLE, by="outlet", frames=[BOOK.frame_ids[2]])
    scores = expert.without_seeds(anchors, 2).score(*expert.features(TABLE["text"].to_list()))
    given = blend.slopes_[0, 2] * scores + blend.shifts_[2] >= 0
    for number, group in enumerate("AB"):
        np.testing.assert_allclose(shares[:, 0, number], given[TABLE["outlet"] == group].mean(axis=0))


def test_seeds_are_named_by_frame_and_number():
    assert seed_names(codebook(frame("war", WAR[:2]), frame("sport", SPORT[:1]))) == [
        "war, seed 1", "war, seed 2", "sport, seed 1",
    ]  # fmt: skip
