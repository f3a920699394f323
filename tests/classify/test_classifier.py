"""Passages to frames: a good citizen of scikit-learn, silent on plain prose, taught by labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score

from framing.classify import classifier as classify
from framing.classify.anchors import codebook_anchors
from framing.classify.calibration import Blend
from framing.classify.classifier import FrameClassifier, background_passages, best_threshold
from framing.classify.frozen import expert as experts
from framing.classify.frozen.kernel_ridge import Features
from framing.classify.saved import load_classifier, save_classifier
from framing.classify.tuned.expert import TunedEncoder, TuningPlan
from framing.codebook import read_codebook
from framing.encoders.sentence import SentenceEncoder
from framing.errors import InputError
from framing.tables import GUARANTEES
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook, frame, static_model, transformer_model

PLAIN = """\
The bakery on the corner opens at six and sells out of rye bread by nine.
Heavy rain delayed the tennis final by two hours, and spectators sheltered under the stands.
The orchestra will open its season with a programme of Dvořák and Sibelius.
A retired teacher in Leeds has catalogued four hundred kinds of moss.
The new footbridge over the river will be closed for painting until Friday.
Scientists have described a beetle that lives only in hollow oak trees.
Ticket prices for the zoo will rise by fifty cents from the first of April.
Her second novel follows three sisters who inherit a lighthouse.
The swimming pool reopened after its tiles and boilers were replaced.
Two sheep escaped from a trailer and were found grazing on the golf course.
Doctors recommend a short walk after meals for people who sit all day.
The chef uses smoked butter and pickled plums in nearly every dish.
A thirteen-year-old from Porto won the national spelling competition.
The town council approved a cycle lane along the old railway line.
Apple growers expect a smaller harvest because frost came in May.
The museum has lent its collection of glass to a gallery in Turin.
Passengers may bring one small suitcase and a bag without paying extra.
The choir meets on Wednesday evenings in the parish hall.
Engineers replaced the lift in the city library during the summer holidays.
A documentary about beekeepers in Slovenia won the audience prize.""".splitlines()

OBVIOUS = {
    "escalation_risk": (
        "Diplomats fear that the strikes could drag NATO into a direct war with Russia and end in the use "
        "of nuclear weapons."
    ),
    "deterrence": (
        "Only a show of strength will keep Moscow from attacking again; weakness would invite the next invasion."
    ),
    "china_as_stabilizer": (
        "Beijing urged restraint on all sides and offered to mediate, presenting its peace plan as the "
        "act of a responsible great power."
    ),
    "negotiated_settlement": (
        "Delegations met in Istanbul for a third round of ceasefire talks and agreed to keep negotiating a compromise."
    ),
    "alliance_strain": (
        "The allies quarrelled openly over who should pay, and Berlin accused Washington of deciding "
        "without its partners."
    ),
    "taiwan_precedent": (
        "What happens in Ukraine is a lesson for Taiwan, officials in Taipei said, because Beijing is "
        "watching how the world responds."
    ),
    "economic_coercion": (
        "Washington threatened secondary tariffs of 100 per cent on buyers of Russian oil unless they "
        "stop their imports."
    ),
    "arms_supply": (
        "The Pentagon will deliver ten more Patriot interceptors and 155-millimetre shells, while "
        "production lines struggle to keep up."
    ),
    "humanitarian_law": (
        "The missile hit a children's hospital and killed eleven civilians; investigators are examining "
        "it as a war crime."
    ),
    "china_russia_alignment": (
        "Xi and Putin signed new energy contracts and praised their partnership without limits as their "
        "navies exercised together."
    ),
}

EVENTS = {
    "consult": "The president flew to Hanoi and met his Vietnamese counterpart for talks.",
    "protest": "Thousands marched through Tbilisi to demonstrate against the government.",
    "assault": "Rebels shelled the town and killed nine soldiers.",
    "aid": "Norway gave Malawi 20 million dollars for flood relief.",
    "sanction": "The government banned imports from the country and recalled its ambassador.",
    "threaten": "The minister warned that his country would retaliate by force if the border was crossed.",
}

CHESS = [
    "The grandmaster opened with the queen's pawn and won a bishop on move twenty.",
    "After five hours the chess players agreed to a draw by repetition.",
    "A knight sacrifice decided the chess tournament in the last round.",
    "The young chess champion defended her title against a former world champion.",
]


@pytest.fixture(scope="module")
def single(encoder) -> FrameClassifier:
    """War, trade and sport: exactly one a passage."""
    return FrameClassifier(codebook(), encoder).fit()


@pytest.fixture(scope="module")
def plover(encoder, root) -> FrameClassifier:
    return FrameClassifier(read_codebook(root / "seeds" / "plover.yaml"), encoder).fit()


def one_hot(*columns: int, k: int = 3) -> np.ndarray:
    return np.eye(k, dtype=bool)[list(columns)]


def test_clone_is_unfitted_and_has_the_same_parameters(single):
    copy = clone(single)
    assert set(copy.get_params()) == {
        "codebook", "encoder", "strength", "precision", "recall", "confidence", "tuning", "random_seed",
    }  # fmt: skip
    assert copy.get_params()["codebook"].hash == single.codebook.hash
    with pytest.raises(InputError, match="predict_proba: call fit first"):
        copy.predict_proba(PASSAGES)
    np.testing.assert_array_equal(copy.fit().predict_proba(PASSAGES), single.predict_proba(PASSAGES))


def test_set_params_changes_the_codebook(encoder, single):
    other = codebook(frame("war", WAR), frame("sport", SPORT))
    assert FrameClassifier(single.codebook, encoder).set_params(codebook=other).fit().classes_.tolist() == [
        "war",
        "sport",
    ]


def test_cross_validation_and_grid_search_of_sklearn_work(encoder):
    texts = [*WAR, *TRADE, *SPORT, *PASSAGES]
    gold = one_hot(0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 1, 2)
    classifier = FrameClassifier(codebook(), encoder)
    chances = cross_val_predict(classifier, texts, gold, cv=3, method="predict_proba")
    assert chances.shape == gold.shape
    np.testing.assert_allclose(chances.sum(axis=1), 1.0)
    assert (cross_val_predict(classifier, texts, gold, cv=3) == gold).mean() > 0.9

    def accuracy(fitted, held_out, truth):
        return float((fitted.predict_proba(held_out).argmax(axis=1) == truth.argmax(axis=1)).mean())

    search = GridSearchCV(classifier, {"random_seed": [0, 1]}, cv=2, scoring=accuracy).fit(texts, gold)
    assert search.best_score_ > 0.9


def test_predict_names_frames_and_keeps_the_index_of_texts(single):
    found = single.predict(pd.Series(PASSAGES, index=["a", "b", "c"]))
    assert found.columns.tolist() == ["war", "trade", "sport"]
    assert found.index.tolist() == ["a", "b", "c"]
    assert found.to_numpy().tolist() == one_hot(0, 1, 2).tolist()
    assert single.predict(PASSAGES).index.tolist() == [0, 1, 2]


def test_labels_may_be_a_table_with_frames_in_any_order():
    texts, labels = labelled(12)
    table = pd.DataFrame(labels, columns=["war", "trade", "sport"])[["sport", "war", "trade"]]
    by_array, by_table = (FrameClassifier(codebook(), WordEncoder()).fit(texts, given) for given in (labels, table))
    np.testing.assert_array_equal(by_array.cross_fitted_, by_table.cross_fitted_)
    assert by_table.training_hash_ == by_array.training_hash_
    with pytest.raises(InputError, match=r"the columns of labels are sport, war; expected one column a frame .*trade"):
        FrameClassifier(codebook(), WordEncoder()).fit(texts, table[["sport", "war"]])


def test_score_is_the_share_of_texts_with_all_frames_right():
    fitted = FrameClassifier(codebook(), WordEncoder()).fit()
    right = fitted.predict(PASSAGES)
    half = right.copy()
    half.iloc[0] = np.roll(half.iloc[0].to_numpy(), 1)
    assert fitted.score(PASSAGES, right) == 1.0
    assert fitted.score(PASSAGES, half[["sport", "war", "trade"]]) == pytest.approx(2 / 3)
    assert fitted.score(PASSAGES, half, sample_weight=np.array([2.0, 1.0, 1.0])) == pytest.approx(1 / 2)
    with pytest.raises(InputError, match="score: 3 texts, but labels of shape"):
        fitted.score(PASSAGES, right.to_numpy()[:2])


def test_scikit_learn_scores_it_by_name_and_by_default():
    texts, labels = labelled(18)
    table = pd.DataFrame(labels, columns=["war", "trade", "sport"])
    classifier = FrameClassifier(codebook(multi_label=True), WordEncoder(), strength="head")
    for scoring in (None, "accuracy", "f1_macro", "average_precision"):
        found = cross_val_score(classifier, texts, table, cv=2, scoring=scoring)
        assert found.shape == (2,)
        assert (found > 0.5).all(), scoring
    search = GridSearchCV(classifier, {"strength": ["zero-shot", "head"]}, cv=2).fit(texts, table)
    assert search.best_params_["strength"] in ("zero-shot", "head")
    decided = cross_val_predict(classifier, texts, table, cv=2)
    assert decided.shape == labels.shape


def test_copies_of_an_estimator_share_its_encoder(encoder):
    assert clone(FrameClassifier(codebook(), encoder)).encoder is encoder


def test_shapes(single):
    assert single.predict_proba(PASSAGES).shape == (3, 3)
    assert single.decide(PASSAGES).shape == (3, 3)
    assert single.predict(PASSAGES).to_numpy().dtype == bool
    assert single.predict_proba([]).shape == (0, 3)
    assert single.decide([]).shape == (0, 3)
    assert single.classes_.tolist() == ["war", "trade", "sport"]
    assert (single.predict(PASSAGES).to_numpy() == one_hot(0, 1, 2)).all()


def test_fit_and_scores_are_deterministic(encoder, single):
    again = FrameClassifier(codebook(), encoder, random_seed=7).fit()
    np.testing.assert_array_equal(again.predict_proba(PASSAGES), single.predict_proba(PASSAGES))


def test_score_of_a_passage_does_not_depend_on_its_neighbours(single):
    together = single.predict_proba([*PASSAGES, *SPORT])
    np.testing.assert_allclose(single.predict_proba([PASSAGES[1]])[0], together[1], atol=1e-6)


def test_duplicates_score_alike_and_keep_their_place(single):
    scores = single.predict_proba([PASSAGES[0], PASSAGES[1], PASSAGES[0], PASSAGES[0]])
    assert scores.shape == (4, 3)
    assert (scores[0] == scores[2]).all()
    assert (scores[0] == scores[3]).all()
    assert not np.allclose(scores[0], scores[1])


def test_empty_text_is_scored_like_any_other(single, crisis_classifier):
    assert np.isfinite(single.predict_proba([""])).all()
    assert (crisis_classifier.decide([""]) == "absent").all()


def test_plain_prose_gets_no_frame(crisis_classifier):
    assert len(set(PLAIN)) == 20
    assert not set(PLAIN) & set(background_passages()), "the classifier must not have seen them"
    none = (crisis_classifier.decide(PLAIN) == "absent").all(axis=1)
    assert none.mean() >= 0.9, [text for text, free in zip(PLAIN, none, strict=True) if not free]


@pytest.mark.parametrize("name", OBVIOUS)
def test_obvious_passage_gets_its_frame(crisis_classifier, name):
    scores = crisis_classifier.predict_proba([OBVIOUS[name]])[0]
    assert crisis_classifier.classes_[scores.argmax()] == name
    assert crisis_classifier.decide([OBVIOUS[name]])[0, scores.argmax()] == "present"


def test_decisions_follow_the_threshold(crisis_classifier):
    texts = [*OBVIOUS.values(), *PLAIN]
    scores = crisis_classifier.predict_proba(texts)
    assert crisis_classifier.threshold_ == 0.5
    assert ((scores >= 0) & (scores <= 1)).all()
    np.testing.assert_array_equal(crisis_classifier.decide(texts) == "present", scores >= 0.5)
    np.testing.assert_array_equal(crisis_classifier.decide_scores(np.full((1, 14), 0.5)), [["present"] * 14])


def test_one_frame_in_a_long_passage_is_found(crisis_classifier):
    text = " ".join([PLAIN[0], PLAIN[5], OBVIOUS["arms_supply"], PLAIN[9], PLAIN[13]])
    column = crisis_classifier.classes_.tolist().index("arms_supply")
    assert crisis_classifier.decide([text])[0, column] == "present"


@pytest.mark.parametrize(("name", "text"), EVENTS.items())
def test_plover_gives_exactly_one_class(plover, name, text):
    scores = plover.predict_proba([text])
    decided = plover.decide([text])
    assert scores.shape == (1, 15)
    assert scores.sum() == pytest.approx(1.0)
    assert plover.classes_[decided[0] == "present"].tolist() == [name]
    assert plover.classes_[scores[0].argmax()] == name


def test_plover_has_one_class_even_for_plain_prose(plover):
    decided = plover.decide(PLAIN) == "present"
    assert (decided.sum(axis=1) == 1).all()
    np.testing.assert_allclose(plover.predict_proba(PLAIN).sum(axis=1), 1.0)


def test_equal_scores_still_give_one_class(plover):
    decided = plover.decide_scores(np.full((2, 15), 1 / 15)) == "present"
    assert (decided.sum(axis=1) == 1).all()


@pytest.mark.parametrize(("which", "floor"), [("crisis_classifier", 0.55), ("plover", 0.45)])
def test_held_out_seeds_find_their_frame_far_above_chance(request, which, floor):
    fitted = request.getfixturevalue(which)
    anchors = fitted.anchors_
    assert list(anchors.columns) == [
        "frame", "n_seeds", "precision", "recall", "f1", "average_precision", "confused_with",
    ]  # fmt: skip
    assert anchors["frame"].to_list() == fitted.codebook.frame_ids
    assert anchors["n_seeds"].to_list() == [len(item.seeds) for item in fitted.codebook.frames]
    assert anchors["f1"].mean() > floor
    assert anchors["f1"].mean() < 0.95, "seeds are scored by a head that has not seen them"
    assert (anchors["confused_with"] != anchors["frame"]).all()


def test_held_out_scores_do_not_see_their_own_seed(encoder):
    """A stray seed is remembered when it is scored as a new passage, and missed when it is left out."""
    stray = "The chess club meets in the library on Mondays."
    odd = codebook(frame("war", [*WAR, stray]), frame("trade", TRADE), frame("sport", SPORT))
    fitted = FrameClassifier(odd, encoder).fit()
    assert fitted.decide([stray])[0].tolist() == ["present", "absent", "absent"]
    assert fitted.anchors_.set_index("frame").loc["war", "recall"] <= 0.75


def test_labels_change_the_decisions(encoder, single):
    before = single.decide(CHESS[:1])[0].tolist()
    assert before == ["absent", "absent", "present"]
    taught = FrameClassifier(codebook(), encoder).fit(CHESS[1:], one_hot(0, 0, 0))
    assert taught.decide(CHESS[:1])[0].tolist() == ["present", "absent", "absent"]
    assert single.zero_shot_
    assert not taught.zero_shot_


def test_labels_teach_a_codebook_with_several_frames_a_passage(encoder):
    book = codebook(multi_label=True)
    zero = FrameClassifier(book, encoder).fit()
    texts = [*CHESS[1:], *PASSAGES, *PLAIN[:6]]
    gold = np.zeros((len(texts), 3), dtype=bool)
    gold[:3, 1] = gold[:3, 2] = True  # chess counts as both
    gold[[3, 4, 5], [0, 1, 2]] = True
    taught = FrameClassifier(book, encoder).fit(texts, gold)
    assert taught.decide(CHESS[:1])[0, 1] == "present"
    assert zero.decide(CHESS[:1])[0, 1] == "absent"


@pytest.mark.parametrize("value", [True, False])
def test_labels_that_are_all_alike_are_learned_from(encoder, value):
    """A frame that every labelled passage carries, or none, is calibrated on the seeds."""
    taught = FrameClassifier(codebook(multi_label=True), encoder).fit(PASSAGES, np.full((3, 3), value))
    scores = taught.predict_proba(PASSAGES)
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize(
    ("texts", "labels", "came"),
    [
        (["a b"], np.ones((1, 2), bool), r"1 texts, but labels of shape \(1, 2\).* shape \(1, 3\)"),
        (["a b", "c d"], np.ones((3, 3), bool), r"2 texts, but labels of shape \(3, 3\).* shape \(2, 3\)"),
        (
            ["a b", "c d", "e f"],
            ["war", "trade", "war"],
            r"3 texts, but labels of shape \(3,\).* shape \(3, 3\)",
        ),
        ([], np.zeros((0, 3), bool), r"0 texts, but labels of shape \(0, 3\); expected at least one text"),
    ],
)
def test_labels_of_another_shape_are_refused(encoder, multi_label, texts, labels, came):
    with pytest.raises(InputError, match=came):
        FrameClassifier(codebook(multi_label=multi_label), encoder).fit(texts, labels)


def test_texts_and_labels_come_together(encoder):
    with pytest.raises(InputError, match="give texts and labels together, or neither"):
        FrameClassifier(codebook(), encoder).fit(PASSAGES)
    with pytest.raises(InputError, match="give texts and labels together, or neither"):
        FrameClassifier(codebook(), encoder).fit(labels=one_hot(0))


def test_one_text_instead_of_a_list_is_refused(encoder, single):
    with pytest.raises(InputError, match="predict_proba: expected a list of texts, got one text"):
        single.predict_proba(PASSAGES[0])
    with pytest.raises(InputError, match="fit: expected a list of texts, got one text"):
        FrameClassifier(codebook(), encoder).fit(PASSAGES[0], one_hot(0))


def test_unknown_encoder_is_refused_when_fitted():
    with pytest.raises(InputError, match="There is no encoder 'bert'"):
        FrameClassifier(codebook(), "bert").fit()


# labels: strengths, honest scores, promises

TOPICS = [WAR, TRADE, SPORT]
FEW = TuningPlan(objective="classification", min_steps=3, max_steps=6)


def labelled(n: int, *, seed: int = 0) -> tuple[list[str], np.ndarray]:
    """Texts made of words of one topic each, and which topic."""
    generator = np.random.default_rng(seed)
    topics = np.arange(n) % 3
    words = [" ".join(texts).replace(".", "").split() for texts in TOPICS]
    return [" ".join(generator.choice(words[topic], 9)) for topic in topics], one_hot(*topics)


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
    texts, told = labelled(n) if n else (None, None)
    fitted = FrameClassifier(codebook(), bert, strength=strength, tuning=FEW).fit(texts, told)
    assert fitted.strength_ == expected
    assert fitted.zero_shot_ is (expected == "zero-shot")
    assert (fitted._tuned is not None) is (expected == "fine-tuned")
    assert (fitted.training_hash_ != "") is (expected != "zero-shot")
    if expected == "zero-shot":
        assert fitted.cross_fitted_ is None
    else:
        assert fitted.cross_fitted_.shape == told.shape
        assert np.isfinite(fitted.cross_fitted_).all()


def test_zero_shot_with_labels_is_zero_shot_without():
    told = FrameClassifier(codebook(), WordEncoder(), strength="zero-shot").fit(*labelled(30))
    plain = FrameClassifier(codebook(), WordEncoder()).fit()
    np.testing.assert_array_equal(told.predict_proba(PASSAGES), plain.predict_proba(PASSAGES))


def test_auto_takes_the_head_where_the_encoder_cannot_be_tuned(tmp_path):
    others = [
        WordEncoder(),
        SentenceEncoder(str(static_model(tmp_path / "static")), dtype="float32"),
        SentenceEncoder(str(transformer_model(tmp_path / "distilbert", "distilbert")), dtype="float32"),
    ]
    for encoder in others:
        fitted = FrameClassifier(codebook(), encoder, tuning=FEW).fit(*labelled(24))
        assert fitted.strength_ == "head"
        assert fitted._tuned is None
        assert fitted.predict_proba(PASSAGES).shape == (3, 3)


def test_tuning_an_encoder_that_cannot_be_tuned_is_refused(tmp_path):
    static = SentenceEncoder(str(static_model(tmp_path / "static")), dtype="float32")
    with pytest.raises(InputError, match=r"is no transformer of embeddings and layers.*choose strength head"):
        FrameClassifier(codebook(), static, strength="fine-tuned").fit(*labelled(9))
    with pytest.raises(InputError, match=r"The encoder words cannot be fine-tuned; choose strength head"):
        FrameClassifier(codebook(), WordEncoder(), strength="fine-tuned").fit(*labelled(9))


def test_tuning_needs_two_groups(bert):
    texts, told = labelled(24)
    with pytest.raises(InputError, match=r"fine-tuned needs labelled texts of at least two documents, but all are of"):
        FrameClassifier(codebook(), bert, strength="fine-tuned").fit(texts, told, groups=["d"] * 24)
    assert FrameClassifier(codebook(), bert).fit(texts, told, groups=["d"] * 24).strength_ == "head"


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
    with pytest.raises(InputError, match=f"strength {strength} learns from labels; give texts and labels"):
        FrameClassifier(codebook(), Untouched(), strength=strength).fit()
    with pytest.raises(InputError, match="precision or recall can only be promised on labels; give some"):
        FrameClassifier(codebook(), Untouched(), precision=0.9).fit()


@pytest.mark.parametrize("n_frames", [0, 2])
def test_one_frame_a_passage_means_one_label_a_text(n_frames):
    texts, told = labelled(6)
    told[4] = np.arange(3) < n_frames
    expected = rf"tiny has exactly one frame a passage, but the labels of text 4 \(counted from 0\) name {n_frames}"
    with pytest.raises(InputError, match=expected):
        FrameClassifier(codebook(), Untouched()).fit(texts, told)


@pytest.fixture
def pinned(monkeypatch) -> np.ndarray:
    """Neither the seeds' weight nor the folds depend on labels: then only honesty is left to depend on them."""
    monkeypatch.setattr(experts, "_SEED_WEIGHTS", (0.3,))
    monkeypatch.setattr(experts, "_RIDGES", (0.15,))
    folds = np.arange(30) % 10 // 3
    monkeypatch.setattr(classify, "assign_folds", lambda *_, **__: folds)
    return folds


