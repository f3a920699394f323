"""Baselines on the same texts: a head on TF-IDF, a head on frozen embeddings, and SetFit."""

from __future__ import annotations

import numpy as np

from framing.classify.decisions import ThresholdFor, best_threshold
from framing.encoders.sentence import default_store, open_encoder

_CS = [0.1, 1.0, 10.0, 100.0]


def _search_head():
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    return GridSearchCV(
        LogisticRegression(max_iter=1000, class_weight="balanced", solver="liblinear"), {"C": _CS}, cv=3, scoring="f1"
    )


def _decide_per_frame(X, gold: np.ndarray, new, measure: ThresholdFor) -> np.ndarray:
    """Decisions with one threshold of all frames, which has the best F1 on scores out of fold."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    out_of_fold, scores = np.zeros(gold.shape), np.zeros((new.shape[0], gold.shape[1]))
    for k in range(gold.shape[1]):
        if gold[:, k].sum() >= 3:
            best = _search_head().fit(X, gold[:, k]).best_params_["C"]
            head = LogisticRegression(C=best, max_iter=1000, class_weight="balanced", solver="liblinear")
            out_of_fold[:, k] = cross_val_predict(head, X, gold[:, k], cv=3, method="predict_proba")[:, 1]
            scores[:, k] = head.fit(X, gold[:, k]).predict_proba(new)[:, 1]
    return scores >= best_threshold(out_of_fold, gold.astype(bool), measure)


def decide_by_tfidf(texts: list[str], gold: np.ndarray, new: list[str], *, measure: ThresholdFor) -> np.ndarray:
    """Decisions of one logistic head a frame on TF-IDF of words and pairs of words; C and threshold out of fold."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2).fit(texts)
    return _decide_per_frame(vectors.transform(texts), gold, vectors.transform(new), measure)


def decide_by_frozen_head(
    texts: list[str], gold: np.ndarray, new: list[str], *, encoder: str, measure: ThresholdFor
) -> np.ndarray:
    """Decisions of one logistic head a frame on the vectors of the encoder, which is not tuned."""
    model = open_encoder(encoder, store=default_store())
    return _decide_per_frame(model.encode(texts), gold, model.encode(new), measure)


def predict_by_setfit(
    texts: list[str], labels: np.ndarray, new: list[str], *, encoder: str, iterations: int, seed: int
) -> np.ndarray:
    """Classes by SetFit (Tunstall et al. 2022) over the same encoder; for labels of shape (n, K), decisions.

    Per text there are `iterations` pairs with a text of its class and as many with one of another class. One epoch,
    batches of 16, a logistic head; all else is the library's default. With several labels a text there is one
    classifier a label. Install it with `pip install setfit==1.2.0`.
    """
    import tempfile

    from datasets import Dataset, disable_progress_bars
    from setfit import SetFitModel, Trainer, TrainingArguments

    from framing.encoders.weights import find_model

    disable_progress_bars()
    with tempfile.TemporaryDirectory() as work:
        options = {"multi_target_strategy": "one-vs-rest"} if labels.ndim > 1 else {}
        model = SetFitModel.from_pretrained(str(find_model(encoder).folder), device="cpu", **options)
        arguments = TrainingArguments(
            output_dir=work, batch_size=16, num_epochs=1, num_iterations=iterations, seed=seed, report_to="none",
            save_strategy="no", show_progress_bar=False,
        )  # fmt: skip
        dataset = Dataset.from_dict({"text": texts, "label": labels.astype(int).tolist()})
        Trainer(model=model, args=arguments, train_dataset=dataset).train()
        return np.asarray(model.predict(new, show_progress_bar=False))
