"""`framing discover`: planted topics are found, all passages are counted, a draft comes from the stored result."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pandas as pd
import pytest

from framing.codebook import read_codebook
from framing.errors import InputError
from framing.project import cache_folder
from tests.cli.outcomes import refused
from tests.planted import planted_rows, write_planted
from tests.tiny import codebook_file

pytestmark = pytest.mark.usefixtures("short_background")
STATUSES = ("grouped", "ungrouped", "explained", "undecided", "repeated")


@pytest.fixture(autouse=True)
def _encoder(monkeypatch, encoder):
    """The encoder of the session, so that no test loads it again."""
    monkeypatch.setattr("framing.analysis.discovered.open_encoder", lambda *_, **__: encoder)


@pytest.fixture
def planted(tmp_path) -> Path:
    return write_planted(tmp_path / "planted", planted_rows())


@pytest.fixture
def book(tmp_path) -> Path:
    return codebook_file(tmp_path, multi_label=True)


@pytest.fixture
def discover(framing, planted, book):
    def run(*options: object, source: Path = planted):
        return framing("discover", source, "--codebook", book, "--encoder", "minilm", *options)

    return run


def test_planted_topics_are_the_groups_and_every_passage_is_counted(discover, tmp_path):
    home = tmp_path / "found"
    ended = discover("--groups", 2, "--output", home)
    assert ended.code == 0, ended.err
    assert ended.out.strip() == str(home / "index.html")
    passages, groups = pd.read_parquet(home / "passages.parquet"), pd.read_parquet(home / "groups.parquet")
    counts = passages["status"].value_counts()
    assert set(counts.index) <= set(STATUSES)
    assert counts.sum() == len(passages) == 69
    assert counts["explained"] >= 9  # the seeds themselves
    grouped, ungrouped, explained = (counts[name] for name in STATUSES[:3])
    total = f"69 passages = {grouped} grouped + {ungrouped} ungrouped + {explained} explained"
    assert f"{total} + 0 set aside (0 repeat another, 0 undecided); 0 rows refused" in ended.err
    outlets = passages[passages["group"] != ""].groupby("group")["outlet"].agg(set)
    bees = outlets[outlets == {"Hive Herald"}].index
    assert len(bees) == 1
    assert outlets.drop(bees).to_list() == [{"Alder Post", "Birch Mail"}]
    bees_row = groups.set_index("group").loc[bees[0]]
    assert "honey" in bees_row["words"]
    assert bees_row["one_outlet"]
    assert bees_row["largest_outlet"] == "Hive Herald"
    assert "100% of Hive Herald" in ended.err
    assert groups["n_passages"].sum() == counts["grouped"]
    assert groups["n_edge"].sum() == counts["ungrouped"]
    csv = pd.read_csv(home / "groups.csv")
    assert csv["words"].to_list() == groups["words"].to_list()


def test_shares_of_outlets_are_of_all_their_passages(discover, tmp_path):
    home = tmp_path / "found"
    assert discover("--groups", 2, "--output", home).code == 0
    shares, passages = pd.read_parquet(home / "shares.parquet"), pd.read_parquet(home / "passages.parquet")
    for row in shares.to_dict("records"):
        own = passages[passages["outlet"] == row["outlet"]]
        assert row["estimate"] == pytest.approx((own["group"] == row["frame"]).mean())
        assert row["low"] <= row["estimate"] <= row["high"]
    trends = pd.read_parquet(home / "trends.parquet")
    assert set(trends["period"].dt.day_name()) == {"Monday"}  # 28 days: weeks


def test_the_same_corpus_gives_the_same_files(discover, tmp_path):
    digests = []
    for number in range(2):
        shutil.rmtree(cache_folder() / "discoveries", ignore_errors=True)  # vectors stay
        assert discover("--all", "--groups", 2, "--output", tmp_path / str(number)).code == 0
        files = sorted((tmp_path / str(number)).iterdir())
        digests.append([(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files])
    assert digests[0] == digests[1]
    assert len(digests[0]) == 9


def test_a_draft_comes_from_the_stored_result_and_the_check_asks_for_its_definition(
    discover, framing, tmp_path, monkeypatch
):
    assert discover("--groups", 2, "--output", tmp_path / "found").code == 0

    def fail(*_, **__):
        raise AssertionError("made again")

    monkeypatch.setattr("framing.analysis.make_groups.GroupMaker.make", fail)
    draft = tmp_path / "draft.yaml"
    ended = discover("--groups", 2, "--draft", "g1", "--as", "new_frame", "--draft-output", draft)
    assert ended.code == 0, ended.err
    assert ended.out.strip() == str(draft)
    book = read_codebook(draft)
    assert book.frame_ids == ["war", "trade", "sport", "new_frame"]
    passages = pd.read_parquet(tmp_path / "found" / "passages.parquet").set_index("text")["group"]
    assert {passages[str(seed)] for seed in book.frames[-1].seeds} == {"g1"}
    statuses = pd.read_parquet(tmp_path / "found" / "passages.parquet").set_index("text")["status"]
    assert {statuses[str(seed)] for seed in book.frames[-1].counter_seeds} <= {"explained"}
    assert "Still to write, of new_frame: " in ended.err
    checked = framing("codebook", "check", draft, "--encoder", "minilm")
    assert checked.code == 2
    assert "new_frame: its definition is still to be written, and nothing learns from it: “FILL IN:" in checked.err
    again = discover("--groups", 2, "--draft", "g1", "--as", "new_frame", "--draft-output", draft)
    refused(again, "is there already, and may have been edited")
    for command in (
        ("classify", "a.csv", "--output", "b.csv"),
        ("sample", "planted", "--size", 10, "--output", "draw"),
    ):
        refused(framing(*command, "--codebook", draft), "is a draft: FILL IN: still stands in new_frame")


def test_without_a_codebook_that_of_the_human_labels_is_taken(framing, planted):
    refused(
        framing("discover", planted, "--encoder", "minilm"), "Name the codebook with --codebook: .* no human labels"
    )


@pytest.mark.parametrize(("options", "message"), [
    (["--groups", 2, "--draft", "g9", "--as", "bees"], r"no group 'g9'\. The groups: g1, g2\."),
    (["--draft", "g1"], "--draft GROUP and --as ID go together"),
    (["--as", "bees"], "--draft GROUP and --as ID go together"),
    (["--draft", "g1", "--as", "war"], "--as war: the codebook tiny has that frame already"),
    (["--draft-output", "x.yaml"], "add --draft GROUP --as ID"),
    (["--draft", "g1", "--as", "bees", "--draft-output", "x.txt"], "a codebook is a .yaml file"),
    (["--groups", 40], "40 groups: of .* texts between 2 and "),
    (["--language", "xx"], "--language xx: choose de, en"),
])  # fmt: skip
def test_wrong_options_are_refused(discover, options, message):
    refused(discover(*options), message)


def test_a_corpus_without_unexplained_passages_is_refused(discover, tmp_path):
    rows = planted_rows()
    explained = write_planted(tmp_path / "explained", rows[-9:])
    refused(discover(source=explained), "there is nothing left to group. Group all passages instead")


def test_too_few_passages_for_groups_are_listed_on_the_page(discover, tmp_path):
    rows = planted_rows()
    few = write_planted(tmp_path / "few", rows[:12] + rows[-9:])
    home = tmp_path / "found"
    ended = discover("--output", home, source=few)
    assert ended.code == 0, ended.err
    assert "no groups: they need at least 20 passages. The page lists the 12 that are left" in ended.err
    page = (home / "index.html").read_text(encoding="utf-8")
    assert page.count("<blockquote") == 12
    assert all(row["text"] in page for row in rows[:12])
    assert pd.read_csv(home / "passages.csv")["status"].value_counts().to_dict() == {"ungrouped": 12, "explained": 9}
    assert len(pd.read_csv(home / "groups.csv")) == 0
    refused(discover("--draft", "g1", "--as", "bees", source=few), "There are none: fewer than 20 passages were left")


def test_a_draft_that_is_not_written_is_warned_of(discover, book, tmp_path):
    assert "WARNING" not in discover("--groups", 2, "--output", tmp_path / "found").err
    text = book.read_text(encoding="utf-8")
    assert text.count('"definition": "') == 3
    book.write_text(text.replace('"definition": "', '"definition": "FILL IN: ', 1), "utf-8")
    ended = discover("--groups", 2, "--output", tmp_path / "found")
    assert "is a draft: FILL IN: still stands in war. The seeds count all the same" in ended.err
    assert "<b>Unfinished codebook.</b> FILL IN still stands in: war." in (tmp_path / "found/index.html").read_text(
        "utf-8"
    )


def test_the_page_has_the_whole_command_of_a_draft(discover, planted, book, tmp_path):
    discover("--groups", 2, "--output", tmp_path / "found")
    page = (tmp_path / "found" / "index.html").read_text(encoding="utf-8")
    command = f"framing discover {planted} --codebook {book} --encoder minilm --groups 2"
    assert f"<code>{command} --draft g1 --as new_frame</code>" in page


def test_without_a_codebook_that_of_the_reports_is_taken(framing, planted, book, tmp_path, monkeypatch):
    from framing.cli.discover import _find_codebook
    from framing.reports.plan import ReportPlan

    project = tmp_path / "project"
    (project / "reports").mkdir(parents=True)
    plans = {"one": "tiny", "two": "tiny"}
    for name in plans:
        (project / "reports" / f"{name}.yaml").touch()
    monkeypatch.setattr("framing.cli.discover.project_root", lambda: project)
    monkeypatch.setattr("framing.cli.discover.corpus_folder", lambda _: planted)

    def read(name):
        return ReportPlan(report=name, title="T", corpus="planted", codebook=plans[name], notebooks=("01_corpora",))

    monkeypatch.setattr("framing.cli.discover.read_plan", read)
    assert _find_codebook(planted) == Path("tiny")
    plans["two"] = "other"
    with pytest.raises(InputError, match="reports name several: tiny, other"):
        _find_codebook(planted)


def test_copies_count_once(discover, tmp_path):
    rows = planted_rows()
    copies = [{**row, "document_id": f"copy{number}", "outlet": "Copy Cat"} for number, row in enumerate(rows[:10])]
    source = write_planted(tmp_path / "copied", rows + copies)
    home = tmp_path / "found"
    ended = discover("--groups", 2, "--output", home, source=source)
    assert "10 set aside (10 repeat another, 0 undecided)" in ended.err
    passages = pd.read_parquet(home / "passages.parquet")
    repeated = passages[passages["status"] == "repeated"]
    assert (repeated["group"] == "").all()
    assert set(repeated["duplicate_of"]) <= set(passages["passage_id"])


def test_all_passages_are_grouped_if_asked(discover, tmp_path):
    ended = discover("--all", "--groups", 3, "--output", tmp_path / "found")
    assert "explained ones not set apart (--all)" in ended.err
    assert set(pd.read_parquet(tmp_path / "found" / "passages.parquet")["status"]) == {"grouped", "ungrouped"}


def test_the_order_of_rows_changes_no_group(framing, book, tmp_path):
    rows = planted_rows()
    found = []
    for name, part in (("one", rows), ("other", rows[::-1])):
        folder = write_planted(tmp_path / name, part)
        ended = framing("discover", folder, "--codebook", book, "--groups", 2, "--output", tmp_path / f"out-{name}")
        assert ended.code == 0, ended.err
        tables = [pd.read_parquet(tmp_path / f"out-{name}" / f"{table}.parquet") for table in ("groups", "shares")]
        passages = pd.read_parquet(tmp_path / f"out-{name}" / "passages.parquet").sort_values("passage_id")
        found.append([*tables, passages.reset_index(drop=True)])
    for one, other in zip(*found, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_copies_count_nowhere_explained_or_without_words(framing, book, tmp_path):
    rows = planted_rows()
    copies = [{**rows[60], "document_id": f"e{number}"} for number in range(5)]  # of a passage that a frame explains
    copies += [{**rows[0], "document_id": f"w{number}", "text": "🐝 🐝"} for number in range(4)]
    folder, home = write_planted(tmp_path / "copies", rows + copies), tmp_path / "out"
    ended = framing("discover", folder, "--codebook", book, "--groups", 2, "--output", home)
    assert ended.code == 0, ended.err
    passages, shares = pd.read_parquet(home / "passages.parquet"), pd.read_parquet(home / "shares.parquet")
    assert passages.loc[passages["text"] == "🐝 🐝", "status"].value_counts()["repeated"] == 3
    assert passages.loc[passages["text"] == rows[60]["text"], "status"].value_counts()["repeated"] == 5
    own = passages[(passages["outlet"] == "Alder Post") & (passages["status"] != "repeated")]
    assert set(shares.loc[shares["outlet"] == "Alder Post", "n_passages"]) == {len(own)}


def test_a_draft_is_of_the_group_that_the_page_shows(discover, planted, tmp_path):
    home, draft = tmp_path / "found", tmp_path / "draft.yaml"
    assert discover("--groups", 2, "--output", home).code == 0
    of_page = ["--output", home, "--draft", "g1", "--as", "new_frame", "--draft-output", draft]
    ended = discover("--groups", 2, *of_page)
    assert ended.code == 0, ended.err
    assert f"g1: {pd.read_parquet(home / 'groups.parquet')['words'][0]}\n" in ended.err
    draft.unlink()
    texts = planted / "texts.jsonl"
    texts.write_text("".join(texts.read_text().splitlines(keepends=True)[25:]))  # most of the bees are gone
    refused(discover("--groups", 2, *of_page), "the codebook or the options are others")
    assert not draft.exists()


def test_outputs_that_would_do_harm_are_refused_before_any_work(discover, planted, tmp_path, monkeypatch):
    monkeypatch.setattr("framing.cli.discover.open_discovery", None)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("own")
    (tmp_path / "file").write_text("own")
    refused(discover("--output", tmp_path / "mine"), "it holds notes.txt, which is not of an earlier run")
    refused(discover("--output", planted / "out"), "lies in the corpus")
    refused(discover("--output", tmp_path / "file" / "sub"), "is a file; expected a new or empty folder")
    refused(discover("--draft", "g1", "--as", "Way Out"), "expected an id such as way_out")
