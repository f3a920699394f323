"""A classifier that learns from labels: strengths, out-of-fold scores, promises, tuning."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_predict

from framing.classify import ensemble as ensembles
from framing.classify.anchors import make_anchors
from framing.classify.calibration import Blend
from framing.classify.classifier import FrameClassifier
from framing.classify.decisions import best_threshold
from framing.classify.folds import assign_folds
from framing.classify.frozen.text_features import Features
from framing.classify.guarantees import GUARANTEES
from framing.classify.saved import load_classifier, save_classifier
from framing.classify.tuned.expert import TunedEncoder
from framing.classify.tuned.plan import TuningPlan
from framing.encoders.sentence import SentenceEncoder
from framing.errors import InputError
from tests.classify.labelled import FEW, labelled, one_hot
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook, static_model, transformer_model

pytestmark = pytest.mark.usefixtures("short_background")


class Untouched(WordEncoder):
    """Refuses to encode: what is wrong with the arguments must be said before."""

    def encode(self, texts, *, progress=""):
        raise AssertionError("something was encoded")


@pytest.fixture(scope="module")
def bert(tmp_path_factory) -> SentenceEncoder:
    folder = transformer_model(tmp_path_factory.mktemp("bert") / "bert")
    return SentenceEncoder(str(folder), dtype="float32")


@pytest.fixture(scope="module")
def mpnet(tmp_path_factory) -> SentenceEncoder:
    folder = transformer_model(tmp_path_factory.mktemp("mpnet") / "mpnet", "mpnet")
    return SentenceEncoder(str(folder), dtype="float32")


@pytest.mark.parametrize(
    ("n", "strength", "expected"),
    [
        (0, "auto", "zero-shot"),
        (6, "auto", "head"),
        (23, "auto", "head"),
        (24, "auto", "fine-tuned"),  # eight a frame on average
        (6, "fine-tuned", "fine-tuned"),
        (30, "head", "head"),
        (30, "zero-shot", "zero-shot"),
    ],
)
def test_strength_follows_the_labels(bert, n, strength, expected):
    texts, labels = labelled(n) if n else (None, None)
    fitted = FrameClassifier(codebook(), bert, strength=strength, tuning=FEW).fit(texts, labels)
    assert fitted.strength_ == expected
    assert fitted.zero_shot_ is (expected == "zero-shot")
    assert (fitted.ensemble_.tuned is not None) is (expected == "fine-tuned")
    assert (fitted.training_hash_ != "") is (expected != "zero-shot")
    if expected == "zero-shot":
        assert fitted.cross_fitted_ is None
    else:
        assert fitted.cross_fitted_.shape == labels.shape
        assert np.isfinite(fitted.cross_fitted_).all()


def test_zero_shot_with_labels_is_zero_shot_without():
    labels = FrameClassifier(codebook(), WordEncoder(), strength="zero-shot").fit(*labelled(30))
    plain = FrameClassifier(codebook(), WordEncoder()).fit()
    np.testing.assert_array_equal(labels.predict_proba(PASSAGES), plain.predict_proba(PASSAGES))


def test_auto_takes_the_head_where_the_encoder_cannot_be_tuned(tmp_path):
    others = [
        WordEncoder(),
        SentenceEncoder(str(static_model(tmp_path / "static")), dtype="float32"),
        SentenceEncoder(str(transformer_model(tmp_path / "distilbert", "distilbert")), dtype="float32"),
    ]
    for encoder in others:
        fitted = FrameClassifier(codebook(), encoder, tuning=FEW).fit(*labelled(24))
        assert fitted.strength_ == "head"
        assert fitted.ensemble_.tuned is None
        assert fitted.predict_proba(PASSAGES).shape == (3, 3)


def test_tuning_an_encoder_that_cannot_be_tuned_is_refused(tmp_path):
    static = SentenceEncoder(str(static_model(tmp_path / "static")), dtype="float32")
    with pytest.raises(InputError, match=r"is no transformer of embeddings and layers.*choose strength head"):
        FrameClassifier(codebook(), static, strength="fine-tuned").fit(*labelled(9))
    with pytest.raises(InputError, match=r"The encoder words cannot be fine-tuned; choose strength head"):
        FrameClassifier(codebook(), WordEncoder(), strength="fine-tuned").fit(*labelled(9))


def test_tuning_needs_two_groups(bert):
    texts, labels = labelled(24)
    with pytest.raises(InputError, match=r"fine-tuned needs labelled texts of at least two documents, but all are of"):
        FrameClassifier(codebook(), bert, strength="fine-tuned").fit(texts, labels, groups=["d"] * 24)
    assert FrameClassifier(codebook(), bert).fit(texts, labels, groups=["d"] * 24).strength_ == "head"


@pytest.mark.parametrize(
    ("parameters", "more", "message"),
    [
        ({"strength": "strong"}, {}, r"no strength 'strong'\. Choose auto, zero-shot, head, fine-tuned\."),
        ({"confidence": 1.0}, {}, r"confidence: expected a share between 0\.5 and 1, got 1\.0"),
        ({"confidence": 0.5}, {}, r"confidence: expected a share between 0\.5 and 1, got 0\.5"),
        ({"precision": {"peace": 0.9}}, {}, r"precision: no frame\(s\) peace\. Frames: war, trade, sport\."),
        ({"recall": 1.5}, {}, r"recall of war: expected a share between 0 and 1 \(exclusive\), got 1\.5"),
        ({"strength": "zero-shot", "recall": 0.9}, {}, r"precision or recall can only be promised on labels"),
        ({}, {"groups": [1, 2]}, r"groups: 9 texts, but 2 groups; expected one a text"),
    ],
)
def test_wrong_arguments_are_named_before_anything_is_encoded(parameters, more, message):
    with pytest.raises(InputError, match=message):
        FrameClassifier(codebook(), Untouched(), **parameters).fit(*labelled(9), **more)


@pytest.mark.parametrize("strength", ["head", "fine-tuned"])
def test_learning_needs_labels(strength):
    with pytest.raises(InputError, match=f"strength {strength} learns from labels: give some, or a codebook"):
        FrameClassifier(codebook(), Untouched(), strength=strength).fit()
    with pytest.raises(InputError, match="precision or recall can only be promised on labels; give some"):
        FrameClassifier(codebook(), Untouched(), precision=0.9).fit()


@pytest.mark.parametrize("n_frames", [0, 2])
def test_one_frame_a_passage_means_one_label_a_text(n_frames):
    texts, labels = labelled(6)
    labels[4] = np.arange(3) < n_frames
    expected = rf"tiny has exactly one frame a passage, but the labels of text 4 \(counted from 0\) name {n_frames}"
    with pytest.raises(InputError, match=expected):
        FrameClassifier(codebook(), Untouched()).fit(texts, labels)


@pytest.fixture
def pinned(monkeypatch) -> np.ndarray:
    """Neither the seeds' weight nor the folds depend on labels: then only honesty is left to depend on them."""
    options = {"seed_weights": (0.3,), "ridges": (0.15,)}
    monkeypatch.setattr(ensembles, "FrozenExpert", functools.partial(ensembles.FrozenExpert, **options))
    folds = np.arange(30) % 10 // 3
    monkeypatch.setattr("framing.classify.supervision.assign_folds", lambda *_, **__: folds)
    return folds


