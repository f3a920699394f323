"""Passages to frames: a classifier learned from a codebook's seeds, and from labels where there are some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from framing.classify.anchors import Anchors, describe_anchors
from framing.classify.auto_encoder import open_for_fit
from framing.classify.decisions import DecisionRule, ThresholdFor, check_threshold_for
from framing.classify.ensemble import Ensemble
from framing.classify.examples import check_examples, gather_anchors, gather_labelled
from framing.classify.frozen.feature_reader import LanguageShiftOption, check_language_shift
from framing.classify.learning import FEW_LABELLED, compare_with_zero_shot, learn_from_labels, make_ensemble
from framing.classify.requirements import Requirements, check_requirements
from framing.classify.scorer import NotFittedError, ScorerMixin, list_texts
from framing.classify.supervision import (
    LEARNT,
    LabelledTexts,
    Labels,
    Strength,
    check_strength,
    choose_strength,
    explain_strength,
)
from framing.classify.tuned.plan import TuningPlan
from framing.codebook import Codebook
from framing.encoders.sentence import Encoder
from framing.errors import InputError
from framing.steps import Say
from framing.tables import GUARANTEES

__all__ = ["FrameClassifier"]

Array = NDArray[np.float64]


class FrameClassifier(ScorerMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Scores of each frame of a codebook for each passage.

    Three strengths. *Zero-shot* learns from seeds and definitions as examples, counter-seeds and unrelated news prose
    as counter-examples. *Head* also learns from labels, on frozen embeddings and n-grams, seeds being prior examples.
    *Fine-tuned* beside that tunes the encoder's upper layers on labels and seeds, and blends both. The examples of a
    codebook, passages with all of their frames, can stand for labels in both; scores are exploratory then as well.

    Parameters
    ----------
    codebook : Codebook
        Its frames are the classes.
    encoder : Encoder or str, default "auto"
        An encoder, or the name of one: `minilm`, `mpnet`, `mpnet+minilm` for both, `multilingual`, a folder,
        `owner/name@revision`; `auto`: the best that is installed and fits what `fit` learns (docs/own_corpus.md).
    strength : {"auto", "zero-shot", "head", "fine-tuned"}, default "auto"
        `auto` takes zero-shot without labels; with labels fine-tuned where there are eight a frame on average and the
        encoder is a transformer, else head.
    precision : float or mapping of frame to float, optional
        Share of the passages given a frame that must carry it, for all frames or for some; what cannot be decided so
        surely becomes `abstain`. Needs labels.
    recall : float or mapping of frame to float, optional
        Share of the passages that carry a frame that must not be decided absent, likewise.
    confidence : float, default 0.95
        Probability with which each of them holds.
    tuning : TuningPlan, optional
        How the encoder is tuned.
    threshold_for : {"both", "macro", "micro"}, default "both"
        The F1 that the threshold is chosen for, on labels scored out of fold: the mean over frames (rare ones count as
        much as others, which asks for more recall), that of all decisions together, or the mean of both.
    language_shift : {"remove", "keep"}, default "remove"
        With an encoder of several languages, whether what tells languages apart is taken out of its vectors, so that
        scores can be compared (`framing.classify.frozen.feature_reader`). What is tuned keeps it.
    random_seed : int, default 0
        Of folds and tuning.

    Attributes
    ----------
    classes_ : ndarray of str, shape (K,)
        Frame ids.
    encoder_ : Encoder
        The one used.
    encoder_name_, dtype_ : str
        Its name, and its number format.
    strength_ : str
        The one used.
    zero_shot_ : bool
        Whether no labels were used beside the codebook; such scores are exploratory.
    threshold_ : float
        A frame is present from this score on (codebooks with several labels); 0.5 without labels, else the score with
        the best F1 on labels scored out of fold.
    decision_rule_ : DecisionRule
        The threshold, and between which scores the classifier abstains.
    anchors_ : DataFrame
        Per frame how well held-out seeds find it: `frame, n_seeds, precision, recall, f1, average_precision,
        confused_with`. Leave-one-out, so no seed is scored by a head that saw it.
    training_hash_, training_dtype_ : str
        sha256 of texts and labels; number format of the products while tuning. Empty where there is none.
    cross_fitted_ : ndarray, shape (n, K), or None
        Scores of the labelled texts by experts that had seen neither the text nor its group, blended and calibrated on
        the other folds alone; None without labels. Two limits: that blend's own scores come from experts that had
        learned from this fold too (a second-order leak), and the frozen expert's ridge and weight of seeds are chosen
        on all labels. With a single group there is no other fold: the blend is then fitted on the very texts.
    folds_ : ndarray of int, shape (n,), or None
        Fold of each labelled text, see `predict_folds`; None without labels, and for a loaded classifier.
    guarantees_ : DataFrame
        What is required per frame and whether it could be promised, columns `framing.tables.GUARANTEES`.
    ensemble_ : Ensemble
        The experts, and the blend of their scores.

    Notes
    -----
    With labels scores are probabilities, calibrated on out-of-fold scores, in the mix of the labelled passages.
    Without, scores are leave-one-out Platt-scaled per frame and shifted by one common amount so that 0.5 is the score
    at which the macro-F1 of held-out seeds is best: comparable across frames, no probabilities in a corpus. With one
    label a passage scores sum to one over frames and the highest decides.

    A passage that is longer than what the encoder reads at once is scored in pieces of whole sentences, and has of each
    frame the score of the best piece; `find_long` finds these. Without labels, and with several labels a passage,
    one of more than 180 words has the pooled score of its windows (`framing.classify.windows.pool_windows`); where most
    labelled texts have so many, texts are scored as a whole.

    Texts may mark roles as `<s>source</s>` and `<t>target</t>`; see `framing.classify.roles`. `predict` and `score`
    follow scikit-learn: `clone`, `cross_val_score`, `cross_val_predict` and `GridSearchCV` work.
    """

    def __init__(
        self,
        codebook: Codebook,
        encoder: Encoder | str = "auto",
        *,
        strength: Strength = "auto",
        precision: float | Mapping[str, float] | None = None,
        recall: float | Mapping[str, float] | None = None,
        confidence: float = 0.95,
        tuning: TuningPlan | None = None,
        threshold_for: ThresholdFor = "both",
        language_shift: LanguageShiftOption = "remove",
        random_seed: int = 0,
    ) -> None:
        self.codebook = codebook
        self.encoder = encoder
        self.strength = strength
        self.precision = precision
        self.recall = recall
        self.confidence = confidence
        self.tuning = tuning
        self.threshold_for, self.language_shift, self.random_seed = threshold_for, language_shift, random_seed

    def fit(
        self,
        texts: Sequence[str] | None = None,
        labels: Labels | None = None,
        *,
        groups: Sequence[object] | None = None,
        progress: str = "",
        say: Say | None = None,
    ) -> FrameClassifier:
        """Fit on the codebook alone, or also on labelled texts.

        Parameters
        ----------
        texts : sequence of str, optional
            Length n.
        labels : array of bool of shape (n, K), DataFrame, or list, optional
            Which frames each text carries. A DataFrame has a column a frame, named by its id, in any order. A list has
            for each text its frames by id or name: a list of them, or one string with `;` between them, or `none`.
        groups : sequence, optional
            The document of each text, length n: texts of one are never on both sides of a fold.
        progress : str
            Title of a bar, on a terminal.
        say : callable, optional
            Is called with the strength and why it was taken, and with how far tuning is.

        Returns
        -------
        FrameClassifier
            Itself.

        Raises
        ------
        InputError
            For shapes that do not fit, and for strengths or guarantees that need labels (a strength is content with a
            codebook that has eight examples of each frame).
        """
        labelled = self._check_input(texts, labels, groups)
        learns, seed = labelled is None and self.strength in LEARNT, self.random_seed
        if learns:
            check_examples(self.codebook, self.strength)
        texts_to_learn = labelled or gather_anchors(self.codebook, learns=learns, random_seed=seed)[1]
        self.encoder_ = open_for_fit(self.encoder, self.codebook, texts_to_learn, self.strength, self.tuning, say=say)
        name = self.encoder_name_ = self.encoder_.name
        anchors, examples = gather_anchors(self.codebook, learns=learns, encoder=name, random_seed=seed, say=say)
        self.zero_shot_, self.dtype_ = labelled is None, self.encoder_.dtype
        labelled = labelled or examples
        self.classes_ = np.array(self.codebook.frame_ids)
        sizes = {
            "n_labelled": 0 if labelled is None else len(labelled.texts),
            "n_frames": len(self.classes_),
            "n_groups": 1 if labelled is None else labelled.n_groups,
        }
        self.strength_ = choose_strength(self.strength, **sizes, tunable=self.encoder_.tunable)
        ensemble = make_ensemble(self.codebook, self.encoder_, language_shift=self.language_shift)
        self.training_hash_, self.training_dtype_ = "", ""
        self.cross_fitted_: Array | None = None
        self.folds_: NDArray[np.int64] | None = None
        self.guarantees_ = pd.DataFrame(columns=list(GUARANTEES))
        self.decision_rule_ = DecisionRule(self.codebook.multi_label, residual=self.codebook.residual)
        if labelled is None or self.strength_ == "zero-shot":
            self.zero_shot_ = True
            anchor_scores = ensemble.fit_anchors(anchors)
        else:
            if say is not None:
                say(explain_strength(self.strength, self.strength_, **sizes, encoder=self.encoder_name_))
            anchor_scores = self._fit_labelled(ensemble, anchors, labelled, progress, say)
        self.ensemble_, self.threshold_ = ensemble, self.decision_rule_.threshold
        present = self.decide_scores(anchor_scores) == "present"
        self.anchors_ = describe_anchors(anchor_scores, present, anchors.targets[anchors.counted], self.classes_)
        return self

    def _fit_labelled(
        self, ensemble: Ensemble, anchors: Anchors, labelled: LabelledTexts, progress: str, say: Say | None
    ) -> Array:
        """Learn from labelled texts; left-out scores of the anchors that are passages."""
        learnt = learn_from_labels(
            ensemble,
            anchors,
            labelled,
            plan=(self.tuning or TuningPlan()) if self.strength_ == "fine-tuned" else None,
            must_tune=self.strength != "auto",
            requirements=self._check_requirements(),
            frames=self.codebook.frame_ids,
            residual=self.codebook.residual,
            threshold_for=self.threshold_for,
            random_seed=self.random_seed,
            progress=progress,
            say=say,
        )
        if say is not None and not self.zero_shot_ and len(labelled.texts) <= FEW_LABELLED:
            rival = make_ensemble(self.codebook, self.encoder_, language_shift=self.language_shift)
            compare_with_zero_shot(rival, anchors, labelled, learnt, say=say)
        self.training_dtype_, self.guarantees_ = learnt.training_dtype, learnt.guarantees
        self.strength_ = "head" if ensemble.tuned is None else "fine-tuned"
        self.decision_rule_ = learnt.rule
        if self.zero_shot_:  # examples are no labels of a corpus: nothing can be corrected by them
            ensemble.forget_folds()
        else:
            self.training_hash_ = labelled.sha256
            self.cross_fitted_, self.folds_ = learnt.cross_fitted, labelled.folds
        return learnt.anchor_scores

    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Score passages.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (n, K)
            Scores from 0 to 1.

        Raises
        ------
        NotFittedError
            Before `fit`.
        """
        self._check_fitted("predict_proba")
        return self.ensemble_.predict_proba(list_texts(texts, method="predict_proba"), progress=progress)

    def predict_folds(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Score passages by the classifiers without each fold of the labelled texts.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (J, n, K)
            Scores from 0 to 1 without each of the J folds.

        Raises
        ------
        InputError
            Where nothing was learned from labels, and for a loaded classifier.

        Notes
        -----
        With `folds_` they carry the errors on labelled passages over to passages that nobody labelled (cross-fitting,
        Chernozhukov et al. 2018; Zrnic & Candès 2024).
        """
        if not hasattr(self, "ensemble_") or not self.ensemble_.fold_blends:
            raise InputError("predict_folds: fit on labels first; zero-shot and loaded classifiers have no folds.")
        return self.ensemble_.predict_folds(list_texts(texts, method="predict_folds"), progress=progress)

    def find_long(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Find the passages that are longer than what the encoder reads at once.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for those that are scored in pieces.
        """
        self._check_fitted("find_long")
        return self.ensemble_.find_long(list_texts(texts, method="find_long"))

    def describe_anchors(self) -> pd.DataFrame:
        """Describe per frame how well held-out seeds find it.

        Returns
        -------
        DataFrame
            `anchors_`.
        """
        self._check_fitted("describe_anchors")
        return self.anchors_

    def _check_input(
        self, texts: Sequence[str] | None, labels: Labels | None, groups: Sequence[object] | None
    ) -> LabelledTexts | None:
        """What `fit` learns from, checked with all parameters before anything is encoded."""
        if not isinstance(self.codebook, Codebook):
            raise InputError(f"expected a Codebook, got {self.codebook!r}; see read_codebook.", argument="codebook")
        guaranteed = (self.precision, self.recall) != (None, None)
        check_strength(self.strength, labelled=labels is not None, guaranteed=guaranteed)
        check_threshold_for(self.threshold_for)
        check_language_shift(self.language_shift)
        self._check_requirements()
        return gather_labelled(self.codebook, texts, labels, groups, random_seed=self.random_seed)

    def _check_requirements(self) -> Requirements:
        return check_requirements(self.precision, self.recall, self.confidence, frames=self.codebook.frame_ids)

    def _check_fitted(self, method: str) -> None:
        if not hasattr(self, "ensemble_"):
            raise NotFittedError(f"{method}: call fit first.")
