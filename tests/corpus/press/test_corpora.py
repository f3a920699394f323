"""Corpora whose files are exports: corpus.yaml without columns, and the count of what was read and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from framing.corpus.config import read_config
from framing.corpus.documents import read_corpus
from framing.errors import InputError
from tests.corpus.conftest import CorpusMaker
from tests.corpus.press.exports import make_docx
from tests.corpus.press.test_nexis import LEGACY, article, cover


def test_no_columns_are_needed(make_corpus: CorpusMaker) -> None:
    export = make_docx([*cover(3), *article(1), *article(2)])
    folder = make_corpus({"a.docx": export, "b.txt": LEGACY, "~$a.docx": b"lock"}, form="nexis", columns="")
    corpus = read_corpus(folder)
    assert corpus.documents["outlet"].tolist() == ["The Harbour Post (Northport)"] * 2 + [
        "The Harbour Post",
        "Hafenblatt",
    ]
    assert corpus.documents["title"].tolist()[:2] == ["Ferry article 1", "Ferry article 2"]
    assert str(corpus.documents["published"][0]) == "2025-07-01 09:20:00"
    counts = corpus.files.set_index("file")[["n_rows", "n_kept", "n_refused"]].to_dict("index")
    assert counts == {
        "a.docx": {"n_rows": 3, "n_kept": 2, "n_refused": 1},
        "b.txt": {"n_rows": 3, "n_kept": 2, "n_refused": 1},
        "~$a.docx": {"n_rows": 1, "n_kept": 0, "n_refused": 1},
    }


def test_columns_that_are_given_win(make_corpus: CorpusMaker) -> None:
    columns = "columns:\n  text: [title, text]\n  outlet: {constant: Post}\n  event: section\n"
    corpus = read_corpus(make_corpus({"a.docx": make_docx([*cover(1), *article(1)])}, form="nexis", columns=columns))
    [document] = corpus.documents.to_dict("records")
    assert document["text"] == "Ferry article 1\n\nThe ferry sailed."
    assert (document["outlet"], document["event"]) == ("Post", "HOME NEWS")


def test_field_that_no_article_has(make_corpus: CorpusMaker) -> None:
    folder = make_corpus({"a.txt": LEGACY}, form="nexis", columns="columns:\n  event: wire\n")
    with pytest.raises(InputError, match="wire"):
        read_corpus(folder)


def test_file_of_another_database_is_one_refused_row(make_corpus: CorpusMaker) -> None:
    folder = make_corpus({"a.txt": LEGACY, "b.html": "<html><body>Hello</body></html>"}, form="nexis", columns="")
    quarantine = read_corpus(folder).quarantine
    assert quarantine.loc[quarantine["file"] == "b.html", "reason"].tolist() == [
        "no article of Nexis was recognised in the page"
    ]


@pytest.mark.parametrize("form", ["nexis", "factiva", "proquest", "europresse"])
def test_formats_of_corpus_yaml(make_corpus: CorpusMaker, form: str) -> None:
    config = read_config(make_corpus({"a": ""}, form=form, columns=""))
    assert set(config.columns) == {"text", "outlet", "published", "title", "url", "document_id"}


def test_sample_files_as_one_corpus(real_data: Path, tmp_path: Path) -> None:
    if not (real_data / "exports").is_dir():
        pytest.skip("the sample files are not beside the repository")
    (tmp_path / "corpus.yaml").write_text(
        "corpus: exports\ntitle: Exports\nformat: nexis\npath: exports\n"
        'files: ["*exis*.docx", "*exis*.txt", "lexis*.html"]\n'
    )
    corpus = read_corpus(tmp_path, data_path=str(real_data))
    assert len(corpus.documents) == 26
    assert len(corpus.quarantine) == 145
    assert corpus.documents["published"].notna().all()