def grouped() -> tuple[list[str], np.ndarray, list[int]]:
    """Thirty texts of ten documents; in each the first is long enough to have windows."""
    texts, labels = labelled(30)
    long = [". ".join(part.capitalize() for part in (texts * 2)[row : row + 8]) + "." for row in range(10)]
    return [*long, *texts[10:]], labels, [row % 10 for row in range(30)]


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("row", [2, 17])
def test_a_label_does_not_move_what_the_head_says_of_its_document(pinned, multi_label, row):
    """The cross-fitted score can move by the blend only, which other documents' left-out scores are fitted with."""
    texts, labels, groups = grouped()
    changed = labels.copy()
    changed[row] = np.roll(labels[row], 1)
    before, after = (
        FrameClassifier(codebook(multi_label=multi_label), WordEncoder(), strength="head").fit(
            texts, given, groups=groups
        )
        for given in (labels, changed)
    )
    assert set(before.ensemble_.frozen.features(texts)[2].tolist()) == set(range(10)), "the long texts have windows"
    own = np.array(groups) == groups[row]
    said = [fitted.ensemble_.frozen.left_out_[-30:] for fitted in (before, after)]
    assert np.abs(said[0] - said[1])[own].max() < 1e-9
    assert np.abs(said[0] - said[1])[~own].max() > 1e-3
    assert np.abs(after.predict_proba(PASSAGES) - before.predict_proba(PASSAGES)).max() > 1e-3


