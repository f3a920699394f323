"""The draft of the next version, and the passages that its changes touch."""

from __future__ import annotations

import pytest

from framing.code_screen.next_codebook import draft_next_codebook, list_to_code_again
from framing.code_screen.settling import read_coded
from framing.codebook import Codebook, read_codebook
from framing.errors import InputError
from tests.code_screen.draws import BOOK, ONE, code_all, make_draw


@pytest.fixture
def coded(tmp_path):
    """Tanks are war to both; prices trade to anna and sport to ben, who doubts; mornings have no frame."""

    def code(coder):
        def decide(_, text):
            if "Tanks" in text:
                return ["war"], {"remark": "Slow war: # is it one?\n  yes" if coder == "ben" else ""}
            if "price" in text:
                return (["trade"], {}) if coder == "anna" else (["sport"], {"unsure": True})
            return [], {"remark": "No frame at all." if coder == "anna" else ""}

        return decide

    draw = make_draw(tmp_path / "draw", n=2, size=6)
    for coder in ("anna", "ben"):
        code_all(draw, coder, code(coder))
    return read_coded(draw)


def changed(**frames) -> Codebook:
    content = BOOK.model_dump(mode="json")
    content["version"] = "1.1.0"
    for frame in content["frames"]:
        frame.update(frames.get(frame["id"], {}))
    return Codebook(**content)


def test_the_draft_has_the_same_rules_and_the_remarks_beside_their_frame(coded, tmp_path):
    text, n_remarks = draft_next_codebook(BOOK, coded)
    assert n_remarks == 4
    path = tmp_path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    book = read_codebook(path)
    assert book.version == "1.1.0"
    assert book.frames == BOOK.frames
    above = text.split("  - id: war")[0]
    assert above.count("ben: Slow war: # is it one? yes") == 2
    assert "Tanks 🚜 crossed the river" in above
    between = text.split("  - id: war")[1].split("  - id: trade")[0]
    assert "Coders differed on it in 2 of the 2 passages that any gave it." in between
    assert text.split("# Remarks on passages without a frame:")[1].count("anna: No frame at all.") == 2


def touched(new, coded):
    table = list_to_code_again(new, coded)
    return {row["text"].split()[0]: (row["frames"], row["reason"]) for row in table.to_dict("records")}, len(table)


def test_a_changed_rule_touches_those_with_its_frame(coded):
    assert touched(changed(war={"exclude": ["Chess."]}), coded) == (
        {"Tanks": ("war", "war: was given; changed: exclude")}, 2,
    )  # fmt: skip
    rows, n = touched(changed(trade={"definition": "Passages about prices."}), coded)
    assert (list(rows), n) == (["On"], 2)
    assert touched(changed(war={"name": "Wars"}, sport={"include": ["Games."]}), coded)[1] == 4
    rows, _ = touched(changed(war={"residual": True}, other={"residual": False}), coded)
    assert rows == {"Tanks": ("war", "war: was given; changed: residual")}


def test_a_new_frame_touches_every_passage(coded):
    content = changed().model_dump(mode="json")
    content["frames"].insert(0, {"id": "weather", "name": "Weather", "definition": "Rain.", "seeds": ["It rained."]})
    rows, n = touched(Codebook(**content), coded)
    assert n == 6
    assert rows["The"] == ("weather", "weather: new frame")


def test_what_changes_no_rule_or_is_another_codebook_is_refused(coded):
    with pytest.raises(InputError, match=r"tiny 1.1.0 has the same rules as 1.0.0"):
        list_to_code_again(changed(war={"seeds": ["Guns fired."]}), coded)
    with pytest.raises(InputError, match="Expected a version of the codebook tiny, got other"):
        list_to_code_again(ONE.model_copy(update={"codebook": "other"}), coded)
