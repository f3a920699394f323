"""`framing codebook check`."""

from __future__ import annotations

import re

import pytest

from tests.cli.outcomes import refused


def test_codebook_check_says_what_it_finds(framing, tiny):
    ended = framing("codebook", "check", tiny)
    assert ended.code == 0, ended.err
    assert f"{tiny}: war: only 3 seeds; 8 or more are steadier" in ended.out
    assert re.search(r"tiny 1\.0\.0: 3 frames, 9 seeds, \d+ remarks; hash [0-9a-f]{16}", ended.out)


def test_remarks_on_one_frame_can_be_asked_for(framing, tiny):
    every = framing("codebook", "check", tiny).out
    ended = framing("codebook", "check", tiny, "--frame", "war")
    remarks = [line for line in ended.out.splitlines() if line.startswith(f"{tiny}: ")]
    assert remarks
    assert all("war" in line.partition("“")[0] for line in remarks)
    n_others = every.count(f"{tiny}: ") - len(remarks)
    assert f"{n_others:,} remarks on other frames are not shown" in ended.out
    assert n_others > 0
    refused(framing("codebook", "check", tiny, "--frame", "peace"), "has no such frame; it has war, trade, sport")


def test_codebook_check_shows_the_changes_against_an_earlier_version(framing, tiny, tmp_path):
    earlier = tmp_path / "earlier.yaml"
    earlier.write_text(tiny.read_text().replace("The team lost on penalties.", "The team lost at home."))
    ended = framing("codebook", "check", tiny, "--against", earlier)
    assert re.search(r"sport +seeds +removed +The team lost at home\.", ended.out)
    assert "No change of content." in framing("codebook", "check", tiny, "--against", tiny).out


BROKEN = "codebook: broken\nversion: 1.0.0\ndescription: d\nframes:\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BROKEN + "  - id: war\n    name: 'War\n", r"broken\.yaml, line [67]: "),
        (BROKEN + "  - id: war\n    id: peace\n", r"broken\.yaml, line 6: "),
        (BROKEN + "  - &a {id: war}\n  - *a\n", r"broken\.yaml, line 5: anchors and aliases"),
        (BROKEN + "  - {id: war, name: War, definition: d, seeds: [a], sedes: []}\n", r"frames\[1\]\.sedes"),
    ],
)  # fmt: skip
def test_broken_codebook_names_file_and_line(framing, tmp_path, text, expected):
    (tmp_path / "broken.yaml").write_text(text)
    refused(framing("codebook", "check", tmp_path / "broken.yaml"), expected)


def test_codebook_check_counts_passages_by_language(framing, tiny, tmp_path):
    named = tmp_path / "named.yaml"
    seed = '"The team lost on penalties."'  # as JSON, which is YAML
    named.write_text(tiny.read_text().replace(seed, f'{{"text": {seed}, "language": "de"}}'))
    assert re.search(r"Languages of its seeds, .*: en \d+, de 1\n", framing("codebook", "check", named).out)
    assert re.search(r"Languages of its seeds, .*: en \d+\n", framing("codebook", "check", tiny).out)