def grouped() -> tuple[list[str], np.ndarray, list[int]]:
    """Thirty texts of ten documents; in each the first is long enough to have windows."""
    texts, told = labelled(30)
    long = [". ".join(part.capitalize() for part in (texts * 2)[row : row + 8]) + "." for row in range(10)]
    return [*long, *texts[10:]], told, [row % 10 for row in range(30)]


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("row", [2, 17])
def test_a_label_does_not_move_what_the_head_says_of_its_document(pinned, multi_label, row):
    """The cross-fitted score can move by the blend only, which other documents' left-out scores are fitted with."""
    texts, told, groups = grouped()
    turned = told.copy()
    turned[row] = np.roll(told[row], 1)
    before, after = (
        FrameClassifier(codebook(multi_label=multi_label), WordEncoder(), strength="head").fit(
            texts, labels, groups=groups
        )
        for labels in (told, turned)
    )
    assert set(before._frozen.features(texts)[2].tolist()) == set(range(10)), "the long texts have windows"
    own = np.array(groups) == groups[row]
    said = [fitted._frozen.left_out_[-30:] for fitted in (before, after)]
    assert np.abs(said[0] - said[1])[own].max() < 1e-9
    assert np.abs(said[0] - said[1])[~own].max() > 1e-3
    assert np.abs(after.predict_proba(PASSAGES) - before.predict_proba(PASSAGES)).max() > 1e-3


