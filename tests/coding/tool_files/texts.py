"""Coded passages that tests of other tools' files share: texts that trip up offsets, coders, overlapping spans."""

from __future__ import annotations

from hypothesis import strategies as st

from framing.coding.decisions import Span
from framing.coding.tool_files.coded_texts import CodedText
from tests.coding.coded_sheets import MANY

# emoji beyond the first plane, with joiners; combining marks; line ends; right to left; signs of XML
PIECES = (
    "Tanks ", "👩\u200d🚒 fire", "🙂", "e\u0301te\u0301 ", "\r\n", "\n\n", "שלום ", "السلام ", "<b>&amp;</b> ",
    '"so" ', "x",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map(lambda parts: f"A{''.join(parts)}z")


@st.composite
def coded(draw, *, whole: bool = True):
    """Codings of up to three passages by two coders; a passage may have no frame, and spans may overlap."""
    texts = draw(st.lists(TEXTS, min_size=1, max_size=3))
    items = []
    for coder in ("anna", "ben"):
        for number, text in enumerate(texts):
            frames = draw(st.lists(st.sampled_from(MANY.frame_ids), unique=True, max_size=3))
            spans = set()
            for frame in frames:
                for _ in range(draw(st.integers(0, 2))):
                    start = draw(st.integers(0, len(text) - 1))
                    end = draw(st.integers(start + 1, len(text)))
                    spans.add(Span(frame, start, end))
            ordered = tuple(sorted(spans, key=lambda span: (span.start, span.end, span.frame)))
            items.append(CodedText(f"p.{number}/{number}", text, coder, tuple(frames), ordered))
    return items


def table(codings):
    """What must survive: labels and spans by passage and coder."""
    return {(item.passage_id, item.coder): (item.text, set(item.frames), item.spans) for item in codings}
