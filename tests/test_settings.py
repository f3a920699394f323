"""Every parameter is checked once, and the project's places are found or named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import ValidationError

from framing.errors import InputError
from framing.settings import (
    Settings,
    cache_folder,
    corpus_folder,
    named_file,
    parse_assignments,
    project_root,
)

GOOD = {"corpus": "deep-strike", "codebook": "great-power-crisis"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two corpora and two codebooks, the current folder being inside it."""
    for name in ("north", "south"):
        (tmp_path / "corpora" / name).mkdir(parents=True)
        (tmp_path / "corpora" / name / "corpus.yaml").write_text("corpus: x\n")
    (tmp_path / "corpora" / "unfinished").mkdir()
    (tmp_path / "seeds").mkdir()
    for name in ("one", "two"):
        (tmp_path / "seeds" / f"{name}.yaml").write_text("codebook: x\n")
    (tmp_path / "notebooks" / "deep").mkdir(parents=True)
    monkeypatch.delenv("FRAMING_PROJECT", raising=False)
    monkeypatch.chdir(tmp_path / "notebooks" / "deep")
    return tmp_path


def test_settings_keep_what_is_given_and_fill_the_rest() -> None:
    found = Settings(**GOOD, n_bootstrap=500)
    assert (found.corpus, found.codebook, found.n_bootstrap) == ("deep-strike", "great-power-crisis", 500)
    assert (found.encoder, found.compare_by, found.period, found.level) == ("minilm", "outlet", "week", 0.95)
    assert (found.scorer, found.learn_from_gold, found.strength) == ("seeds", False, "auto")
    assert (found.wanted_precision, found.wanted_recall, found.gold, found.nli_model) == (0.0, 0.0, "", "")


def test_settings_cannot_be_changed() -> None:
    found = Settings(**GOOD)
    with pytest.raises(ValidationError, match="frozen"):
        found.level = 0.5  # type: ignore[misc]


def test_an_unknown_setting_is_named_with_the_known_ones() -> None:
    expected = r"Settings: unknown setting bootstraps \(known: corpus, codebook, .*data_path\)"
    with pytest.raises(InputError, match=expected):
        Settings(**GOOD, bootstraps=100)