@pytest.mark.parametrize("multi_label", [True, False])
def test_cross_fitted_scores_are_blended_by_the_other_folds(pinned, multi_label):
    texts, told, groups = grouped()
    fitted = FrameClassifier(codebook(multi_label=multi_label), WordEncoder(), strength="head")
    fitted.fit(texts, told, groups=groups)
    left_out = fitted._frozen.left_out_[None, -30:]
    for number in range(4):
        held = pinned == number
        blend = Blend(multi_label=multi_label).fit(left_out[:, ~held], told[~held])
        np.testing.assert_allclose(fitted.cross_fitted_[held], blend.chances(left_out[:, held]))


def test_scores_of_folds_are_of_heads_that_never_saw_the_fold(pinned):
    """Labels of a fold do not move what its head says; folds are those of `folds_`."""
    texts, told, groups = grouped()
    turned = told.copy()
    turned[pinned == 2] = np.roll(told[pinned == 2], 1, axis=1)
    before, after = (
        FrameClassifier(codebook(), WordEncoder(), strength="head").fit(texts, labels, groups=groups)
        for labels in (told, turned)
    )
    assert (before.folds_ == pinned).all()
    new = [*PASSAGES, *texts[:10]]
    said = [fitted._frozen.score_folds(new) for fitted in (before, after)]
    assert said[0].shape == (4, 13, 3)
    assert np.abs(said[0][2] - said[1][2]).max() < 1e-9
    assert np.abs(said[0] - said[1])[[0, 1, 3]].max(axis=(1, 2)).min() > 1e-3


