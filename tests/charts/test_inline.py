"""Drawings within a page: hostile markup is left out, tooltips and links to passages stay, ids are unique."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing import charts
from framing.charts.inline import make_inline
from framing.errors import InputError
from tests.chart_tables import DRAWN, HOSTILE

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 50">'
SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {
    "svg",
    "g",
    "a",
    "title",
    "path",
    "line",
    "rect",
    "circle",
    "text",
    "tspan",
    "defs",
    "linearGradient",
    "stop",
}
MARK = '<path aria-label="A: 20%" role="graphics-symbol" aria-roledescription="point" d="M0,0L1,1" fill="#222222"/>'


def check_harmless(html: str) -> None:
    for element in ElementTree.fromstring(html).iter():
        assert element.tag.removeprefix(SVG) in ALLOWED
        for key, value in element.attrib.items():
            assert not key.lower().startswith("on")
            assert key != "style" or element.tag == f"{SVG}svg"
            assert "script:" not in value.lower()
            assert key != "href" or value.startswith(("side_by_side.html#", "#"))


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_with_hostile_names_is_harmless_and_keeps_its_marks(name):
    svg = charts.to_svg(DRAWN[name](HOSTILE))
    html = make_inline(svg, name=name, label="<script>")
    check_harmless(html)
    assert "<script" not in html
    told = [element.text for element in ElementTree.fromstring(html).iter(f"{SVG}title")]
    assert told
    assert not [tip for tip in told if tip is None or tip.startswith(("x:", "y:", "estimate:", "low:", "pair:"))]
    assert len(html) < len(svg)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<foreignObject><b>alert(1)</b></foreignObject>",
        '<image href="http://example.invalid/x.png"/>',
        '<use href="http://example.invalid/x.svg#a"/>',
        '<a xlink:href="javascript:alert(1)"><text>x</text></a>',
        "<style>*{background:url(http://example.invalid)}</style>",
        '<path d="M0,0" onload="alert(1)" style="fill:url(http://example.invalid)"/>',
        '<path d="M0,0" fill="url(http://example.invalid)" stroke="expression(alert(1))"/>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<g xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></g>',
    ],
)
def test_what_is_not_on_the_list_is_left_out(hostile):
    html = make_inline(f'{HEAD}{hostile}<text fill="#222222">kept</text></svg>', name="x", label="x")
    check_harmless(html)
    for word in ("alert", "example.invalid", "javascript"):
        assert word not in html
    assert ">kept</text>" in html


def test_a_mark_has_its_tooltip_and_leads_to_its_passages():
    address = 'side_by_side.html#frame=a&outlet="<A>'
    html = make_inline(f"{HEAD}{MARK}</svg>", name="x", label="x", links={"A: 20%": address})
    (link,) = ElementTree.fromstring(html).iter(f"{SVG}a")
    assert link.get("href") == address
    assert link.find(f"{SVG}title").text == "A: 20%"
    assert 'fill="var(--chart-ink,#222222)"' in html


@pytest.mark.parametrize("address", ["http://example.invalid", "javascript:alert(1)", "//x", "x.html", ""])
def test_an_address_elsewhere_is_no_link(address):
    html = make_inline(f"{HEAD}{MARK}</svg>", name="x", label="x", links={"A: 20%": address})
    assert "<a" not in html
    assert "<title>A: 20%</title>" in html


def test_ids_are_unique_on_a_page():
    gradient = '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient></defs>'
    html = make_inline(f'{HEAD}{gradient}<rect width="1" height="2" fill="url(#g)"/></svg>', name="one", label="x")
    assert 'id="one-g"' in html
    assert 'fill="url(#one-g)"' in html


@pytest.mark.parametrize(
    ("svg", "message"),
    [
        ("<svg", "can be shown"),
        ("<html/>", "is no SVG"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "has no size"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><svg>&a;</svg>', "can be shown"),
    ],
)
def test_what_is_no_drawing_is_refused(svg, message):
    with pytest.raises(InputError, match=message):
        make_inline(svg, name="x", label="x")


@given(st.text(alphabet='<>"&;:()/=#abcdjavscript onlhrefxi', max_size=60))
def test_any_value_of_any_attribute_is_harmless(text):
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    attributes = " ".join(f'{key}="{quoted}"' for key in ("d", "fill", "transform", "id", "href", "onclick", "style"))
    html = make_inline(f'{HEAD}<path aria-label="{quoted}" {attributes}/></svg>', name="x", label=text)
    check_harmless(html)