@pytest.mark.parametrize("multi_label", [True, False])
def test_cross_fitted_scores_are_blended_by_the_other_folds(pinned, multi_label):
    texts, labels, groups = grouped()
    fitted = FrameClassifier(codebook(multi_label=multi_label), WordEncoder(), strength="head")
    fitted.fit(texts, labels, groups=groups)
    left_out = fitted.ensemble_.frozen.left_out_[None, -30:]
    for number in range(4):
        held = pinned == number
        blend = Blend(multi_label=multi_label).fit(left_out[:, ~held], labels[~held])
        np.testing.assert_allclose(fitted.cross_fitted_[held], blend.predict_proba(left_out[:, held]))


def test_scores_of_folds_are_of_heads_that_never_saw_the_fold(pinned):
    """Labels of a fold do not move what its head says; folds are those of `folds_`."""
    texts, labels, groups = grouped()
    changed = labels.copy()
    changed[pinned == 2] = np.roll(labels[pinned == 2], 1, axis=1)
    before, after = (
        FrameClassifier(codebook(), WordEncoder(), strength="head").fit(texts, given, groups=groups)
        for given in (labels, changed)
    )
    assert (before.folds_ == pinned).all()
    new = [*PASSAGES, *texts[:10]]
    said = [fitted.ensemble_.frozen.score_folds(new) for fitted in (before, after)]
    assert said[0].shape == (4, 13, 3)
    assert np.abs(said[0][2] - said[1][2]).max() < 1e-9
    assert np.abs(said[0] - said[1])[[0, 1, 3]].max(axis=(1, 2)).min() > 1e-3


def test_scores_of_folds_are_those_of_a_head_fitted_without_the_fold(pinned):
    """The head solved once more on the other texts; one weight a row relative to the mean of all, as with the fold."""
    texts, labels, groups = grouped()
    fitted = FrameClassifier(codebook(), WordEncoder(), strength="head")
    expert = fitted.fit(texts, labels, groups=groups).ensemble_.frozen
    anchors = make_anchors(fitted.codebook)
    new = [*PASSAGES, texts[3]]
    every, (ahead, pieces, owners, _) = expert.features([*anchors.texts, *texts])[0], expert.features(new)
    targets = np.vstack([anchors.targets, labels])
    weights = np.r_[np.full(len(anchors.texts), 0.3), np.ones(30)]
    in_fold = np.r_[np.full(len(anchors.texts), -1), pinned]

    def kernel(left: Features) -> np.ndarray:
        cosine = (left.vectors @ every.vectors.T).astype(float)
        return np.exp(2 * (cosine - 1)) + 0.25 * (left.words @ every.words.T).toarray() + 0.05

    among, whole, parts = kernel(every), kernel(ahead), kernel(pieces)
    assert len(owners), "the last of them has windows"
    found = expert.score_folds(new)
    for number in range(4):
        kept = in_fold != number
        ridge = np.diag(0.15 / (weights / weights.mean())[kept])
        dual = np.linalg.solve(among[np.ix_(kept, kept)] + ridge, np.where(targets[kept], 1.0, -1.0))
        expected = whole[:, kept] @ dual
        of_windows = (parts[:, kept] @ dual).max(axis=0)
        expected[3] = (expected[3] + of_windows) / 2
        assert np.abs(found[number] - expected).max() < 3e-6  # cosines are float32, and products of another shape