def test_scores_of_folds_are_those_of_a_head_fitted_without_the_fold(pinned):
    """The head solved once more on the other texts; one weight a row relative to the mean of all, as with the fold."""
    texts, told, groups = grouped()
    fitted = FrameClassifier(codebook(), WordEncoder(), strength="head")
    expert = fitted.fit(texts, told, groups=groups)._frozen
    anchors = codebook_anchors(fitted.codebook)
    new = [*PASSAGES, texts[3]]
    every, (ahead, pieces, owners) = expert.features([*anchors.texts, *texts])[0], expert.features(new)
    targets = np.vstack([anchors.targets, told])
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
        assert np.abs(found[number] - expected).max() < 1e-6


@pytest.mark.parametrize(("strength", "multi_label"), [("head", True), ("fine-tuned", False)])
def test_predicted_folds_are_blended_without_the_fold(bert, strength, multi_label):
    texts, told = labelled(30)
    plan = TuningPlan(objective="classification", min_steps=1, max_steps=1)
    encoder = bert if strength == "fine-tuned" else WordEncoder()
    fitted = FrameClassifier(codebook(multi_label=multi_label), encoder, strength=strength, tuning=plan)
    fitted.fit(texts, told)
    new = [PASSAGES[1], *PASSAGES, *texts[:2], PASSAGES[1]]
    found = fitted.predict_folds(new)
    assert found.shape == (4, 7, 3)
    assert ((found >= 0) & (found <= 1)).all()
    np.testing.assert_array_equal(found[:, 0], found[:, 2])
    np.testing.assert_array_equal(found[:, 0], found[:, 6])
    out_of_fold = [fitted._frozen.left_out_[-30:]]
    experts = [fitted._frozen.score_folds(new)]
    if strength == "fine-tuned":
        out_of_fold.append(fitted._tuned.left_out_[-30:])
        experts.append(fitted._tuned.score_members(new))
    for number in range(4):
        others = fitted.folds_ != number
        blend = Blend(multi_label=multi_label).fit(np.stack(out_of_fold)[:, others], told[others])
        np.testing.assert_allclose(
            found[number], blend.chances(np.stack([each[number] for each in experts])), atol=1e-6
        )
    assert fitted.predict_folds([]).shape == (4, 0, 3)


