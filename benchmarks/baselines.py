"""What others do: TF-IDF head, head on frozen embeddings, SetFit; run beside ours on the same texts."""

from __future__ import annotations

import numpy as np

from framing.encoders.sentence import default_store, open_encoder

_STRENGTHS = [0.1, 1.0, 10.0, 100.0]


def _tuned_head():
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    return GridSearchCV(
        LogisticRegression(max_iter=1000, class_weight="balanced"), {"C": _STRENGTHS}, cv=3, scoring="f1"
    )


def _per_frame(X, gold: np.ndarray, new) -> np.ndarray:
    return np.column_stack([_tuned_head().fit(X, gold[:, k]).predict(new) for k in range(gold.shape[1])]).astype(bool)


def tfidf_head(texts: list[str], gold: np.ndarray, new: list[str]) -> np.ndarray:
    """Decisions of logistic heads a frame on TF-IDF of words and pairs, C by cross-validation."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2).fit(texts)
    return _per_frame(vectors.transform(texts), gold, vectors.transform(new))


def frozen_head(texts: list[str], gold: np.ndarray, new: list[str], *, encoder: str) -> np.ndarray:
    """Decisions of logistic heads a frame on the encoder's vectors as they are."""
    model = open_encoder(encoder, store=default_store())
    return _per_frame(model.encode(texts), gold, model.encode(new))


def setfit(
    texts: list[str], labels: np.ndarray, new: list[str], *, encoder: str, iterations: int, seed: int
) -> np.ndarray:
    """Classes that SetFit gives (Tunstall et al. 2022), by its library, over the same encoder.

    For labels of shape (n, K), its decision for each.

    `iterations` pairs of a text's own class and as many of another a text; one epoch, batch 16, logistic head:
    the library's defaults otherwise, with several labels a text one classifier a label.
    Install it with `pip install setfit==1.2.0`.
    """
    import tempfile

    from datasets import Dataset, disable_progress_bars
    from setfit import SetFitModel, Trainer, TrainingArguments

    from framing.encoders.weights import find_model

    disable_progress_bars()
    with tempfile.TemporaryDirectory() as work:
        several = {"multi_target_strategy": "one-vs-rest"} if labels.ndim > 1 else {}
        model = SetFitModel.from_pretrained(str(find_model(encoder).folder), device="cpu", **several)
        arguments = TrainingArguments(
            output_dir=work, batch_size=16, num_epochs=1, num_iterations=iterations, seed=seed, report_to="none",
            save_strategy="no", show_progress_bar=False,
        )  # fmt: skip
        learned = Dataset.from_dict({"text": texts, "label": labels.astype(int).tolist()})
        Trainer(model=model, args=arguments, train_dataset=learned).train()
        return np.asarray(model.predict(new, show_progress_bar=False))