@pytest.mark.parametrize(("strength", "multi_label"), [("head", True), ("fine-tuned", False)])
def test_predicted_folds_are_blended_without_the_fold(bert, strength, multi_label):
    texts, labels = labelled(30)
    plan = TuningPlan(objective="classification", min_steps=1, max_steps=1)
    encoder = bert if strength == "fine-tuned" else WordEncoder()
    fitted = FrameClassifier(codebook(multi_label=multi_label), encoder, strength=strength, tuning=plan)
    fitted.fit(texts, labels)
    new = [PASSAGES[1], *PASSAGES, *texts[:2], PASSAGES[1]]
    found = fitted.predict_folds(new)
    assert found.shape == (4, 7, 3)
    assert ((found >= 0) & (found <= 1)).all()
    np.testing.assert_array_equal(found[:, 0], found[:, 2])
    np.testing.assert_array_equal(found[:, 0], found[:, 6])
    out_of_fold = [fitted.ensemble_.frozen.left_out_[-30:]]
    experts = [fitted.ensemble_.frozen.score_folds(new)]
    if strength == "fine-tuned":
        out_of_fold.append(fitted.ensemble_.tuned.left_out_[-30:])
        experts.append(fitted.ensemble_.tuned.score_members(new))
    for number in range(4):
        others = fitted.folds_ != number
        blend = Blend(multi_label=multi_label).fit(np.stack(out_of_fold)[:, others], labels[others])
        np.testing.assert_allclose(
            found[number], blend.predict_proba(np.stack([each[number] for each in experts])), atol=1e-6
        )
    assert fitted.predict_folds([]).shape == (4, 0, 3)


def test_only_what_learned_from_labels_has_folds(tmp_path):
    texts, labels = labelled(12)
    zero_shot = FrameClassifier(codebook(), WordEncoder()).fit()
    fitted = FrameClassifier(codebook(), WordEncoder()).fit(texts, labels)
    save_classifier(fitted, tmp_path / "kept")
    loaded = load_classifier(tmp_path / "kept", codebook(), encoder=WordEncoder())
    for without in (FrameClassifier(codebook(), WordEncoder()), zero_shot, loaded):
        with pytest.raises(InputError, match="predict_folds: fit on labels first; zero-shot and loaded classifiers"):
            without.predict_folds(PASSAGES)
    with pytest.raises(InputError, match="predict_folds: expected a list of texts, got one text"):
        fitted.predict_folds(PASSAGES[0])
    again = fitted.fit()  # without labels: the folds of before are gone
    with pytest.raises(InputError, match="fit on labels first"):
        again.predict_folds(PASSAGES)


@pytest.mark.parametrize("strength", ["head", "fine-tuned"])
def test_random_labels_are_not_found_again(bert, strength):
    """Each text comes three times, in capitals too, with one random label: a leak would find it again."""
    generator = np.random.default_rng(3)
    texts, _ = labelled(50, seed=4)
    labels = one_hot(*generator.integers(0, 3, 50))
    everything = [*texts, *(text.upper() for text in texts), *(f" {text}" for text in texts)]
    fitted = FrameClassifier(codebook(), bert, strength=strength, tuning=FEW)
    fitted.fit(everything, np.tile(labels, (3, 1)))
    found = fitted.cross_fitted_.argmax(axis=1) == np.tile(labels.argmax(axis=1), 3)
    assert found[:50].mean() < 1 / 3 + 3 * np.sqrt(2 / 9 / 50)


def test_groups_stay_whole_in_the_folds():
    texts, labels, groups = grouped()
    folds = FrameClassifier(codebook(), WordEncoder(), random_seed=5).fit(texts, labels, groups=groups).folds_
    assert set(folds.tolist()) == {0, 1, 2, 3}
    assert all(len({folds[row] for row in range(30) if groups[row] == group}) == 1 for group in range(10))
    expected = assign_folds(labels, np.array(groups), n_folds=4, random_seed=5)
    np.testing.assert_array_equal(folds, expected)
    other = FrameClassifier(codebook(), WordEncoder(), random_seed=6).fit(texts, labels, groups=groups).folds_
    assert (other != folds).any()


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("multi_label", [True, False])
def test_a_handful_of_labels_is_learned_from(n, multi_label):
    texts, labels = labelled(n)
    fitted = FrameClassifier(codebook(multi_label=multi_label), WordEncoder()).fit(texts, labels)
    assert fitted.strength_ == "head"
    assert np.isfinite(fitted.predict_proba(PASSAGES)).all()
    assert fitted.cross_fitted_.shape == (n, 3)