def test_only_what_learned_from_labels_has_folds(tmp_path):
    texts, told = labelled(12)
    zero_shot = FrameClassifier(codebook(), WordEncoder()).fit()
    fitted = FrameClassifier(codebook(), WordEncoder()).fit(texts, told)
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
    told = one_hot(*generator.integers(0, 3, 50))
    everything = [*texts, *(text.upper() for text in texts), *(f" {text}" for text in texts)]
    fitted = FrameClassifier(codebook(), bert, strength=strength, tuning=FEW)
    fitted.fit(everything, np.tile(told, (3, 1)))
    found = fitted.cross_fitted_.argmax(axis=1) == np.tile(told.argmax(axis=1), 3)
    assert found[:50].mean() < 1 / 3 + 3 * np.sqrt(2 / 9 / 50)


def test_groups_stay_whole_in_the_folds(monkeypatch):
    texts, told, groups = grouped()
    seen = {}
    assign = classify.assign_folds

    def spy(targets, together, **options):
        seen.update(together=together, folds=assign(targets, together, **options), **options)
        return seen["folds"]

    monkeypatch.setattr(classify, "assign_folds", spy)
    FrameClassifier(codebook(), WordEncoder(), random_seed=5).fit(texts, told, groups=groups)
    assert (seen["n_folds"], seen["random_seed"]) == (4, 5)
    assert seen["together"].tolist() == groups
    assert all(len({seen["folds"][row] for row in range(30) if groups[row] == group}) == 1 for group in range(10))


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("multi_label", [True, False])
def test_a_handful_of_labels_is_learned_from(n, multi_label):
    texts, told = labelled(n)
    fitted = FrameClassifier(codebook(multi_label=multi_label), WordEncoder()).fit(texts, told)
    assert fitted.strength_ == "head"
    assert np.isfinite(fitted.predict_proba(PASSAGES)).all()
    assert fitted.cross_fitted_.shape == (n, 3)


