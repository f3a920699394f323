"""A source classified in parts: the same bytes as in one piece, and a stopped run that goes on."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.analysis.classified import classify_passages
from framing.analysis.classify_parts import Workplace, open_workplace
from framing.analysis.part_documents import read_parts
from framing.analysis.part_files import MANIFEST, check_parts, read_facts
from framing.classify.classifier import FrameClassifier
from framing.corpus.file_rows import FileOptions
from framing.corpus.rows import read_texts
from framing.corpus.streams import DocumentStream, TextSource
from framing.errors import FramingError, InputError, LockedError
from framing.executors.executor import LocalExecutor
from framing.files.whole import write_table
from tests.drawn import write_rows
from tests.tiny import PASSAGES, WordEncoder, codebook

TEXTS = [
    f"{PASSAGES[number % 3]} It was day {number}. Nobody in the port had said a word of it." for number in range(23)
]


class CountedEncoder(WordEncoder):
    """Remembers what it encoded; stops the program at the text that it is told."""

    def __init__(self, *, stop_at: str = "") -> None:
        self.encoded: list[str] = []
        self.stop_at = stop_at

    def encode(self, texts, *, progress=""):
        if self.stop_at and any(self.stop_at in text for text in texts):
            raise KeyboardInterrupt
        self.encoded += texts
        return super().encode(texts)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch) -> None:
    monkeypatch.setattr("framing.corpus.streams.PART_DOCUMENTS", 4)
    monkeypatch.setattr("framing.analysis.long_output._PIECE", 3)


@cache
def fitted() -> FrameClassifier:
    return FrameClassifier(codebook(), WordEncoder()).fit()


def classify(source: TextSource, output: Path, encoder: WordEncoder | None = None, executor=None):
    said: list[str] = []
    classifier = fitted() if encoder is None else FrameClassifier(codebook(), encoder).fit()
    with open_workplace(output, say=said.append) as work:
        read = work.read(source, say=said.append)
        done = work.classify(source, read, classifier, executor or LocalExecutor(), say=said.append)
    return read, done, [line for line in said if not line.startswith(("reading:", "classifying:"))]


def in_one_piece(source: TextSource, output: Path) -> None:
    options = source.options
    passages = read_texts(
        source.path,
        text_column=options.text_column,
        split=options.split,
        max_words=source.max_words,
        metadata=options.metadata,
        date_formats=options.date_formats,
    ).passages
    table = classify_passages(passages.drop(columns=["group", "file_line"], errors="ignore"), codebook(), fitted())
    write_table(table, output)


def describe(path: Path, *, split: bool = False, **options: object) -> TextSource:
    return TextSource(path=path, options=FileOptions(split=split, metadata="all", **options), max_words=12)


def make_rows(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"text": TEXTS, **columns})


LATE = {"section": [""] * 22 + ["World"], "=desk": ["=1+1"] * 23}
DAYS = [f"2025-07-{day:02}" for day in range(1, 24)]
SOURCES = {
    "plain": make_rows(),
    "days": make_rows(published=DAYS, title=[""] * 20 + ["A", "", "-x"], **LATE),
    "a time in the last part": make_rows(published=[*DAYS[:22], "2025-07-23T10:00:00"]),
    "a millisecond": make_rows(published=["2025-07-23T10:00:00.250", *DAYS[:20], "", "never"]),
    "a return in the last part": make_rows(outlet=["A"] * 22 + ["B\rC"]),
    "ids that occur again": make_rows(passage_id=["p1", "p2", *[""] * 20, "p1"], document_id=["d"] * 23),
}


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("name", SOURCES)
def test_parts_make_the_bytes_of_one_piece(tmp_path, name, split, ending):
    table = SOURCES[name]
    if split and "document_id" in table:
        table = table.assign(document_id=[f"d{row}" for row in range(22)] + ["d0"])
    path = tmp_path / "rows.jsonl"
    table.to_json(path, orient="records", lines=True)
    source = describe(path, split=split)
    in_one_piece(source, tmp_path / f"whole{ending}")
    read, done, _ = classify(source, tmp_path / f"parts{ending}")
    assert len(read.outline.n_documents) == 6
    assert (tmp_path / f"parts{ending}").read_bytes() == (tmp_path / f"whole{ending}").read_bytes()
    assert done.n_kept == 0
    assert not (tmp_path / f"parts{ending}.parts").exists()


def test_rows_with_other_keys_have_one_set_of_columns(tmp_path):
    rows = [{"text": text, **({"desk": "X"} if number == 21 else {})} for number, text in enumerate(TEXTS)]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    source = describe(path)
    in_one_piece(source, tmp_path / "whole.parquet")
    classify(source, tmp_path / "parts.parquet")
    whole, parts = (pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("whole", "parts"))
    pd.testing.assert_frame_equal(parts, whole, check_dtype=False)
    assert parts.loc[parts["desk"] != "", "text"].unique().tolist() == [TEXTS[21]]
    assert parts.dtypes.drop("published").to_dict() == whole.dtypes.drop("published").to_dict()


def make_corpus(folder: Path, more: str = "") -> Path:
    folder.mkdir()
    rows = [{"text": text, "paper": "AB"[number % 2], "desk": "xyz"[number % 3]} for number, text in enumerate(TEXTS)]
    write_rows(folder / "one.csv", [*rows[:9], {"text": "", "paper": "A", "desk": "x"}, rows[0]])
    write_rows(folder / "two.csv", rows[9:])
    (folder / "corpus.yaml").write_text(
        f"corpus: papers\ntitle: Papers\nformat: csv\nfiles: ['*.csv']\ncolumns: {{text: text, outlet: paper}}\n{more}",
        encoding="utf-8",
    )
    return folder


@pytest.mark.parametrize("where", ["", "where: {desk: [x, y]}\n", "where: {desk: [z], outlet: A}\n"])
def test_a_corpus_in_parts_is_the_corpus(tmp_path, where):
    source = describe(make_corpus(tmp_path / "papers", where))
    in_one_piece(source, tmp_path / "whole.csv")
    read, done, _ = classify(source, tmp_path / "parts.csv")
    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert read.outline.n_refused == 1
    assert sum(read.outline.n_documents) == 24
    assert bool(read.outline.n_left_out) == bool(where)
    assert done.languages.total() == 24 - read.outline.n_left_out


def test_a_corpus_is_read_again_where_files_change_places(tmp_path):
    home = make_corpus(tmp_path / "papers")
    (home / "corpus.yaml").write_text(
        "corpus: papers\ntitle: Papers\nsources:\n"
        "  - {files: one.csv, format: csv, columns: {text: text, outlet: {constant: Times}}}\n"
        "  - {files: two.csv, format: csv, columns: {text: text, outlet: {constant: Herald}}}\n"
    )
    source, work = describe(home), Workplace(tmp_path / "out.csv", tmp_path)

    def read_outlet():
        read = work.read(source)
        table = pd.concat([pd.read_parquet(read.file(number)) for number in range(len(read.outline.n_documents))])
        return table.loc[table["text"] == TEXTS[0], "outlet"].iloc[0]

    before = read_outlet()
    (home / "one.csv").rename(home / "aside")
    (home / "two.csv").rename(home / "one.csv")
    (home / "aside").rename(home / "two.csv")
    assert (before, read_outlet()) == ("Times", "Herald")


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("where: {desk: [x, q]}\n", "no document has desk 'q'"),
        ("where: {section: [x]}\n", "the documents have no column section. They have: document_id, .*desk"),
        ("where: {desk: [x], published: {from: 2025-01-01}}\n", "none of its 24 documents is as where: says"),
        ("metadata: [section]\n", "no file has the column.s. section"),
    ],
)
def test_what_no_document_has_is_refused_as_in_one_piece(tmp_path, where, message):
    source = describe(make_corpus(tmp_path / "papers", where))
    with pytest.raises(InputError, match=message):
        in_one_piece(source, tmp_path / "whole.csv")
    with pytest.raises(InputError, match=message):
        classify(source, tmp_path / "parts.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["papers"], "nothing is left"


def test_a_stopped_run_goes_on(tmp_path):
    path = tmp_path / "rows.csv"
    make_rows(published=DAYS).to_csv(path, index=False)
    source, output = describe(path), tmp_path / "out.csv"
    stopped = CountedEncoder(stop_at="It was day 13.")
    with pytest.raises(KeyboardInterrupt):
        classify(source, output, stopped)
    assert not output.exists(), "an output appears whole or not at all"
    folder = tmp_path / "out.csv.parts"
    finished = sorted((folder / "results").glob("part-*.parquet"))
    assert [file.name[:10] for file in finished] == ["part-00000", "part-00001", "part-00002"]
    finished[1].write_bytes(finished[1].read_bytes()[:-40])  # a disk that lost the end
    going_on = CountedEncoder()
    _, done, said = classify(source, output, going_on)
    assert said == [
        "2 of 6 parts had been finished by a run that was stopped",
        "1 of 6 parts are damaged and are computed again",
    ]
    seen = [text for text in going_on.encoded if "It was day" in text]
    assert seen == [*TEXTS[4:8], *TEXTS[12:]], "the damaged part and those that were not finished"
    classify(source, tmp_path / "again.csv")
    assert output.read_bytes() == (tmp_path / "again.csv").read_bytes()
    assert not folder.exists()
    assert done.n_kept == 2


def test_windows_of_a_stopped_run_are_those_of_one_that_was_not(tmp_path):
    path = tmp_path / "rows.csv"
    make_rows().to_csv(path, index=False)
    source, book = describe(path, whole=True), codebook(unit="document")

    def run(name: str, encoder: WordEncoder, *, windows: bool = True) -> list[str]:
        said: list[str] = []
        with open_workplace(tmp_path / f"{name}.csv", say=said.append) as work:
            read, scorer = work.read(source), FrameClassifier(book, encoder).fit()
            extra = tmp_path / f"{name}.windows.csv" if windows else None
            work.classify(source, read, scorer, LocalExecutor(), windows=extra, say=said.append)
        return said

    with pytest.raises(KeyboardInterrupt):
        run("stopped", CountedEncoder(stop_at="It was day 13."))
    assert "3 of 6 parts had been finished by a run that was stopped" in run("stopped", WordEncoder())
    run("whole", WordEncoder())
    for ending in (".csv", ".windows.csv"):
        assert (tmp_path / f"stopped{ending}").read_bytes() == (tmp_path / f"whole{ending}").read_bytes()
    table = pd.read_csv(tmp_path / "whole.windows.csv")
    assert table["text"].to_list() == TEXTS, "a short document is its only window, and has one frame here"
    with pytest.raises(KeyboardInterrupt):
        run("other", CountedEncoder(stop_at="It was day 13."), windows=False)
    said = run("other", WordEncoder())
    assert any("3 finished parts of an earlier run are not used" in line for line in said), "they have no windows"


def stop_and_damage(tmp_path: Path, kind: str, fault: str) -> tuple[TextSource, Path]:
    """A run that was stopped in its fourth part; then something happens to the file of its second."""
    path, output = tmp_path / "rows.csv", tmp_path / "out.csv"
    make_rows(published=DAYS).to_csv(path, index=False)
    classify(describe(path), tmp_path / "expected.csv")
    with pytest.raises(KeyboardInterrupt):
        classify(describe(path), output, CountedEncoder(stop_at="It was day 13."))
    folder = tmp_path / "out.csv.parts" / kind
    file = folder / fault if (folder / fault).is_file() else sorted(folder.glob("part-*.parquet"))[1]
    content = bytearray(file.read_bytes())
    if fault.isdigit() or fault == file.name:  # a bit, at so many percent of the file
        content[len(content) * int(fault if fault.isdigit() else 50) // 100] ^= 4
    file.write_bytes(content[:-40] if fault == "cut" else b"" if fault == "empty" else content)
    if fault in ("gone", "folder"):
        file.unlink()
    if fault == "folder":
        (file / "more").mkdir(parents=True)
    return describe(path), output


FAULTS = ["1", "20", "40", "60", "80", "99", "cut", "empty", "gone", "folder"]


@pytest.mark.parametrize("fault", FAULTS)
def test_damaged_results_are_computed_again(tmp_path, fault):
    source, output = stop_and_damage(tmp_path, "results", fault)
    encoder = CountedEncoder()
    _, done, said = classify(source, output, encoder)
    assert output.read_bytes() == (tmp_path / "expected.csv").read_bytes()
    seen = [text for text in encoder.encoded if "It was day" in text]
    assert seen == [*TEXTS[4:8], *TEXTS[12:]], "the damaged part and those that were not finished"
    assert done.n_kept == 2
    assert ("1 of 6 parts are damaged and are computed again" in said) == (fault != "gone")


@pytest.mark.parametrize("fault", [*FAULTS, "outline.json"])
def test_damaged_documents_are_read_anew(tmp_path, fault):
    source, output = stop_and_damage(tmp_path, "documents", fault)
    _, done, said = classify(source, output)
    assert output.read_bytes() == (tmp_path / "expected.csv").read_bytes()
    assert done.n_kept == 3, "their results stay"
    name = "outline.json" if fault == "outline.json" else "part-00001.parquet"
    assert name in said[0]
    assert said[0].endswith(": the source is read anew")


def test_a_damaged_list_of_documents_left_out_is_read_anew(tmp_path):
    source, output = describe(make_corpus(tmp_path / "papers", "where: {desk: [x, y]}\n")), tmp_path / "out.csv"
    classify(source, tmp_path / "expected.csv")
    with pytest.raises(KeyboardInterrupt):
        classify(source, output, CountedEncoder(stop_at="It was day 13."))
    kept = tmp_path / "out.csv.parts" / "documents" / "kept.npy"
    kept.write_bytes(kept.read_bytes()[:-1] + b"\0")
    _, _, said = classify(source, output)
    assert "kept.npy is not as it was written: the source is read anew" in said[0]
    assert output.read_bytes() == (tmp_path / "expected.csv").read_bytes()


class DamagingExecutor(LocalExecutor):
    """Changes a bit of a file of documents before the part is computed, or of a finished part after the check."""

    def __init__(self, kind: str, monkeypatch) -> None:
        self.kind, self.monkeypatch = kind, monkeypatch

    def map_parts(self, function, parts):
        def damage(file: Path) -> None:
            content = bytearray(file.read_bytes())
            content[len(content) // 2] ^= 1
            file.write_bytes(content)

        def check(*arguments: object) -> None:
            check_parts(*arguments)  # type: ignore[arg-type]
            damage(function.file(2))

        if self.kind == "documents":
            damage(function.read.file(2))
        self.monkeypatch.setattr(
            "framing.analysis.classify_parts.check_parts", check if self.kind == "results" else check_parts
        )
        yield from super().map_parts(function, parts)


@pytest.mark.parametrize("kind", ["documents", "results"])
def test_what_is_damaged_after_the_check_is_named_and_made_anew(tmp_path, kind, monkeypatch):
    path, output = tmp_path / "rows.csv", tmp_path / "out.csv"
    make_rows().to_csv(path, index=False)
    with pytest.raises(
        FramingError, match=rf"{kind}/part-00002.*parquet is not as it was written; it was before"
    ) as error:
        classify(describe(path), output, executor=DamagingExecutor(kind, monkeypatch))
    assert str(output) + " cannot" not in str(error.value)
    assert not output.exists()
    monkeypatch.undo()
    monkeypatch.setattr("framing.corpus.streams.PART_DOCUMENTS", 4)
    classify(describe(path), output)
    classify(describe(path), tmp_path / "again.csv")
    assert output.read_bytes() == (tmp_path / "again.csv").read_bytes()


def test_parts_of_another_classifier_or_text_are_not_taken(tmp_path):
    path, output = tmp_path / "rows.csv", tmp_path / "out.csv"
    make_rows().to_csv(path, index=False)
    with pytest.raises(KeyboardInterrupt):
        classify(describe(path), output, CountedEncoder(stop_at="It was day 13."))
    make_rows().assign(text=[text.replace("Nobody", "Somebody") for text in TEXTS]).to_csv(path, index=False)
    encoder = CountedEncoder()
    _, _, said = classify(describe(path), output, encoder)
    assert sum("Somebody" in text for text in encoder.encoded) == 23
    assert said == [
        "3 finished parts of an earlier run are not used: input, codebook, classifier or code are not what they were"
    ]


def test_the_same_source_makes_the_same_parts(tmp_path):
    path = tmp_path / "rows.csv"
    make_rows().to_csv(path, index=False)
    names = []
    for output in ("one.csv", "two.csv"):
        with pytest.raises(KeyboardInterrupt):
            classify(describe(path), tmp_path / output, CountedEncoder(stop_at="It was day 22."))
        names.append(sorted(file.name for file in (tmp_path / f"{output}.parts" / "results").iterdir()))
    assert names[0] == names[1]
    assert len(names[0]) == 5


def test_a_file_that_changes_while_it_is_read_is_not_taken(tmp_path, monkeypatch):
    path, output = tmp_path / "rows.csv", tmp_path / "out.csv"
    make_rows().to_csv(path, index=False)
    whole = path.read_bytes()
    make_part = DocumentStream._make_part
    changes = {
        "cut": whole[: whole.index(b"\n", len(whole) // 2) + 1],
        "of the same size": whole.replace(b"Nobody", b"Anyone"),
        "that no longer is read": b"\xff",
        "and back": whole,
    }
    for content in changes.values():
        path.write_bytes(whole)
        os.utime(path, (1e9, 1e9))

        def change(self, rows, content=content):
            if len(self._n_documents) == 2:
                path.write_bytes(content)
            return make_part(self, rows)

        monkeypatch.setattr(DocumentStream, "_make_part", change)
        with pytest.raises(InputError, match=r"rows\.csv changed while it was read, .* Nothing .*is kept\."):
            classify(describe(path), output)
        assert not output.exists()
        assert not (tmp_path / "out.csv.parts").exists()
    monkeypatch.setattr(DocumentStream, "_make_part", make_part)
    path.write_bytes(whole)
    read, _, _ = classify(describe(path), output)
    assert sum(read.outline.n_documents) == 23


def test_what_other_code_has_read_is_read_anew(tmp_path, monkeypatch):
    path = tmp_path / "rows.csv"
    make_rows().to_csv(path, index=False)
    source, written = describe(path), []
    for code in ("old", "old", "new"):
        monkeypatch.setattr("framing.corpus.streams.code_hash", lambda parts, code=code: code)
        read_parts(source, tmp_path)
        written.append((tmp_path / "documents" / "part-00000.parquet").stat().st_mtime_ns)
    assert written[0] == written[1] < written[2]


class TwiceExecutor(LocalExecutor):
    """Computes each part twice, as a scheduler does that thinks a worker lost; in another order."""

    def map_parts(self, function, parts):
        listed = list(parts)
        for number in reversed(range(len(listed))):
            function(listed[number])
            yield number, function(listed[number])


def test_parts_that_come_twice_and_in_any_order_are_there_once(tmp_path):
    path = tmp_path / "rows.csv"
    make_rows().to_csv(path, index=False)
    classify(describe(path), tmp_path / "one.csv")
    classify(describe(path), tmp_path / "two.csv", executor=TwiceExecutor())
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


class LosingExecutor(LocalExecutor):
    """Removes the file of a part, or leaves a part out, or has one for another."""

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def map_parts(self, function, parts):
        for number, part in enumerate(parts):
            result = function(part)
            if number == 2 and self.fault == "file gone":
                function.file(2).unlink()
            if number == 2 and self.fault == "part left out":
                continue
            if number == 2 and self.fault == "part doubled":
                result = function(1)
            yield number, result


@pytest.mark.parametrize("fault", ["file gone", "part left out", "part doubled"])
def test_lost_and_doubled_parts_are_found(tmp_path, fault):
    path, output = tmp_path / "rows.csv", tmp_path / "out.csv"
    make_rows().to_csv(path, index=False)
    with pytest.raises(FramingError, match=r"not as they were written|documents were read, and"):
        classify(describe(path), output, executor=LosingExecutor(fault))
    assert not output.exists()
    classify(describe(path), output)
    assert len(pd.read_csv(output)) == 23 * 3


def test_the_manifest_counts_every_row(tmp_path):
    path, output = tmp_path / "rows.csv", tmp_path / "out.csv"
    pd.concat([make_rows(), pd.DataFrame({"text": [" "]})]).to_csv(path, index=False)
    with open_workplace(output, say=print) as work:
        read = work.read(describe(path))
        work.classify(describe(path), read, fitted(), LocalExecutor())
        results = work.folder / "results"
        manifest = json.loads((results / MANIFEST).read_text())
        facts = [read_facts(results / part["file"]) for part in manifest["parts"]]
        assert (manifest["rows_in"], manifest["rows_kept"], manifest["rows_refused"]) == (24, 23, 1)
        assert [part["n_passages"] for part in manifest["parts"]] == [4, 4, 4, 4, 4, 3]
        check_parts(results, read, facts)
        with pytest.raises(FramingError, match="23 documents were read, and 20 are in 5 parts of 6"):
            check_parts(results, read, facts[:5] if facts[5].n_passages == 3 else [])


def test_another_process_that_writes_the_same_output_is_refused(tmp_path):
    output = tmp_path / "out.csv"
    with open_workplace(output, say=print), pytest.raises(LockedError, match="Another process is writing"):
        open_workplace(output, say=print).__enter__()
    (tmp_path / "mine.csv.parts").mkdir()
    (tmp_path / "mine.csv.parts" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="is in the way"), open_workplace(tmp_path / "mine.csv", say=print):
        pass
    assert (tmp_path / "mine.csv.parts" / "notes.txt").read_text() == "mine"


def test_scores_do_not_depend_on_parts(tmp_path, monkeypatch):
    path = tmp_path / "rows.csv"
    make_rows().to_csv(path, index=False)
    classify(describe(path), tmp_path / "many.parquet")
    monkeypatch.setattr("framing.corpus.streams.PART_DOCUMENTS", 100)
    read, _, _ = classify(describe(path), tmp_path / "one.parquet")
    assert len(read.outline.n_documents) == 1
    many, one = (pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("many", "one"))
    np.testing.assert_allclose(many["score"], one["score"], atol=1e-6)
    pd.testing.assert_frame_equal(many.drop(columns="score"), one.drop(columns="score"))