def test_training_hash_names_texts_and_labels():
    texts, labels = labelled(6)
    other = labels.copy()
    other[0] = labels[1]
    hashes = [
        FrameClassifier(codebook(), WordEncoder()).fit(*given).training_hash_
        for given in (
            (texts, labels),
            (texts, labels),
            (texts, other),
            (texts[::-1], labels[::-1]),
            (["x", *texts[1:]], labels),
        )
    ]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 4
    assert all(len(value) == 64 for value in hashes)


def test_scores_do_not_depend_on_how_many_are_scored_at_once(monkeypatch):
    fitted = FrameClassifier(codebook(), WordEncoder()).fit(*labelled(9))
    texts = [*PASSAGES, *WAR, PASSAGES[0], *SPORT, PASSAGES[2]]
    whole = fitted.predict_proba(texts)
    monkeypatch.setattr(ensembles, "_BATCH_TEXTS", 2)
    np.testing.assert_allclose(
        fitted.predict_proba(texts), whole, rtol=1e-5
    )  # float32 sums differ in their last bits with the size of a batch


def test_threshold_is_the_best_on_cross_fitted_scores():
    texts, labels = labelled(60)
    labels[:, 1] |= np.random.default_rng(0).random(60) < 0.2
    fitted = FrameClassifier(codebook(multi_label=True), WordEncoder()).fit(texts, labels)
    assert fitted.threshold_ == best_threshold(fitted.cross_fitted_, labels)
    single = FrameClassifier(codebook(), WordEncoder()).fit(*labelled(60))
    assert single.threshold_ == 0.5


# promises


@pytest.mark.slow
@pytest.mark.parametrize("multi_label", [True, False])
def test_promises_hold_on_the_labelled_passages_and_cost_abstentions(multi_label):
    texts, labels = labelled(150)
    noisy = labels.copy()
    wrong = np.random.default_rng(1).random(150) < 0.1
    noisy[wrong] = np.roll(noisy[wrong], 1, axis=1)
    book = codebook(multi_label=multi_label)
    fitted = FrameClassifier(book, WordEncoder(), precision={"war": 0.7}, recall={"sport": 0.8}, confidence=0.9)
    fitted.fit(texts, noisy)
    table = fitted.guarantees_.set_index(["frame", "measure"])
    assert tuple(fitted.guarantees_.columns) == GUARANTEES
    assert table.index.to_list() == [("war", "precision"), ("sport", "recall")]
    assert table["held"].all()
    decided = fitted.decide_scores(fitted.cross_fitted_)
    assert noisy[decided[:, 0] == "present", 0].mean() >= 0.7
    assert (decided[noisy[:, 2], 2] == "absent").mean() <= 0.2
    assert (decided[:, 1] != "abstain").all(), "nothing was asked of trade"
    free = FrameClassifier(book, WordEncoder()).fit(texts, noisy)
    np.testing.assert_array_equal(free.cross_fitted_, fitted.cross_fitted_)
    assert not (free.decide_scores(free.cross_fitted_) == "abstain").any()
    assert len(free.guarantees_) == 0
    given = free.decide_scores(free.cross_fitted_)[:, 0] == "present"
    kept = decided[given, 0] == "present"
    assert table.loc[("war", "precision"), "share_kept"] == pytest.approx(kept.mean())


def test_too_few_labels_promise_nothing_and_abstain():
    fitted = FrameClassifier(codebook(), WordEncoder(), precision=0.9, recall={"war": 0.9}).fit(*labelled(12))
    assert not fitted.guarantees_["held"].any()
    assert fitted.guarantees_["note"].str.match(r"too few labels: \d+ passages .*, at least (42|29) are needed").all()
    decided = fitted.decide(PASSAGES)
    assert not (decided == "present").any(), "no frame is given without the precision that was asked for"
    assert (decided[:, 0] == "abstain").all(), "nor war denied without the recall"
    assert set(decided[:, 1:].ravel()) == {"abstain", "absent"}