def test_training_hash_names_texts_and_labels():
    texts, told = labelled(6)
    other = told.copy()
    other[0] = told[1]
    hashes = [
        FrameClassifier(codebook(), WordEncoder()).fit(*given).training_hash_
        for given in (
            (texts, told),
            (texts, told),
            (texts, other),
            (texts[::-1], told[::-1]),
            (["x", *texts[1:]], told),
        )
    ]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 4
    assert all(len(value) == 64 for value in hashes)


def test_scores_do_not_depend_on_how_many_are_scored_at_once(monkeypatch):
    fitted = FrameClassifier(codebook(), WordEncoder()).fit(*labelled(9))
    texts = [*PASSAGES, *WAR, PASSAGES[0], *SPORT, PASSAGES[2]]
    whole = fitted.predict_proba(texts)
    monkeypatch.setattr(classify, "_SCORED_AT_ONCE", 2)
    np.testing.assert_allclose(
        fitted.predict_proba(texts), whole, rtol=1e-5
    )  # float32 sums differ in their last bits with the size of a batch


def test_threshold_is_the_best_on_cross_fitted_scores():
    texts, told = labelled(60)
    told[:, 1] |= np.random.default_rng(0).random(60) < 0.2
    fitted = FrameClassifier(codebook(multi_label=True), WordEncoder()).fit(texts, told)
    assert fitted.threshold_ == best_threshold(fitted.cross_fitted_, told)
    single = FrameClassifier(codebook(), WordEncoder()).fit(*labelled(60))
    assert single.threshold_ == 0.5


