"""What was learned from few labels is compared with the codebook alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.classify.anchors import make_anchors
from framing.classify.classifier import FrameClassifier
from framing.classify.decisions import DecisionRule
from framing.classify.learning import Learnt, compare_with_zero_shot, make_ensemble
from framing.classify.supervision import make_labelled_texts
from tests.tiny import SPORT, TRADE, WAR, WordEncoder, codebook


@pytest.mark.parametrize("multi_label", [True, False])
def test_a_classifier_that_learned_worse_than_zero_shot_is_named(multi_label: bool) -> None:
    book, encoder = codebook(multi_label=multi_label), WordEncoder()
    texts = [*WAR[:2], *TRADE[:2], *SPORT[:2]]
    labels = np.repeat(np.eye(3, dtype=bool), 2, axis=0)
    labelled = make_labelled_texts(texts, labels, None, random_seed=0)
    anchors = make_anchors(book)
    alone = np.asarray(FrameClassifier(book, encoder).fit().predict(texts))
    hits = int((alone & labels).sum())
    zero_shot = 2 * hits / (int(alone.sum()) + 6)

    def compare(scores: np.ndarray) -> list[str]:
        learnt = Learnt(scores, scores, DecisionRule(multi_label), pd.DataFrame(), "")
        lines: list[str] = []
        compare_with_zero_shot(make_ensemble(book, encoder), anchors, labelled, learnt, say=lines.append)
        return lines

    assert compare(labels.astype(float)) == []
    wrong = np.roll(labels, 1, axis=1).astype(float)
    [warning] = compare(wrong)
    assert f"these 6 labelled texts: micro-F1 {zero_shot:.2f}, against 0.00 of" in warning


def test_many_labels_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    from framing.classify import classifier

    calls: list[int] = []
    monkeypatch.setattr(classifier, "compare_with_zero_shot", lambda *_, say: (calls.append(1), say("a warning")))
    monkeypatch.setattr(classifier, "FEW_LABELLED", 6)
    lines: list[str] = []
    for n in (2, 3):
        texts, labels = [*WAR[:n], *TRADE[:n], *SPORT[:n]], np.repeat(np.eye(3, dtype=bool), n, axis=0)
        FrameClassifier(codebook(multi_label=True), WordEncoder(), strength="head").fit(texts, labels, say=lines.append)
    assert len(calls) == 1
    assert lines.count("a warning") == 1