def test_predict_takes_an_abstention_for_no():
    fitted = FrameClassifier(codebook(), WordEncoder(), precision=0.9).fit(*labelled(12))
    assert not fitted.predict(PASSAGES).to_numpy().any()


def test_clone_and_cross_validation_keep_the_new_parameters():
    texts, labels = labelled(60)
    classifier = FrameClassifier(
        codebook(), WordEncoder(), strength="head", precision=0.5, recall={"war": 0.5}, confidence=0.8,
        tuning=FEW, random_seed=3,
    )  # fmt: skip
    copy = clone(classifier)
    for name in ("strength", "precision", "recall", "confidence", "tuning", "random_seed"):
        assert copy.get_params()[name] == classifier.get_params()[name]
    chances = cross_val_predict(classifier, texts, labels, cv=3, method="predict_proba")
    assert (chances.argmax(axis=1) == labels.argmax(axis=1)).mean() > 0.9
    search = GridSearchCV(
        classifier, {"strength": ["zero-shot", "head"], "precision": [None], "recall": [None]}, cv=2,
        scoring=lambda fitted, held, truth: float((fitted.predict(held).to_numpy() == truth).mean()),
    ).fit(texts, labels)  # fmt: skip
    assert search.best_score_ > 0.9


# tuned end to end


@pytest.mark.slow
@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("which", ["bert", "mpnet"])
def test_fine_tuned_classifier(request, which, multi_label):
    encoder = request.getfixturevalue(which)
    texts, labels = labelled(30)
    book = codebook(multi_label=multi_label)
    fitted, again = (
        FrameClassifier(book, encoder, strength="fine-tuned", tuning=FEW, random_seed=1).fit(texts, labels)
        for _ in range(2)
    )
    n_anchors = len(fitted.ensemble_.tuned.left_out_) - 30
    assert len(fitted.ensemble_.tuned.members_) == 4
    assert np.isnan(fitted.ensemble_.tuned.left_out_[:n_anchors]).all(), "seeds are in no fold"
    assert np.isfinite(fitted.ensemble_.tuned.left_out_[n_anchors:]).all()
    assert fitted.ensemble_.blend.slopes_.shape == (2, 3)
    scores = fitted.predict_proba(PASSAGES)
    assert ((scores >= 0) & (scores <= 1)).all()
    np.testing.assert_array_equal(scores, again.predict_proba(PASSAGES))
    np.testing.assert_array_equal(fitted.cross_fitted_, again.cross_fitted_)
    np.testing.assert_allclose(fitted.predict_proba([PASSAGES[1]])[0], scores[1], atol=1e-5)


@pytest.mark.slow
def test_auto_objective_picks_one(bert):
    plan = TuningPlan(min_steps=3, max_steps=4)
    fitted = FrameClassifier(codebook(), bert, strength="fine-tuned", tuning=plan).fit(*labelled(12))
    assert fitted.ensemble_.tuned.plan_.objective in ("classification", "contrastive")


def test_tuning_sees_roles_between_single_tokens_and_seeds_by_their_weight(bert, monkeypatch):
    seen = {}
    fit = TunedEncoder.fit

    def spy(self, texts, targets, weights, folds, **options):
        seen.update(texts=texts, weights=weights, folds=folds)
        return fit(self, texts, targets, weights, folds, **options)

    monkeypatch.setattr(TunedEncoder, "fit", spy)
    texts, labels = labelled(9)
    texts[0] = "<s>Soldiers</s> hit <t>the port</t>"
    fitted = FrameClassifier(codebook(), bert, strength="fine-tuned", tuning=FEW).fit(texts, labels)
    n = len(seen["texts"]) - 9
    assert seen["texts"][n] == "@ Soldiers @ hit # the port #"
    assert seen["texts"][:3] == WAR
    assert (seen["folds"][:n] == -1).all()
    assert set(seen["weights"][:n]) == {max(fitted.ensemble_.frozen.seed_weight_, 0.1)}
    assert (seen["weights"][n:] == 1).all()
    scored = []
    monkeypatch.setattr(
        TunedEncoder, "score", lambda self, texts, **_: scored.extend(texts) or np.zeros((len(texts), 3))
    )
    fitted.predict_proba(["<s>A</s> met <t>B</t>"])
    assert scored == ["@ A @ met # B #"]


