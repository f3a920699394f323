from __future__ import annotations

import pytest

from framing.corpus.press.blocks import list_blocks, plain_text
from framing.corpus.press.contents import parse_html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<div>Loose.<p>One <b>two</b>\nthree.</p>After.</div>", "Loose.\n\nOne two three.\n\nAfter."),
        ("<div>One<br>two<!-- no -->three</div>", "One\ntwothree"),
        (
            "<table><tr><td><p>Rank</p></td><td>Ferry</td></tr><tr><td>1</td><td>A</td></tr></table>",
            "Rank | Ferry\n\n1 | A",
        ),
        ("<div><p>Text.</p><aside><p>Aside.</p></aside>Tail.<script>x</script></div>", "Text.\n\nTail."),
        ("<ul><li>One</li><li>two</li></ul><h2>Head</h2><pre>a\nb</pre>", "One\n\ntwo\n\nHead\n\na b"),
    ],
)
def test_all_text_is_listed(source: str, expected: str) -> None:
    assert list_blocks(parse_html(f"<div>{source}</div>"), left_out=("aside",)) == expected


def test_paragraphs_of_the_cell_itself() -> None:
    root = parse_html("<table><tr><td><p>One.</p><p>Two.</p></td></tr></table>")
    [cell] = root.iter("td")
    assert list_blocks(cell) == "One.\n\nTwo."
    assert plain_text(cell) == "One. Two."