def test_best_threshold_by_hand():
    """Frame 0 is told apart between .3 and .6, frame 1 from .55 to .65: .58 is the middle of what suits both."""
    scores = np.array([[0.6, 0.65], [0.3, 0.1], [0.2, 0.55], [0.1, 0.66]])
    targets = np.array([[1, 1], [0, 0], [0, 0], [0, 1]], dtype=bool)
    assert best_threshold(scores, targets) == pytest.approx((0.56 + 0.60) / 2)
    assert 0.1 <= best_threshold(np.zeros((3, 2)), np.zeros((3, 2), dtype=bool)) <= 0.7


# promises


def test_decisions_with_promises_by_hand():
    several = FrameClassifier(codebook(multi_label=True), WordEncoder()).fit()
    several._present_from = np.array([0.8, np.inf, -np.inf])
    several._absent_below = np.array([np.inf, 0.2, -np.inf])
    scores = np.array([[0.9, 0.9, 0.9], [0.6, 0.3, 0.3], [0.1, 0.1, 0.1], [0.8, 0.2, 0.5]])
    assert several.decide_scores(scores).tolist() == [
        ["present", "abstain", "present"],
        ["abstain", "abstain", "abstain"],
        ["absent", "absent", "abstain"],
        ["present", "abstain", "present"],
    ]
    one = FrameClassifier(codebook(), WordEncoder()).fit()
    one._present_from = np.array([0.6, -np.inf, np.inf])
    one._absent_below = np.array([0.3, np.inf, np.inf])
    scores = np.array([[0.5, 0.3, 0.2], [0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.2, 0.7]])
    assert one.decide_scores(scores).tolist() == [
        ["abstain", "absent", "absent"],
        ["present", "absent", "absent"],
        ["abstain", "present", "absent"],
        ["absent", "absent", "abstain"],
    ]