# examples of the codebook in place of labels


def with_examples(n: int):
    """A codebook whose first frames have `n` examples each, the last the same."""
    sentences = {"war": WAR, "trade": TRADE, "sport": SPORT}
    examples = [
        {"text": f"{sentences[name][row % 3]} Report {row}.", "frames": [name]}
        for name in sentences
        for row in range(n)
    ]
    return codebook(multi_label=True, examples=examples)


@pytest.mark.parametrize("strength", ["head", "fine-tuned"])
def test_too_few_examples_cannot_stand_for_labels(strength):
    with pytest.raises(InputError, match=r"8 examples.*Too few of: war \(7\), trade \(7\), sport \(7\)"):
        FrameClassifier(with_examples(7), Untouched(), strength=strength).fit()


def test_examples_stand_for_labels_and_scores_stay_exploratory():
    book = with_examples(8)
    classifier = FrameClassifier(book, WordEncoder(), strength="head").fit()
    assert (classifier.strength_, classifier.zero_shot_, classifier.training_hash_) == ("head", True, "")
    assert classifier.cross_fitted_ is None  # examples are no labelled passages of a corpus: nothing is corrected
    assert classifier.folds_ is None
    with pytest.raises(InputError, match="fit on labels first"):
        classifier.predict_folds(PASSAGES)
    texts = [example.text for example in book.examples]
    labels = np.repeat(np.eye(3, dtype=bool), 8, axis=0)
    bare = book.model_copy(update={"examples": ()})
    by_labels = FrameClassifier(bare, WordEncoder(), strength="head").fit(texts, labels)
    assert not by_labels.zero_shot_
    np.testing.assert_allclose(classifier.predict_proba(PASSAGES), by_labels.predict_proba(PASSAGES))
    assert classifier.threshold_ == by_labels.threshold_


def test_a_classifier_tuned_on_examples_is_still_exploratory_when_it_is_loaded(bert, tmp_path):
    plan = TuningPlan(epochs=1, min_steps=1, max_steps=2, trained_layers=1)
    book = with_examples(8)
    classifier = FrameClassifier(book, bert, strength="fine-tuned", tuning=plan).fit()
    save_classifier(classifier, tmp_path / "saved")
    again = load_classifier(tmp_path / "saved", book, encoder=bert)
    assert (again.strength_, again.zero_shot_) == ("fine-tuned", True)
    np.testing.assert_allclose(again.predict_proba(PASSAGES), classifier.predict_proba(PASSAGES), atol=1e-6)


def test_the_threshold_is_for_the_measure_that_is_asked_for():
    texts, labels = labelled(30)
    book = codebook(multi_label=True)
    lines: list[str] = []
    for measure in ("macro", "micro"):
        classifier = FrameClassifier(book, WordEncoder(), strength="head", threshold_for=measure)
        classifier.fit(texts, labels, say=lines.append)
        assert classifier.threshold_ == best_threshold(classifier.cross_fitted_, labels, measure)
        assert f"for {measure}-F1: on labels left out precision" in lines[-1]
    with pytest.raises(InputError, match="threshold_for: expected both, macro, micro, got 'f1'"):
        FrameClassifier(book, Untouched(), threshold_for="f1").fit()


def test_macro_and_micro_f1_ask_for_other_thresholds():
    """Nine texts carry the common frame, with scores of 0.6; the rare one has 0.2 where it is right, twice of three."""
    scores = np.array([[0.6, 0.05]] * 9 + [[0.05, 0.2]] * 3 + [[0.3, 0.05]] * 3)
    labels = np.array([[1, 0]] * 9 + [[0, 1]] * 2 + [[0, 0]] * 4, dtype=bool)
    assert best_threshold(scores, labels, "micro") > 0.3  # three marks too many at 0.2 and below
    assert best_threshold(scores, labels, "macro") <= 0.2