def test_missing_settings_are_all_named() -> None:
    with pytest.raises(InputError, match=r"Settings: corpus is missing; codebook is missing\."):
        Settings()


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
        ("compare_by", "country", r"compare_by: Input should be 'outlet' or 'perspective', got 'country'"),
        ("period", "year", r"period: .*'day', 'week' or 'month', got 'year'"),
        ("encoder", "", r"encoder: .*at least 1 character"),
        ("random_seed", -1, r"random_seed: .*greater than or equal to 0"),
        ("min_documents", None, r"min_documents: .*got None"),
        ("corpus", "../secrets", r"corpus: .*got '\.\./secrets'"),
        ("corpus", "deep-strike\n", r"corpus: "),
        ("codebook", "", r"codebook: "),
        ("codebook", "Großmacht", r"codebook: "),
        ("scorer", "bert", r"scorer: Input should be 'seeds' or 'nli', got 'bert'"),
        ("strength", "strong", r"strength: .*'auto', 'zero-shot', 'head' or 'fine-tuned', got 'strong'"),
        ("learn_from_gold", 1, r"learn_from_gold: Input should be a valid boolean, got 1"),
        ("learn_from_gold", "true", r"learn_from_gold: Input should be a valid boolean, got 'true'"),
        ("wanted_precision", 1.0, r"wanted_precision: .*less than 1, got 1\.0"),
        ("wanted_precision", -0.1, r"wanted_precision: .*greater than or equal to 0"),
        ("wanted_recall", 90, r"wanted_recall: .*less than 1, got 90"),
        ("strata", "week", r"strata: Input should be 'auto', 'event' or 'period', got 'week'"),
        ("nli_model", None, r"nli_model: .*got None"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(name: str, value: object, message: str) -> None:
    with pytest.raises(InputError, match="Settings: " + message):
        Settings(**{**GOOD, name: value})


def test_assignments_take_the_type_of_their_setting() -> None:
    found = parse_assignments(["n_bootstrap=500", "level=0.9", "encoder=a=b", "data_path="])
    assert found == {"n_bootstrap": 500, "level": 0.9, "encoder": "a=b", "data_path": ""}
    assert isinstance(found["n_bootstrap"], int)


@pytest.mark.parametrize("text", ["true", "True", "TRUE", "false", "False"])
def test_yes_and_no_are_read_as_such(text: str) -> None:
    found = parse_assignments([f"learn_from_gold={text}"])
    assert found == {"learn_from_gold": text.lower() == "true"}
    assert Settings(**GOOD, **found).learn_from_gold is (text.lower() == "true")


def test_new_settings_take_their_types() -> None:
    found = parse_assignments(["strength=fine-tuned", "wanted_precision=0.9", "wanted_recall=0", "gold=a=b.csv"])
    assert found == {"strength": "fine-tuned", "wanted_precision": 0.9, "wanted_recall": 0.0, "gold": "a=b.csv"}
    assert Settings(**GOOD, **found).wanted_precision == 0.9


@pytest.mark.parametrize(
    ("item", "message"),
    [
        *[
            (f"learn_from_gold={text}", rf"expected true or false for learn_from_gold, got '{text}'")
            for text in ("yes", "1", "", " true", "none")
        ],
        ("n_bootstrap", r"--set n_bootstrap: expected key=value"),
        ("n_boot=5", r"--set n_boot=5: unknown setting n_boot \(known: corpus, "),
        ("n_bootstrap=many", r"--set n_bootstrap=many: expected a number for n_bootstrap, got 'many'"),
        ("n_bootstrap=5.5", r"expected a number for n_bootstrap, got '5\.5'"),
        ("level=", r"expected a number for level, got ''"),
        ("=5", r"unknown setting "),
    ],
)
def test_a_wrong_assignment_is_explained(item: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_assignments([item])


items = st.text(max_size=30) | st.sampled_from(["level=x", "random_seed=1", "corpus=a", "=", "level"])


@given(st.lists(items, max_size=4))
@hypothesis_settings(deadline=None, max_examples=60)
def test_assignments_give_known_names_or_an_input_error(items: list[str]) -> None:
    found: dict[str, object] | InputError
    try:
        found = parse_assignments(items)
    except InputError as error:
        found = error
    if isinstance(found, InputError):
        assert str(found).startswith("--set ")
    else:
        assert set(found) <= set(Settings.model_fields)


@given(st.integers(200, 50_000), st.floats(0.51, 0.99), st.integers(0, 2**40), st.booleans())
@hypothesis_settings(deadline=None, max_examples=40)
def test_settings_written_as_assignments_come_back(draws: int, level: float, seed: int, learn: bool) -> None:
    given_ = Settings(**GOOD, n_bootstrap=draws, level=level, random_seed=seed, learn_from_gold=learn)
    assert Settings(**parse_assignments([f"{key}={value}" for key, value in given_.model_dump().items()])) == given_


def test_the_project_is_the_nearest_folder_upwards(project: Path) -> None:
    assert project_root() == project.resolve()


def test_the_variable_names_another_project(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    monkeypatch.setenv("FRAMING_PROJECT", str(other))
    assert project_root() == other.resolve()
    monkeypatch.setenv("FRAMING_PROJECT", str(other / "gone"))
    with pytest.raises(InputError, match=r"FRAMING_PROJECT names .*gone, which is not a folder"):
        project_root()


def test_outside_a_project_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRAMING_PROJECT", raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"No project here: .*or set FRAMING_PROJECT"):
        project_root()


def test_files_and_corpora_are_found_by_name(project: Path) -> None:
    assert named_file("seeds", "one", ".yaml", kind="codebook") == project / "seeds" / "one.yaml"
    assert corpus_folder("north") == project / "corpora" / "north"


@pytest.mark.parametrize("name", ["three", "../seeds/one", "..", "", "-", "one.yaml", "öne", "one\n"])
def test_an_unknown_name_lists_the_files_there_are(project: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"There is no codebook .* in seeds/\. There are: one, two\."):
        named_file("seeds", name, ".yaml", kind="codebook")


@pytest.mark.parametrize("name", ["east", "unfinished", "../corpora/north", ".", "north/"])
def test_an_unknown_corpus_lists_the_corpora_there_are(project: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"There is no corpus .* in corpora/\. There are: north, south\."):
        corpus_folder(name)


def test_an_empty_folder_lists_none(project: Path) -> None:
    with pytest.raises(InputError, match=r"There is no report 'weekly' in reports/\. There are: none\."):
        named_file("reports", "weekly", ".yaml", kind="report")


def test_the_cache_folder_follows_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "c"))
    assert cache_folder() == tmp_path / "c"
    monkeypatch.delenv("FRAMING_CACHE")
    assert cache_folder().name == "framing"
    assert cache_folder().is_absolute()


# the settings of a notebook

PARAMETERS = {"corpus": "deep-strike", "codebook": "plover", "period": "month"}


def test_parameters_become_settings_and_the_rest_has_its_defaults():
    found = Settings.from_parameters({**PARAMETERS, "__name__": "__main__", "_": 7})
    assert found == Settings(corpus="deep-strike", codebook="plover", period="month")


def test_in_a_notebook_the_parameters_cell_counts_and_no_other():
    cell = "corpus = 'deep-strike'  # folder\ncodebook = 'plover'\nperiod = 'month'"
    later = {"by": "outlet", "n": 5, "level": 0.5, "strata": "of an earlier cell"}
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
            r"the parameters cell sets perod, which is no setting\. Known: corpus, codebook",
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
