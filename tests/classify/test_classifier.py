"""Passages to frames: an estimator of scikit-learn, silent on plain prose, taught by labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score

from framing.classify.anchors import read_background
from framing.classify.classifier import FrameClassifier
from framing.codebook import read_codebook
from framing.errors import InputError
from tests.classify.labelled import labelled, one_hot
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook, frame

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


def test_clone_is_unfitted_and_has_the_same_parameters(single):
    copy = clone(single)
    assert set(copy.get_params()) == {
        "codebook", "encoder", "strength", "precision", "recall", "confidence", "tuning", "threshold_for",
        "language_shift", "random_seed",
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


@pytest.mark.slow
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
    assert not set(PLAIN) & set(read_background()), "the classifier must not have seen them"
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


@pytest.mark.slow
@pytest.mark.parametrize(("which", "floor"), [("crisis_classifier", 0.55), ("plover", 0.45)])
def test_held_out_seeds_find_their_frame_far_above_chance(request, which, floor):
    fitted = request.getfixturevalue(which)
    anchors = fitted.anchors_
    assert list(anchors.columns) == [
        "frame", "n_seeds", "precision", "recall", "f1", "average_precision", "confused_with",
    ]  # fmt: skip
    assert anchors["frame"].to_list() == fitted.codebook.frame_ids
    book = fitted.codebook
    read = [example for example in book.examples if example.language in ("", "en")]
    carried = [sum(item.id in example.frames for example in read) for item in book.frames]
    seeds = [len(item.seeds) for item in book.frames]
    assert anchors["n_seeds"].to_list() == [a + b for a, b in zip(seeds, carried, strict=True)]
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


@pytest.mark.slow
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
@pytest.mark.slow
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
            ["war", "trade"],
            r"3 texts, but labels of shape \(2, 3\).* shape \(3, 3\)",
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


def test_the_path_of_a_codebook_is_refused_with_the_function_that_reads_it():
    with pytest.raises(InputError, match=r"codebook: expected a Codebook, got 'seeds/x.yaml'.*read_codebook"):
        FrameClassifier("seeds/x.yaml", WordEncoder()).fit()


def test_a_missing_text_is_no_text():
    classifier = FrameClassifier(codebook(), WordEncoder()).fit()
    with pytest.raises(InputError, match=r"predict_proba: text 1 \(counted from 0\) is nan of type float"):
        classifier.predict([PASSAGES[0], float("nan")])
