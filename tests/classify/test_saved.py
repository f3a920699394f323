"""A classifier on disk: the same scores again, nothing half written, and nothing believed that does not match."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.classify import saved
from framing.classify.classifier import FrameClassifier
from framing.classify.saved import check_folder, load_classifier, save_classifier
from framing.classify.tuned.plan import TuningPlan
from framing.encoders.sentence import SentenceEncoder
from framing.errors import FramingError, InputError
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook, static_model, transformer_model

pytestmark = pytest.mark.usefixtures("short_background")

TEXTS = [*WAR, *TRADE, *SPORT, *PASSAGES]
LABELS = np.eye(3, dtype=bool)[[0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 1, 2]]
NEW = ["Soldiers hit the port.", "Steel and wine.", "<s>She</s> won <t>the final</t>.", "", " ".join(WAR * 9)]
FEW = TuningPlan(objective="classification", min_steps=3, max_steps=4)


@pytest.fixture(scope="module")
def bert(tmp_path_factory) -> SentenceEncoder:
    folder = transformer_model(tmp_path_factory.mktemp("bert") / "bert")
    return SentenceEncoder(str(folder), dtype="float32")


def head(*, multi_label: bool = False, **parameters) -> FrameClassifier:
    return FrameClassifier(codebook(multi_label=multi_label), WordEncoder(), **parameters).fit(TEXTS, LABELS)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def arrays_of(folder: Path) -> Path:
    (found,) = folder.glob("*.safetensors")
    return found


def same(one: FrameClassifier, other: FrameClassifier) -> None:
    assert np.abs(one.predict_proba(NEW) - other.predict_proba(NEW)).max() < 1e-6
    np.testing.assert_array_equal(one.decide(NEW), other.decide(NEW))
    assert one.classes_.tolist() == other.classes_.tolist()
    for name in ("strength_", "zero_shot_", "threshold_", "training_hash_", "encoder_name_"):
        assert getattr(one, name) == getattr(other, name), name
    pd.testing.assert_frame_equal(one.anchors_, other.anchors_)
    pd.testing.assert_frame_equal(one.guarantees_, other.guarantees_, check_dtype=len(one.guarantees_) > 0)
    if one.cross_fitted_ is None:
        assert other.cross_fitted_ is None
    else:
        np.testing.assert_array_equal(one.cross_fitted_, other.cross_fitted_)


# the same again


@pytest.mark.slow
@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("strength", ["zero-shot", "head", "fine-tuned"])
def test_a_loaded_classifier_is_the_same(tmp_path, bert, strength, multi_label):
    book = codebook(multi_label=multi_label)
    fitted = FrameClassifier(book, bert, strength=strength, tuning=FEW, random_seed=2).fit(TEXTS, LABELS)
    assert save_classifier(fitted, tmp_path / "saved") == tmp_path / "saved"
    loaded = load_classifier(tmp_path / "saved", book)  # the encoder by its name
    same(fitted, loaded)
    same(fitted, load_classifier(str(tmp_path / "saved"), book, encoder=bert))
    assert (loaded.ensemble_.tuned is not None) is (strength == "fine-tuned")


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["classification", "contrastive"])
def test_members_are_restored_to_the_last_bit(tmp_path, bert, objective):
    plan = TuningPlan(objective=objective, min_steps=3, max_steps=4, trained_layers=1, max_tokens=8)
    fitted = FrameClassifier(codebook(), bert, strength="fine-tuned", tuning=plan).fit(TEXTS, LABELS)
    loaded = load_classifier(save_classifier(fitted, tmp_path / "saved"), codebook(), encoder=bert)
    np.testing.assert_array_equal(fitted.ensemble_.tuned.score(NEW), loaded.ensemble_.tuned.score(NEW))


def test_promises_roles_and_parameters_are_saved(tmp_path):
    options = {"precision": {"war": 0.5, "trade": 0.9}, "recall": np.float32(0.5), "confidence": 0.8, "random_seed": 5}
    fitted = FrameClassifier(codebook(), WordEncoder(), tuning=FEW, **options)
    marked = [f"<s>{text}</s>" if row % 2 else text for row, text in enumerate(TEXTS)]
    fitted.fit(marked, LABELS)
    assert fitted.ensemble_.frozen.roles_
    assert fitted.guarantees_["held"].nunique() == 2, "one promise is made and one is not"
    loaded = load_classifier(save_classifier(fitted, tmp_path / "saved"), codebook(), encoder=WordEncoder())
    same(fitted, loaded)
    for name in ("strength", "precision", "recall", "confidence", "tuning", "random_seed"):
        assert loaded.get_params()[name] == fitted.get_params()[name], name
    again = loaded.fit(marked, LABELS)
    np.testing.assert_array_equal(again.predict_proba(NEW), fitted.predict_proba(NEW))


@pytest.mark.parametrize("strength", ["head", "fine-tuned"])
def test_a_classifier_of_the_first_format_is_read(tmp_path, bert, strength):
    """Written as the first format did: number formats were called precision, states were named otherwise."""
    fitted = FrameClassifier(codebook(), bert, strength=strength, tuning=FEW, precision=0.9).fit(TEXTS, LABELS)
    facts, arrays = saved._read(save_classifier(fitted, tmp_path / "new"))
    values = facts["classifier"]
    old_names = {"contrastive_weight": "contrast", "dtype": "precision"}

    def old_plan(plan):
        return plan and {old_names.get(name, name): value for name, value in plan.items()}

    for row in values["guarantees"]:
        row["coverage"] = row.pop("share_kept")
        del row["n_enough"], row["shortfall"]
    encoder = facts["encoder"]
    encoder["precision"] = encoder.pop("dtype")
    first = {
        **{name: values[name] for name in ("strength", "threshold", "training_sha256", "anchors", "guarantees")},
        "codebook": facts["codebook"],
        "encoder": encoder,
        "parameters": {**values["parameters"], "tuning": old_plan(values["parameters"]["tuning"])},
        "plan": old_plan(values.get("tuned", {}).get("plan")),
        "frozen": {"words": values["frozen"]["words"]["parts"], "roles": values["frozen"]["roles"]},
    }
    old_arrays = {name.replace("frozen.head.", "frozen."): array for name, array in arrays.items()}
    folder = tmp_path / "old"
    saved._write(folder, old_arrays, first)
    path = folder / "classifier.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 1}))
    loaded = load_classifier(folder, codebook(), encoder=bert)
    np.testing.assert_array_equal(loaded.predict_proba(NEW), fitted.predict_proba(NEW))
    assert loaded.guarantees_["share_kept"].to_list() == fitted.guarantees_["share_kept"].to_list()
    assert loaded.guarantees_["n_enough"].isna().all()
    assert loaded.guarantees_["shortfall"].to_list() == fitted.guarantees_["shortfall"].to_list() == ["labels"] * 3
    assert loaded.tuning == FEW


def test_what_was_loaded_can_be_saved_again(tmp_path):
    fitted = head(multi_label=True)
    book = fitted.codebook
    first = load_classifier(save_classifier(fitted, tmp_path / "one"), book, encoder=WordEncoder())
    second = load_classifier(save_classifier(first, tmp_path / "two"), book, encoder=WordEncoder())
    same(fitted, second)
    assert (tmp_path / "one" / "classifier.json").read_bytes() == (tmp_path / "two" / "classifier.json").read_bytes()


def test_an_encoder_of_another_precision_has_the_same_weights(tmp_path, bert):
    fitted = FrameClassifier(codebook(), bert).fit()
    save_classifier(fitted, tmp_path / "saved")
    short = SentenceEncoder(bert.name, dtype="bfloat16")
    loaded = load_classifier(tmp_path / "saved", codebook(), encoder=short)
    assert np.abs(loaded.predict_proba(NEW) - fitted.predict_proba(NEW)).max() < 0.2
    by_name = load_classifier(tmp_path / "saved", codebook())
    assert by_name.encoder_.dtype == "float32"


def test_a_stack_of_encoders_is_opened_by_its_name(tmp_path, bert):
    from framing.encoders.sentence import open_encoder

    static = static_model(tmp_path / "static")
    stack = open_encoder(f"{bert.name}+{static}", dtype="float32+float32")
    fitted = FrameClassifier(codebook(), stack).fit(TEXTS, LABELS)
    loaded = load_classifier(save_classifier(fitted, tmp_path / "saved"), codebook())
    same(fitted, loaded)
    assert loaded.encoder_.dtype == "float32+float32"


def test_texts_are_not_saved(tmp_path):
    save_classifier(head(), tmp_path / "saved")
    content = b"".join(path.read_bytes() for path in (tmp_path / "saved").iterdir())
    assert not any(text.encode() in content for text in TEXTS)


def test_nothing_that_runs_code_is_written_or_read(tmp_path, bert, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("something was pickled")

    fitted = FrameClassifier(codebook(), bert, strength="fine-tuned", tuning=FEW).fit(TEXTS, LABELS)
    for name in ("dump", "dumps", "load", "loads", "Pickler", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    save_classifier(fitted, tmp_path / "saved")
    files = names(tmp_path / "saved")
    assert len(files) == 2
    assert [Path(name).suffix for name in files] == [".safetensors", ".json"]
    load_classifier(tmp_path / "saved", codebook(), encoder=bert).predict_proba(NEW)
    strict = json.loads((tmp_path / "saved" / "classifier.json").read_text(), parse_constant=refuse)
    assert set(strict) == {"format", "sha256", "facts"}


# what is refused


def test_only_a_fitted_classifier_is_saved(tmp_path):
    with pytest.raises(InputError, match="save: call fit first"):
        save_classifier(FrameClassifier(codebook(), WordEncoder()), tmp_path / "saved")
    assert not (tmp_path / "saved").exists()


def test_another_codebook_is_refused(tmp_path):
    save_classifier(head(), tmp_path / "saved")
    other = codebook(multi_label=True)
    with pytest.raises(
        InputError, match=r"saved: .*fitted with another codebook \(sha256 [0-9a-f]{16}…, given .*Give that"
    ):
        load_classifier(tmp_path / "saved", other, encoder=WordEncoder())


def test_another_encoder_is_refused(tmp_path, bert):
    fitted = FrameClassifier(codebook(), bert).fit()
    save_classifier(fitted, tmp_path / "saved")
    other = SentenceEncoder(str(transformer_model(tmp_path / "other", seed=9)), dtype="float32")
    with pytest.raises(InputError, match=rf"fitted with another encoder .*It was fitted with {bert.name}\."):
        load_classifier(tmp_path / "saved", codebook(), encoder=other)
    with pytest.raises(InputError, match="fitted with another encoder"):
        load_classifier(tmp_path / "saved", codebook(), encoder=WordEncoder())


def test_an_encoder_that_only_its_user_knows_must_be_given(tmp_path):
    save_classifier(head(), tmp_path / "saved")
    with pytest.raises(InputError, match=r"There is no encoder 'words'\. Choose minilm"):
        load_classifier(tmp_path / "saved", codebook())


def test_no_classifier_says_what_is_missing(tmp_path):
    for folder in (tmp_path, tmp_path / "gone"):
        with pytest.raises(
            InputError, match=r"holds no classifier: there is no classifier\.json\. Save one there first"
        ):
            load_classifier(folder, codebook())
    save_classifier(head(), tmp_path / "saved")
    arrays_of(tmp_path / "saved").unlink()
    with pytest.raises(
        InputError, match=r"holds no whole classifier: there is no classifier-[0-9a-f]{16}\.safetensors"
    ):
        load_classifier(tmp_path / "saved", codebook(), encoder=WordEncoder())


@pytest.mark.parametrize("place", [0, 9, 2000, -1])
def test_damaged_arrays_are_refused(tmp_path, place):
    save_classifier(head(), tmp_path / "saved")
    path = arrays_of(tmp_path / "saved")
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(
        InputError, match=r"safetensors is damaged: the sha256 of its content is [0-9a-f]{16}…, expected"
    ):
        load_classifier(tmp_path / "saved", codebook(), encoder=WordEncoder())


@pytest.mark.parametrize("keep", [0, 1, 100, -1])
def test_facts_cut_short_are_refused(tmp_path, keep):
    save_classifier(head(), tmp_path / "saved")
    path = tmp_path / "saved" / "classifier.json"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InputError, match=r"classifier\.json is damaged .*fit and save the classifier again"):
        load_classifier(tmp_path / "saved", codebook(), encoder=WordEncoder())


@pytest.mark.parametrize(
    "content", ["[]", "7", "null", '{"format": 1}', '{"format": 1, "sha256": "", "facts": []}', "\xff"]
)
def test_facts_that_are_no_facts_are_refused(tmp_path, content):
    save_classifier(head(), tmp_path / "saved")
    (tmp_path / "saved" / "classifier.json").write_text(content, encoding="latin-1")
    with pytest.raises(InputError, match=r"classifier\.json is damaged"):
        load_classifier(tmp_path / "saved", codebook(), encoder=WordEncoder())


@pytest.mark.parametrize(
    "damage",
    [
        lambda facts: facts["classifier"].update(threshold=0.1),
        lambda facts: facts.pop("encoder"),
        lambda facts: facts["classifier"]["frozen"]["words"]["parts"][0]["idf"].append(1.0),
        lambda facts: facts["arrays"].update(sha256="0" * 64),
    ],
)
def test_changed_facts_are_refused(tmp_path, damage):
    save_classifier(head(), tmp_path / "saved")
    path = tmp_path / "saved" / "classifier.json"
    whole = json.loads(path.read_text())
    damage(whole["facts"])
    path.write_text(json.dumps(whole))
    with pytest.raises(InputError, match=r"classifier\.json is damaged: the sha256 of its content is"):
        load_classifier(tmp_path / "saved", codebook(), encoder=WordEncoder())


def test_another_format_is_refused(tmp_path):
    save_classifier(head(), tmp_path / "saved")
    path = tmp_path / "saved" / "classifier.json"
    path.write_text(path.read_text().replace('"format": 2', '"format": 3', 1))
    with pytest.raises(InputError, match=r"saved: format 3, this version reads 1 and 2; fit and save it again"):
        load_classifier(tmp_path / "saved", codebook(), encoder=WordEncoder())


def test_members_that_do_not_fit_are_refused(tmp_path, bert, monkeypatch):
    fitted = FrameClassifier(codebook(), bert, strength="fine-tuned", tuning=FEW).fit(TEXTS, LABELS)
    save_classifier(fitted, tmp_path / "saved")
    other = SentenceEncoder(str(transformer_model(tmp_path / "mpnet", "mpnet")), dtype="float32")
    monkeypatch.setattr(saved, "_hash_weights", lambda _: "same")
    facts = saved._read(tmp_path / "saved")
    facts[0]["encoder"]["sha256"] = "same"
    monkeypatch.setattr(saved, "_read", lambda _: facts)
    with pytest.raises(FramingError, match="The saved classifier does not fit the encoder"):
        load_classifier(tmp_path / "saved", codebook(), encoder=other)


# whole or not at all


def test_an_earlier_classifier_is_replaced_and_nothing_else(tmp_path):
    folder = tmp_path / "saved"
    save_classifier(head(), folder)
    first = names(folder)
    (folder / "notes.txt").write_text("mine")
    other = FrameClassifier(codebook(), WordEncoder()).fit()
    save_classifier(other, folder)
    second = names(folder)
    assert set(second) - {"notes.txt"} != set(first)
    assert len(second) == 3
    same(other, load_classifier(folder, codebook(), encoder=WordEncoder()))
    assert (folder / "notes.txt").read_text() == "mine"
    assert names(tmp_path) == ["saved"]


class Stop(BaseException):
    """As an interrupt, or the end of the machine."""


@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("fault", [Stop(), OSError(28, "No space left on device")])
def test_an_interrupted_save_leaves_the_earlier_one(tmp_path, monkeypatch, after, fault):
    """Each of the two renames fails in turn: of the arrays, of the facts."""
    folder = tmp_path / "saved"
    fitted = head()
    save_classifier(fitted, folder)
    done = []
    replace = os.replace

    def fail(source, target):
        if len(done) == after:
            raise fault
        done.append(target)
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        full = isinstance(fault, OSError)
        expected = (InputError, r"saved cannot be written: No space left") if full else (Stop, "^$")
        with pytest.raises(expected[0], match=expected[1]):
            save_classifier(FrameClassifier(codebook(), WordEncoder()).fit(), folder)
    same(fitted, load_classifier(folder, codebook(), encoder=WordEncoder()))
    assert not [name for name in names(folder) if "making" in name]
    save_classifier(FrameClassifier(codebook(), WordEncoder()).fit(), folder)  # and the next one works
    assert len(names(folder)) == 2


def test_a_first_save_that_was_interrupted_can_be_made_again(tmp_path, monkeypatch):
    folder = tmp_path / "saved"

    def stop(*_):
        raise Stop

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", stop)
        with pytest.raises(Stop):
            save_classifier(head(), folder)
    with pytest.raises(InputError, match="holds no classifier"):
        load_classifier(folder, codebook(), encoder=WordEncoder())
    (folder / ".classifier.json.making-abc").write_bytes(b"{")  # left by a process that was killed
    save_classifier(head(), folder)
    assert len(names(folder)) == 2


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("x")
    for call in (lambda path: save_classifier(head(), path), check_folder):
        with pytest.raises(InputError, match=r"letters is not empty and holds no classifier; choose another folder"):
            call(tmp_path / "letters")
    assert names(tmp_path / "letters") == ["dear.txt"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"file cannot hold a classifier: Not a directory"):
        check_folder(tmp_path / "file")
    for free in ("new", "new/below"):
        assert check_folder(tmp_path / free) == tmp_path / free
    (tmp_path / "empty").mkdir()
    assert save_classifier(head(), tmp_path / "empty").is_dir()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"file/saved cannot (be written|hold a classifier): Not a directory"):
        save_classifier(head(), tmp_path / "file" / "saved")