@pytest.mark.parametrize("multi_label", [True, False])
def test_promises_hold_on_the_labelled_passages_and_cost_abstentions(multi_label):
    texts, told = labelled(150)
    noisy = told.copy()
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
    texts, told = labelled(60)
    classifier = FrameClassifier(
        codebook(), WordEncoder(), strength="head", precision=0.5, recall={"war": 0.5}, confidence=0.8,
        tuning=FEW, random_seed=3,
    )  # fmt: skip
    copy = clone(classifier)
    for name in ("strength", "precision", "recall", "confidence", "tuning", "random_seed"):
        assert copy.get_params()[name] == classifier.get_params()[name]
    chances = cross_val_predict(classifier, texts, told, cv=3, method="predict_proba")
    assert (chances.argmax(axis=1) == told.argmax(axis=1)).mean() > 0.9
    search = GridSearchCV(
        classifier, {"strength": ["zero-shot", "head"], "precision": [None], "recall": [None]}, cv=2,
        scoring=lambda fitted, held, truth: float((fitted.predict(held).to_numpy() == truth).mean()),
    ).fit(texts, told)  # fmt: skip
    assert search.best_score_ > 0.9


# tuned end to end


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("which", ["bert", "mpnet"])
def test_fine_tuned_classifier(request, which, multi_label):
    encoder = request.getfixturevalue(which)
    texts, told = labelled(30)
    book = codebook(multi_label=multi_label)
    fitted, again = (
        FrameClassifier(book, encoder, strength="fine-tuned", tuning=FEW, random_seed=1).fit(texts, told)
        for _ in range(2)
    )
    n_anchors = len(fitted._tuned.left_out_) - 30
    assert len(fitted._tuned._members) == 4
    assert np.isnan(fitted._tuned.left_out_[:n_anchors]).all(), "seeds are in no fold"
    assert np.isfinite(fitted._tuned.left_out_[n_anchors:]).all()
    assert fitted._blend.slopes_.shape == (2, 3)
    scores = fitted.predict_proba(PASSAGES)
    assert ((scores >= 0) & (scores <= 1)).all()
    np.testing.assert_array_equal(scores, again.predict_proba(PASSAGES))
    np.testing.assert_array_equal(fitted.cross_fitted_, again.cross_fitted_)
    np.testing.assert_allclose(fitted.predict_proba([PASSAGES[1]])[0], scores[1], atol=1e-5)


def test_auto_objective_picks_one(bert):
    plan = TuningPlan(min_steps=3, max_steps=4)
    fitted = FrameClassifier(codebook(), bert, strength="fine-tuned", tuning=plan).fit(*labelled(12))
    assert fitted._tuned.objective_ in ("classification", "contrastive")


def test_tuning_sees_roles_between_single_tokens_and_seeds_by_their_weight(bert, monkeypatch):
    seen = {}
    fit = TunedEncoder.fit

    def spy(self, texts, targets, weights, folds, **options):
        seen.update(texts=texts, weights=weights, folds=folds)
        return fit(self, texts, targets, weights, folds, **options)

    monkeypatch.setattr(TunedEncoder, "fit", spy)
    texts, told = labelled(9)
    texts[0] = "<s>Soldiers</s> hit <t>the port</t>"
    fitted = FrameClassifier(codebook(), bert, strength="fine-tuned", tuning=FEW).fit(texts, told)
    n = len(seen["texts"]) - 9
    assert seen["texts"][n] == "@ Soldiers @ hit # the port #"
    assert seen["texts"][:3] == WAR
    assert (seen["folds"][:n] == -1).all()
    assert set(seen["weights"][:n]) == {max(fitted._frozen.seed_weight_, 0.1)}
    assert (seen["weights"][n:] == 1).all()
    scored = []
    monkeypatch.setattr(
        TunedEncoder, "score", lambda self, texts, **_: scored.extend(texts) or np.zeros((len(texts), 3))
    )
    fitted.predict_proba(["<s>A</s> met <t>B</t>"])
    assert scored == ["@ A @ met # B #"]
