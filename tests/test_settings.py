"""Every parameter is checked once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from framing.errors import InputError
from framing.settings import Settings

GOOD = {"corpus": "deep-strike", "codebook": "great-power-crisis"}


def test_settings_keep_what_is_given_and_fill_the_rest() -> None:
    found = Settings(**GOOD, n_bootstrap=500)
    assert (found.corpus, found.codebook, found.n_bootstrap) == ("deep-strike", "great-power-crisis", 500)
    assert (found.encoder, found.compare_by, found.period, found.level) == ("auto", "outlet", "week", 0.95)
    assert (found.scorer, found.learn_from_gold, found.strength) == ("seeds", False, "auto")
    assert (found.wanted_precision, found.wanted_recall, found.gold, found.nli_model) == (0.0, 0.0, "", "")


def test_settings_cannot_be_changed() -> None:
    found = Settings(**GOOD)
    with pytest.raises(ValidationError, match="frozen"):
        found.level = 0.5  # type: ignore[misc]


def test_an_unknown_setting_is_named_with_the_known_ones() -> None:
    expected = (
        r"Settings: unknown setting bootstraps \(known: corpus, corpora, codebook, .*data_path; nearest: n_bootstrap\)"
    )
    with pytest.raises(InputError, match=expected):
        Settings(**GOOD, bootstraps=100)


def test_missing_settings_are_all_named() -> None:
    with pytest.raises(InputError, match=r"Settings: codebook is missing\."):
        Settings()


@pytest.mark.parametrize("corpora", [{}, {"corpus": "a", "corpora": ["b", "c"]}])
def test_one_corpus_or_several_are_given(corpora: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"Settings: give one corpus, or several as corpora"):
        Settings(codebook="tiny", **corpora)


def test_several_corpora_and_what_is_chosen_of_them_survive_json() -> None:
    chosen = Settings(codebook="tiny", corpora=["a", "b"], where={"published": {"from": "2022-07-01"}, "page": 3})
    assert chosen.corpus_names == ("a", "b")
    assert chosen.where["page"].values == ("3",)
    assert Settings(**json.loads(chosen.model_dump_json())) == chosen


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("n_bootstrap", "500", r"n_bootstrap: Input should be a valid integer, got '500'"),
        ("n_bootstrap", True, r"n_bootstrap: Input should be a valid integer, got True"),
        ("n_bootstrap", 199, r"n_bootstrap: .*greater than or equal to 200, got 199"),
        ("n_bootstrap", 50_001, r"n_bootstrap: .*less than or equal to 50000"),
        ("level", 1.0, r"level: .*less than 1, got 1\.0"),
        ("level", 0.5, r"level: .*greater than 0\.5"),
        ("level", float("nan"), r"level: .*got nan"),
        ("passage_words", 9, r"passage_words: .*greater than or equal to 10"),
        ("passage_words", 90.5, r"passage_words: "),
        ("compare_by", "", r"compare_by: .*at least 1 character"),
        ("where", {"section": []}, r"where\.section: give one value, a list of values, or a range"),
        ("where", {"published": {"since": "2022-07-01"}}, r"where\.published: unknown setting since"),
        ("corpora", ["../x"], r"corpora"),
        ("language", "ar", r"language: expected one of de, en, fr, ru, uk, zh, got 'ar'[^,]*$"),
        ("period", "year", r"period: .*'day', 'week' or 'month', got 'year'"),
        ("encoder", "", r"encoder: .*at least 1 character"),
        ("random_seed", -1, r"random_seed: .*greater than or equal to 0"),
        ("min_documents", None, r"min_documents: .*got None"),
        ("corpus", "../secrets", r"corpus: .*got '\.\./secrets'"),
        ("corpus", "deep-strike\n", r"corpus: "),
        ("codebook", "", r"codebook: "),
        ("codebook", "Großmacht", r"codebook: "),
        ("scorer", "bert", r"scorer: Input should be 'seeds', 'nli' or 'llm', got 'bert'"),
        ("strength", "strong", r"strength: .*'auto', 'zero-shot', 'head' or 'fine-tuned', got 'strong'"),
        ("learn_from_gold", 1, r"learn_from_gold: Input should be a valid boolean, got 1"),
        ("learn_from_gold", "true", r"learn_from_gold: Input should be a valid boolean, got 'true'"),
        ("wanted_precision", 1.0, r"wanted_precision: .*less than 1, got 1\.0"),
        ("wanted_precision", -0.1, r"wanted_precision: .*greater than or equal to 0"),
        ("wanted_recall", 90, r"wanted_recall: .*less than 1, got 90"),
        ("agenda_items", "week", r"agenda_items: Input should be 'auto', 'event' or 'period', got 'week'"),
        ("nli_model", None, r"nli_model: .*got None"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(name: str, value: object, message: str) -> None:
    with pytest.raises(InputError, match="Settings: " + message):
        Settings(**{**GOOD, name: value})


# the settings of a notebook

PARAMETERS = {"corpus": "deep-strike", "codebook": "plover", "period": "month"}


def test_parameters_become_settings_and_the_rest_has_its_defaults():
    found = Settings.from_parameters({**PARAMETERS, "__name__": "__main__", "_": 7})
    assert found == Settings(corpus="deep-strike", codebook="plover", period="month")


def test_in_a_notebook_the_parameters_cell_counts_and_no_other():
    cell = "corpus = 'deep-strike'  # folder\ncodebook = 'plover'\nperiod = 'month'"
    later = {"by": "outlet", "n": 5, "level": 0.5, "agenda_items": "of an earlier cell"}
    found = Settings.from_parameters({**PARAMETERS, **later, "In": ["", "%pip list", cell, "by, n = 'outlet', 5"]})
    assert found == Settings(corpus="deep-strike", codebook="plover", period="month")
    other = "corpus, codebook = 'ruwa', 'plover'"  # not one a line: no parameters cell
    assert Settings.from_parameters({**PARAMETERS, "In": ["", cell, other]}) == found


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            {"corpus": "deep-strike"},
            r"the parameters cell does not set codebook\. Run it first",
        ),
        ({"In": [""], **PARAMETERS}, r"the parameters cell does not set corpus and codebook"),
        (
            {**PARAMETERS, "perod": "day"},
            r"the parameters cell sets perod, which is no setting\. Known: corpus, corpora, codebook",
        ),
        (
            {**PARAMETERS, "perod": "day", "In": ["corpus = 'deep-strike'\ncodebook = 'plover'\nperod = 'day'"]},
            r"the parameters cell sets perod, which is no setting",
        ),
        ({**PARAMETERS, "period": "year"}, r"period: Input should be 'day', 'week' or 'month', got 'year'"),
    ],
)
def test_parameters_that_are_missing_unknown_or_wrong_are_refused(variables, message):
    with pytest.raises(InputError, match=message):
        Settings.from_parameters(variables)


def test_draws_are_the_options_of_an_estimate():
    found = Settings(**PARAMETERS, level=0.9, n_bootstrap=300, random_seed=4)
    assert found.draws == {"level": 0.9, "n_bootstrap": 300, "random_seed": 4}


def test_the_name_that_a_setting_had_is_still_read():
    assert Settings(**PARAMETERS, strata="period").agenda_items == "period"


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["A", "A"], r"hypotheses\[1\].*expected two different groups, got A twice"),
        (["rest", "A"], r"hypotheses\[1\].*rest \(all others\) may only be the second: groups: \[A, rest\]"),
        (["rest", "rest"], r"hypotheses\[1\].*expected two different groups, got rest twice"),
    ],
)
def test_a_hypothesis_compares_two_groups_of_which_the_second_may_be_the_rest(groups, message) -> None:
    with pytest.raises(InputError, match=message):
        Settings(**GOOD, hypotheses=[{"frame": "f", "groups": groups}])
    assert Settings(**GOOD, hypotheses=[{"frame": "f", "groups": ["A", "rest"]}]).hypotheses[0].groups == ("A", "rest")
