"""Settings given on the command line are read with the type that each has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.cli.report_options import parse_assignments
from framing.errors import InputError
from framing.settings import Settings

GOOD = {"corpus": "deep-strike", "codebook": "great-power-crisis"}


def test_assignments_take_the_type_of_their_setting() -> None:
    values = parse_assignments(["n_bootstrap=500", "level=0.9", "encoder=a=b", "data_path="])
    assert values == {"n_bootstrap": 500, "level": 0.9, "encoder": "a=b", "data_path": ""}
    assert isinstance(values["n_bootstrap"], int)


@pytest.mark.parametrize("text", ["true", "True", "TRUE", "false", "False"])
def test_yes_and_no_are_read_as_such(text: str) -> None:
    values = parse_assignments([f"learn_from_gold={text}"])
    assert values == {"learn_from_gold": text.lower() == "true"}
    assert Settings(**GOOD, **values).learn_from_gold is (text.lower() == "true")


def test_new_settings_take_their_types() -> None:
    values = parse_assignments(["strength=fine-tuned", "wanted_precision=0.9", "wanted_recall=0", "gold=a=b.csv"])
    assert values == {"strength": "fine-tuned", "wanted_precision": 0.9, "wanted_recall": 0.0, "gold": "a=b.csv"}
    assert Settings(**GOOD, **values).wanted_precision == 0.9


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
def test_assignments_give_known_names_or_an_input_error(items: list[str]) -> None:
    values: dict[str, object] | InputError
    try:
        values = parse_assignments(items)
    except InputError as error:
        values = error
    if isinstance(values, InputError):
        assert str(values).startswith("--set ")
    else:
        assert set(values) <= set(Settings.model_fields)


@given(st.integers(200, 50_000), st.floats(0.51, 0.99), st.integers(0, 2**40), st.booleans())
def test_settings_written_as_assignments_come_back(draws: int, level: float, seed: int, learn: bool) -> None:
    given_ = Settings(**GOOD, n_bootstrap=draws, level=level, random_seed=seed, learn_from_gold=learn)
    written = given_.model_dump(exclude={"corpora", "where", "hypotheses"})  # in the form of a report file, below
    assert Settings(**parse_assignments([f"{key}={value}" for key, value in written.items()])) == given_


def test_corpora_and_documents_are_chosen_as_in_a_report_file() -> None:
    values = parse_assignments(["corpora=[a, b]", "where={published: {to: 2022-07-01}, section: World}"])
    chosen = Settings(codebook="tiny", **values)
    assert chosen.corpus_names == ("a", "b")
    assert (chosen.where["published"].last, chosen.where["section"].values) == ("2022-07-01", ("World",))
