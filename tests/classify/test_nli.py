"""Natural language inference as a scorer: labels, hypotheses, batches, the store, and what is refused.

The model is a real BERT of two layers that learns in a second which topic word goes with which passage.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from framing.classify import nli, nli_loading, nli_model
from framing.classify.nli import NliScorer
from framing.classify.nli_backends import Logits
from framing.classify.nli_model import EntailmentModel
from framing.encoders.store import VectorStore
from framing.encoders.weights import find_nli_model
from framing.encoders.windows import split_long
from framing.errors import FramingError, InputError
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, codebook, frame

TOPICS = {"war": WAR, "trade": TRADE, "sport": SPORT}
SEEDS = [text for texts in TOPICS.values() for text in texts]
MAX_POSITIONS = 48
LONG = " ".join(WAR * 20)


def book(*, multi_label: bool = True, **hypotheses: list[str]):
    frames = [frame(name, texts, hypotheses=hypotheses.get(name, [])) for name, texts in TOPICS.items()]
    return codebook(*frames, multi_label=multi_label)


def claim(topic: str) -> str:
    return f"Passages about {topic}."  # the definition that tests.tiny gives


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logits 0, 1, 2: contradiction, neutral, entailment."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import BertProcessing
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    target = tmp_path_factory.mktemp("nli") / "model"
    texts = [*SEEDS, *PASSAGES, *map(claim, TOPICS), "[ SEP ]"]
    splitter = Whitespace()
    words = dict.fromkeys(word for text in texts for word, _ in splitter.pre_tokenize_str(text.lower()))
    vocabulary = {word: n for n, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    inner = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    inner.normalizer, inner.pre_tokenizer = Lowercase(), splitter
    inner.post_processor = BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, **special)
    pairs = [(text, claim(topic)) for text in SEEDS for topic in TOPICS]
    wanted = torch.tensor([2 if text in TOPICS[topic] else 0 for text in SEEDS for topic in TOPICS])
    tokens = tokenizer([one for one, _ in pairs], [two for _, two in pairs], padding=True, return_tensors="pt")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        config = BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=MAX_POSITIONS,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            initializer_range=0.5,
            id2label={0: "contradiction", 1: "neutral", 2: "entailment"},
        )
        model = BertForSequenceClassification(config)
        optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
        for _ in range(300):
            loss = torch.nn.functional.cross_entropy(model(**tokens).logits, wanted)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if loss < 0.02:
                break
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)
    return target


def variant(folder: Path, target: Path, rows: list[int], labels: list[str], *, key: str = "id2label") -> Path:
    """The same model with these rows of its last layer, so named, in that order."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(folder, target)
    weights = load_file(target / "model.safetensors")
    for part in ("classifier.weight", "classifier.bias"):
        weights[part] = weights[part][rows].contiguous()
    save_file(weights, target / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((target / "config.json").read_text())
    config.pop("id2label")
    config.pop("label2id")
    by_number = {str(number): label for number, label in enumerate(labels)}
    by_label = {label: number for number, label in enumerate(labels)}
    config |= {"id2label": {"id2label": by_number}, "label2id": {"label2id": by_label}, "": {}}[key]
    (target / "config.json").write_text(json.dumps(config))
    return target


def configured(folder: Path, target: Path, **changes: object) -> Path:
    shutil.copytree(folder, target)
    config = json.loads((target / "config.json").read_text()) | changes
    (target / "config.json").write_text(json.dumps(config))
    return target


def exact(*arguments: object, **options: object) -> NliScorer:
    """In float32, whose last bits alone depend on the batches; and by torch, which needs no export of each model."""
    return NliScorer(*arguments, **({"backend": "torch", "dtype": "float32"} | options))


@pytest.fixture(scope="module")
def scorer(folder: Path) -> NliScorer:
    return exact(book(), str(folder)).fit()


@pytest.fixture(scope="module")
def scores(scorer: NliScorer) -> np.ndarray:
    return scorer.predict_proba(SEEDS)


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Counts forward passes and the pairs in them."""
    count = SimpleNamespace(batches=0, pairs=[])
    read, join = EntailmentModel.read, Logits._join

    def read_pairs(self, pairs):
        count.pairs += pairs
        return read(self, pairs)

    def join_batch(self, pairs):
        count.batches += 1
        return join(self, pairs)

    monkeypatch.setattr(EntailmentModel, "read", read_pairs)
    monkeypatch.setattr(Logits, "_join", join_batch)
    return count


def test_what_is_entailed_scores_high_and_what_is_contradicted_low(scorer, scores):
    labels = np.repeat(np.eye(3, dtype=bool), 3, axis=0)
    assert scores.shape == (9, 3)
    assert scores[labels].min() > 0.9
    assert scores[~labels].max() < 0.1
    assert scorer.predict(SEEDS).to_numpy().tolist() == labels.tolist()
    assert scorer.decide(SEEDS[:1]).tolist() == [["present", "absent", "absent"]]


def test_the_fitted_scorer_says_what_it_is(scorer, folder):
    assert scorer.classes_.tolist() == ["war", "trade", "sport"]
    assert (scorer.threshold_, scorer.zero_shot_, scorer.strength_) == (0.5, True, "zero-shot")
    assert scorer.encoder_name_ == str(folder)


def test_scores_are_the_softmax_over_entailment_and_contradiction(folder, scores):
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer, model = (kind.from_pretrained(folder) for kind in (AutoTokenizer, AutoModelForSequenceClassification))
    with torch.inference_mode():
        logits = model(**tokenizer([(SEEDS[4], claim("trade"))], return_tensors="pt")).logits[0].numpy()
    odds = np.exp(logits.astype(float))
    assert scores[4, 1] == pytest.approx(odds[2] / (odds[2] + odds[0]), abs=1e-6)


def test_one_label_a_passage_is_the_softmax_of_entailment_over_frames(folder):
    single = exact(book(multi_label=False), str(folder)).fit()
    found = single.predict_proba([*PASSAGES, *SEEDS, "", LONG])
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)
    logits = single.entailment_model_.predict_logits([(PASSAGES[0], claim(topic)) for topic in TOPICS])[:, 0].astype(
        float
    )
    np.testing.assert_allclose(found[0], np.exp(logits) / np.exp(logits).sum(), atol=1e-5)
    assert (single.decide_scores(found) == "present").sum(axis=1).tolist() == [1] * len(found)
    assert single.predict(SEEDS).to_numpy().argmax(axis=1).tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize(
    ("rows", "labels", "key"),
    [
        ([2, 1, 0], ["entailment", "neutral", "contradiction"], "id2label"),
        ([1, 2, 0], ["NEUTRAL", "ENTAILMENT", "CONTRADICTION"], "id2label"),
        ([0, 2, 1], ["Contradiction", "Entailment", "Neutral"], "label2id"),
        ([2, 0], ["entailment", "not_entailment"], "id2label"),
        ([0, 2], ["Not Entailment", "Entailment"], "label2id"),
    ],
)
def test_the_order_and_case_of_labels_change_nothing(folder, tmp_path, scores, rows, labels, key):
    other = variant(folder, tmp_path / "other", rows, labels, key=key)
    found = exact(book(), str(other)).fit().predict_proba(SEEDS)
    np.testing.assert_allclose(found, scores, atol=1e-6)


@pytest.mark.parametrize(
    ("labels", "key", "names"),
    [
        (["LABEL_0", "LABEL_1", "LABEL_2"], "id2label", "LABEL_0, LABEL_1, LABEL_2"),
        (["negative", "neutral", "positive"], "label2id", "negative, neutral, positive"),
        (["neutral", "entailment", "other"], "id2label", "neutral, entailment, other"),
        (["a", "b", "c"], "", "none"),
    ],
)
def test_a_model_that_does_not_name_entailment_is_refused(folder, tmp_path, labels, key, names):
    other = variant(folder, tmp_path / "other", [0, 1, 2], labels, key=key)
    fitted = exact(book(), str(other)).fit()
    with pytest.raises(InputError, match=rf"does not say which label is entailment; .* found: {names}\. Choose"):
        fitted.predict_proba(PASSAGES)


def test_labels_that_contradict_each_other_are_refused(folder, tmp_path):
    other = configured(folder, tmp_path / "other", label2id={"entailment": 0, "neutral": 1, "contradiction": 2})
    with pytest.raises(InputError, match=r"contradicts itself: id2label says .*, label2id says"):
        exact(book(), str(other)).fit().predict_proba(PASSAGES)


def test_a_model_without_a_trained_classifier_is_refused(folder, tmp_path):
    from safetensors.torch import load_file, save_file

    shutil.copytree(folder, tmp_path / "headless")
    file = tmp_path / "headless" / "model.safetensors"
    weights = {name: value for name, value in load_file(file).items() if not name.startswith("classifier")}
    save_file(weights, file, metadata={"format": "pt"})
    with pytest.raises(InputError, match=r"holds no weights for classifier\.bias, classifier\.weight; expected a seq"):
        exact(book(), str(file.parent)).fit().predict_proba(PASSAGES)


def test_pickled_weights_are_refused(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "pickled")
    (tmp_path / "pickled" / "model.safetensors").rename(tmp_path / "pickled" / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"holds no model\.safetensors; expected a folder with config\.json, .*pickle"):
        exact(book(), str(tmp_path / "pickled")).fit()


@pytest.mark.parametrize("name", ["owner/nli", "owner/nli@main", "owner/nli@" + "a" * 39])
def test_a_hub_model_needs_its_revision(name):
    with pytest.raises(InputError, match=r"NLI model 'owner/nli.*' is no folder here\. .* owner/nli@<the 40 hex"):
        exact(book(), name).fit()


@pytest.mark.parametrize("name", ["minilm", "mpnet", ""])
def test_an_encoder_is_no_nli_model(name):
    with pytest.raises(InputError, match=rf"There is no NLI model '{name}'\. Choose the path of a folder with config"):
        exact(book(), name).fit()


def test_a_pinned_hub_model_that_cannot_be_fetched_says_from_where(tmp_path, monkeypatch):
    name = f"owner/nli@{'a' * 40}"
    source = find_nli_model(name)
    assert (source.hub, source.revision, source.folder) == ("owner/nli", "a" * 40, None)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    fitted = exact(book(), name).fit()
    with pytest.raises(FramingError, match=r"could not be loaded from the model hub as owner/nli at a{40}: "):
        fitted.predict_proba(PASSAGES)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: (folder / "model.safetensors").write_bytes(b"cut short"), "could not be loaded from .*: "),
        (lambda folder: (folder / "config.json").unlink(), r"could not be loaded from .*: expected a config\.json"),
        (lambda folder: (folder / "config.json").write_text("{"), "could not be loaded from .*JSON"),
    ],
)
def test_a_damaged_folder_is_named(folder, tmp_path, spoil, reason):
    shutil.copytree(folder, tmp_path / "damaged")
    spoil(tmp_path / "damaged")
    with pytest.raises(FramingError, match=r"The NLI model .*damaged " + reason):
        exact(book(), str(tmp_path / "damaged")).fit().predict_proba(PASSAGES)


def test_nothing_is_loaded_by_fit_or_for_no_passages(folder, monkeypatch):
    monkeypatch.setattr(nli_model, "load_model", lambda *_: pytest.fail("loaded"))
    fitted = exact(book(), str(folder)).fit()
    assert fitted.predict_proba([]).shape == (0, 3)
    assert fitted.decide([]).shape == (0, 3)


def test_labels_are_refused(folder):
    with pytest.raises(InputError, match=r"does not learn from texts or labels; .* FrameClassifier"):
        exact(book(), str(folder)).fit(PASSAGES, np.eye(3, dtype=bool))
    with pytest.raises(InputError, match=r"does not learn from texts or labels; .* FrameClassifier"):
        exact(book(), str(folder)).fit(labels=np.eye(3, dtype=bool))


@pytest.mark.parametrize("size", [0, -1, 2.5])
def test_a_batch_holds_at_least_one_pair(folder, size):
    with pytest.raises(InputError, match=rf"batch_size must be a whole number of at least 1, got {size}\."):
        exact(book(), str(folder), batch_size=size).fit()


def test_the_order_of_calls_and_one_text_are_checked(folder, scorer):
    with pytest.raises(InputError, match=r"predict_proba: call fit first\."):
        exact(book(), str(folder)).predict_proba(PASSAGES)
    with pytest.raises(InputError, match=r"expected a list of texts, got one text\. Put it in a list\."):
        scorer.predict_proba(PASSAGES[0])


def test_the_definition_is_the_hypothesis_where_there_is_none(folder, passes):
    exact(book(war=["There is war.", "Soldiers fight."]), str(folder)).fit().predict_proba(PASSAGES[:1])
    assert sorted(passes.pairs) == sorted(
        (PASSAGES[0], hypothesis) for hypothesis in ["There is war.", "Soldiers fight.", claim("trade"), claim("sport")]
    )


@pytest.mark.parametrize("multi_label", [True, False])
def test_the_best_hypothesis_counts(folder, multi_label):
    """For a frame with the hypotheses of two others the higher of their scores, or logits, is its own."""
    claims = {"trade": [claim("war"), claim("sport")], "war": [claim("war")], "sport": [claim("sport")]}
    found = exact(book(multi_label=multi_label, **claims), str(folder)).fit().predict_proba(SEEDS)
    war, trade, sport = found.T
    np.testing.assert_allclose(trade, np.maximum(war, sport), atol=1e-6)
    assert (war > sport).any()
    assert (war < sport).any()


def test_equal_hypotheses_given_or_by_definition_score_alike(folder, scores):
    given = {topic: [claim(topic)] for topic in TOPICS}
    np.testing.assert_array_equal(exact(book(**given), str(folder)).fit().predict_proba(SEEDS), scores)


@pytest.mark.parametrize("batch_size", [1, 4, 64])
def test_a_score_does_not_depend_on_neighbours_or_batches(folder, scorer, batch_size):
    texts = [*PASSAGES, *SEEDS, "", "War", LONG]
    alone = np.concatenate([scorer.predict_proba([text]) for text in texts])
    batched = exact(book(), str(folder), batch_size=batch_size).fit().predict_proba(texts)
    np.testing.assert_allclose(batched, alone, atol=1e-5)
    np.testing.assert_allclose(scorer.predict_proba(texts[::-1])[::-1], alone, atol=1e-5)


def test_repeated_passages_are_scored_once(folder, passes):
    found = exact(book(), str(folder)).fit().predict_proba([PASSAGES[0], PASSAGES[1], PASSAGES[0], PASSAGES[0]])
    assert len(passes.pairs) == len(set(passes.pairs)) == 2 * 3
    assert found[0].tolist() == found[2].tolist() == found[3].tolist()
    assert passes.batches == 1


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_on_a_terminal_only(scorer, monkeypatch, capsys, terminal):
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    monkeypatch.setattr("framing.steps._PATIENCE", 0 if terminal else 60)
    scorer.predict_proba(PASSAGES)
    assert capsys.readouterr() == ("", "")
    scorer.predict_proba(PASSAGES, progress="Scoring")
    out, shown = capsys.readouterr()
    assert out == ""
    assert ("Scoring: 100 %" in shown and "9 of 9 pairs" in shown) if terminal else shown == ""


@pytest.mark.parametrize("limit", [None, 24])
def test_long_passages_are_scored_in_pieces_and_the_best_counts(folder, tmp_path, limit):
    target = tmp_path / "limited"
    shutil.copytree(folder, target)
    settings = json.loads((target / "tokenizer_config.json").read_text())
    settings.pop("model_max_length", None)
    settings |= {} if limit is None else {"model_max_length": limit}
    (target / "tokenizer_config.json").write_text(json.dumps(settings))
    fitted = exact(book(), str(target)).fit()
    room = (limit or MAX_POSITIONS - 2) - len(["[CLS]", "[SEP]", "Passages", "about", "war", ".", "[SEP]"])
    fits, too_long = "war " * room, "war " * (room + 1)
    assert fitted.find_long([fits, too_long]).tolist() == [False, True]
    mixed = f"{LONG} The team lost on penalties."
    pieces, _ = split_long([mixed], fitted.find_long)
    assert pieces[-1].endswith("The team lost on penalties.")
    assert len(pieces) > 2
    found = fitted.predict_proba(["Wine.", mixed, LONG])
    np.testing.assert_allclose(found[1], fitted.predict_proba(pieces).max(axis=0), atol=1e-6)
    assert found[1, 2] >= fitted.predict_proba(pieces[-1:])[0, 2] - 1e-6  # the end counts


def test_hypotheses_that_leave_no_room_are_refused(folder):
    endless = ["war " * 40]
    with pytest.raises(InputError, match=r"Frame war: its hypothesis 'war war .* takes 43 of the 46 tokens"):
        exact(book(war=endless), str(folder)).fit().predict_proba(PASSAGES)
    wordy = codebook(*(frame(name, texts) | {"definition": f"{name} " * 40} for name, texts in TOPICS.items()))
    with pytest.raises(InputError, match=r"Frame war: its definition \(it has no hypotheses\) .* at most half of them"):
        exact(wordy, str(folder)).fit().predict_proba(PASSAGES)


def test_a_separator_spelled_in_a_passage_is_text(scorer):
    scorer.predict_proba(PASSAGES[:1])
    model = scorer.entailment_model_
    (read,) = model.read([("War [SEP] trade", claim("war"))])
    assert read.values["input_ids"].count(model.tokenizer.sep_token_id) == 2


def test_a_tokenizer_that_cannot_pad_scores_pair_by_pair(folder, tmp_path, scores, passes):
    target = tmp_path / "unpadded"
    shutil.copytree(folder, target)
    for name, key in (("tokenizer_config.json", "pad_token"), ("tokenizer.json", "padding")):
        content = json.loads((target / name).read_text())
        content.pop(key)
        (target / name).write_text(json.dumps(content))
    found = exact(book(), str(target)).fit().predict_proba(SEEDS)
    np.testing.assert_allclose(found, scores, atol=1e-5)
    assert passes.batches == len(passes.pairs) == 27


def test_a_second_run_takes_scores_from_the_store(folder, tmp_path, passes, monkeypatch):
    store = VectorStore(tmp_path / "store.sqlite")
    first = exact(book(), str(folder), store=store).fit().predict_proba(PASSAGES)
    assert (len(passes.pairs), len(store)) == (9, 3)
    more = exact(book(), str(folder), store=store).fit().predict_proba([*PASSAGES, SEEDS[0]])
    assert len(passes.pairs) == 9 + 3
    np.testing.assert_array_equal(more[:3], first)
    monkeypatch.setattr(nli_model, "load_model", lambda *_: pytest.fail("loaded"))
    again = exact(book(), str(folder), store=store).fit().predict_proba(PASSAGES[::-1])
    np.testing.assert_array_equal(again[::-1], first)


def test_the_store_keeps_hypotheses_modes_and_models_apart(folder, tmp_path, passes):
    store = VectorStore(tmp_path / "store.sqlite")
    swapped = variant(folder, tmp_path / "swapped", [2, 1, 0], ["contradiction", "neutral", "entailment"])
    runs = [
        exact(book(), str(folder), store=store),
        exact(book(war=["There is war."]), str(folder), store=store),
        exact(book(multi_label=False), str(folder), store=store),
        exact(book(), str(swapped), store=store),
    ]
    for number, run in enumerate(runs, start=1):
        stored = run.fit().predict_proba(PASSAGES)
        assert (len(passes.pairs), len(store)) == (9 * number, 3 * number)
        np.testing.assert_allclose(run.set_params(store=None).predict_proba(PASSAGES), stored, atol=1e-6)
        del passes.pairs[9 * number :]


def test_scores_reach_the_store_part_by_part(folder, tmp_path, monkeypatch):
    store = VectorStore(tmp_path / "store.sqlite")
    monkeypatch.setattr(nli, "_COMMIT_PAIRS", 7)  # two passages of three pairs
    real, done = EntailmentModel.compute_logits, []

    def compute_logits(self, pairs, *more):
        if len(done) == 2:
            raise KeyboardInterrupt("stopped by hand")
        done.append(pairs)
        return real(self, pairs, *more)

    monkeypatch.setattr(EntailmentModel, "compute_logits", compute_logits)
    with pytest.raises(KeyboardInterrupt, match="stopped by hand"):
        exact(book(), str(folder), store=store).fit().predict_proba(SEEDS)
    assert len(store) == 4


def test_scores_that_are_no_numbers_are_refused(folder, tmp_path):
    from safetensors.torch import load_file, save_file

    shutil.copytree(folder, tmp_path / "nan")
    weights = load_file(tmp_path / "nan" / "model.safetensors")
    weights["classifier.bias"][2] = float("nan")
    save_file(weights, tmp_path / "nan" / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(FramingError, match="made scores that are not numbers; choose another model"):
        exact(book(), str(tmp_path / "nan")).fit().predict_proba(PASSAGES)


def test_models_saved_in_half_precision_are_computed_in_float32(folder, tmp_path):
    import torch
    from safetensors.torch import load_file, save_file

    shutil.copytree(folder, tmp_path / "half")
    weights = {name: value.half() for name, value in load_file(folder / "model.safetensors").items()}
    save_file(weights, tmp_path / "half" / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text()) | {"dtype": "float16"}
    (tmp_path / "half" / "config.json").write_text(json.dumps(config))
    source = find_nli_model(str(tmp_path / "half"))
    _, _, labels, _ = nli_loading.load_tokenizer(source)
    assert nli_loading.load_model(source, labels).dtype == torch.float32


def test_anchors_say_how_well_the_seeds_are_found(folder):
    """A seed of sport put under war is not found, one of trade put under its counter-seeds is a false alarm."""
    frames = [
        frame("war", [*WAR, SPORT[2]]),
        frame("trade", TRADE[:2], counter_seeds=TRADE[2:]),
        frame("sport", SPORT[:2]),
    ]
    anchors = exact(codebook(*frames, multi_label=True), str(folder)).fit().describe_anchors().set_index("frame")
    assert anchors["n_seeds"].to_dict() == {"war": 4, "trade": 2, "sport": 2}
    assert anchors["recall"].to_dict() == {"war": 0.75, "trade": 1.0, "sport": 1.0}
    assert anchors["precision"].to_dict() == {"war": 1.0, "trade": pytest.approx(2 / 3), "sport": pytest.approx(2 / 3)}
    assert anchors.loc["war", "f1"] == pytest.approx(6 / 7)
    assert anchors["confused_with"].to_dict() == {"war": "sport", "trade": "(none)", "sport": "(none)"}
    single = exact(codebook(*frames), str(folder)).fit().describe_anchors().set_index("frame")
    assert single.loc["trade", "precision"] == 1.0  # no counter-seeds where each passage has a frame
    assert single["average_precision"].between(0, 1).all()


def test_anchors_have_the_columns_of_the_frame_classifier(scorer, encoder):
    from framing.classify.classifier import FrameClassifier

    expected, anchors = FrameClassifier(codebook(), encoder).fit().describe_anchors(), scorer.describe_anchors()
    assert list(anchors.columns) == list(expected.columns)
    assert anchors.dtypes.tolist() == expected.dtypes.tolist()
    assert anchors["frame"].tolist() == expected["frame"].tolist()


def test_anchors_are_computed_only_when_asked_for(folder, passes):
    fitted = exact(book(), str(folder)).fit()
    assert "NliScorer" in fitted._repr_html_()
    assert passes.pairs == []
    assert len(fitted.describe_anchors()) == 3
    assert len(passes.pairs) == 27
    fitted.set_params(codebook=book(war=["There is war."])).fit()
    assert "There is war." not in {hypothesis for _, hypothesis in passes.pairs}
    assert len(fitted.describe_anchors()) == 3
    assert "There is war." in {hypothesis for _, hypothesis in passes.pairs}


def test_it_is_a_scikit_learn_estimator(folder, tmp_path):
    unfitted = exact(book(), str(folder), batch_size=3, store=VectorStore(tmp_path / "store.sqlite"))
    copy = clone(unfitted)
    assert (copy.get_params()["batch_size"], copy.codebook.hash) == (3, unfitted.codebook.hash)
    with pytest.raises(NotFittedError, match="predict_proba: call fit first"):
        unfitted.predict_proba(["Talks."])
    with pytest.raises(NotFittedError, match="not fitted yet"):
        check_is_fitted(unfitted)
    check_is_fitted(unfitted.fit())


def test_a_refit_with_another_model_uses_it(folder, tmp_path, scores):
    swapped = variant(folder, tmp_path / "swapped", [2, 1, 0], ["contradiction", "neutral", "entailment"])
    fitted = exact(book(), str(folder)).fit()
    fitted.predict_proba(SEEDS)
    loaded = fitted.entailment_model_
    assert fitted.fit().entailment_model_ is loaded
    np.testing.assert_allclose(fitted.set_params(model=str(swapped)).fit().predict_proba(SEEDS), 1 - scores, atol=1e-6)


@pytest.mark.slow
def test_importing_loads_nothing_heavy():
    names = "('torch', 'transformers', 'tqdm')"
    code = f"import sys, framing.classify.nli; print([name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ways of computing


@pytest.mark.parametrize("backend", ["openvino", "onnxruntime", "torch"])
def test_backends_score_alike(folder, scores, backend):
    other = NliScorer(book(), str(folder), backend=backend).fit()
    texts = [*SEEDS, *PASSAGES, LONG]
    found = other.predict_proba(texts)
    np.testing.assert_allclose(found[:9], scores, atol=0.02)
    model = other.entailment_model_
    assert (model.backend, other.dtype_, model.device) == (backend, model.dtype, "cpu")
    assert model.statistics.encoded > len(SEEDS)
    assert model.statistics.texts_per_second > 0


def test_a_way_of_computing_that_does_not_agree_is_not_used(folder, tmp_path, scores, monkeypatch):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    compute = Logits.__call__
    opened: list[tuple[str, str]] = []

    def exchange(self, pairs, done=lambda _: None):
        wrong = opened and opened[-1] != ("torch", "float32")
        return compute(self, pairs, done)[:, ::-1] if wrong else compute(self, pairs, done)

    def note(self, backend, dtype, real=EntailmentModel._open):
        opened.append((backend, dtype))
        return real(self, backend, dtype)

    monkeypatch.setattr(EntailmentModel, "_open", note)
    monkeypatch.setattr(Logits, "__call__", exchange)
    fitted = NliScorer(book(), str(folder), backend="onnxruntime", dtype="float32").fit()
    with pytest.warns(
        UserWarning, match=r"onnxruntime in float32 does not agree .* difference of a score is 0\.\d+ \(at"
    ):
        assert fitted.dtype_ == "float32"
    assert fitted.entailment_model_.backend == "torch"
    np.testing.assert_allclose(fitted.predict_proba(SEEDS), scores, atol=1e-6)


def test_scores_of_ways_are_stored_apart(folder, tmp_path):
    store = VectorStore(tmp_path / "store.sqlite")
    for number, backend in enumerate(["torch", "onnxruntime"], start=1):
        NliScorer(book(), str(folder), store=store, backend=backend, dtype="float32").fit().predict_proba(PASSAGES)
        assert len(store) == 3 * number


def test_unknown_ways_are_refused(folder):
    scorer = exact(book(), str(folder)).fit()
    scorer.predict_proba(PASSAGES)
    with pytest.raises(InputError, match="There is no backend 'tensor'"):
        scorer.set_params(backend="tensor").fit()
    scorer.set_params(backend="onnxruntime").fit()
    assert scorer.entailment_model_ is None, "the next passage opens another"
