"""Exports of INCEpTION: projects, annotators, layers of any name, offsets in units of UTF-16, and hostile files."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from framing.coding.tool_files import inception
from framing.coding.tool_files.coded_texts import CodedText
from framing.coding.tool_files.inception import make_inception
from framing.coding.tool_files.inception_reading import read_inception
from framing.coding.tool_files.recognise import find_tool
from framing.errors import InputError
from tests.coding.coded_sheets import MANY

pytest.importorskip("cassis")

TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types>
<typeDescription><name>webanno.custom.Span</name><supertypeName>uima.tcas.Annotation</supertypeName><features>
<featureDescription><name>Label</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
<featureDescription><name>topics</name><rangeTypeName>uima.cas.StringArray</rangeTypeName></featureDescription>
<featureDescription><name>comment</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
<featureDescription><name>certainty</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
</features></typeDescription></types></typeSystemDescription>"""
XMI = """<?xml version="1.0" encoding="UTF-8"?>{head}
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:tcas="http:///uima/tcas.ecore"
 xmlns:custom="http:///webanno/custom.ecore" xmlns:other="http:///some/other.ecore" xmi:version="2.0">
<cas:NULL xmi:id="0"/>{spans}
<other:Unknown xmi:id="90" sofa="1" begin="0" end="2" value="sport"/>
<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="{text}"/>
<cas:View sofa="1" members="{members}"/></xmi:XMI>"""
TEXT = "🙂 Tanks came. Wine rose."  # in units of UTF-16 Tanks is at 3, Wine at 15


def mark(number, begin, end, *topics, **features):
    given = "".join(f' {name}="{value}"' for name, value in features.items())
    inner = "".join(f"<topics>{topic}</topics>" for topic in topics)
    return f'<custom:Span xmi:id="{number}" sofa="1" begin="{begin}" end="{end}"{given}>{inner}</custom:Span>'


def cas(*spans, head="", text=TEXT):
    members = " ".join(str(10 + number) for number in range(len(spans)))
    return XMI.format(head=head, spans="".join(spans), text=text, members=members)


def archive(path, **members):
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


def pack(**members):
    stream = io.BytesIO()
    archive(stream, **members)
    return stream.getvalue()


def spans(row):
    return [(item["frame"], row.text[item["start"] : item["end"]]) for item in json.loads(row.spans or "[]")]


def test_a_project_has_annotators_packed_by_document(tmp_path):
    war, trade = cas(mark(10, 3, 8, Label="war")), cas(mark(10, 15, 19, Label="Trade", comment="So."))
    path = archive(
        tmp_path / "project.zip",
        **{
            "exportedproject2452654953818172424.json": "{}",
            "source/0001--p1.xmi": cas(),
            "annotation/0001--p1.xmi/anna.zip": pack(**{"anna.xmi": war, "TypeSystem.xml": TYPES}),
            "annotation/0001--p1.xmi/webanno6151388004753565972export.zip": pack(
                **{"ben.xmi": trade, "TypeSystem.xml": TYPES}
            ),
            "annotation/0001--p1.xmi/INITIAL_CAS.zip": pack(**{"INITIAL_CAS.xmi": cas(), "TypeSystem.xml": TYPES}),
            "curation/0001--p1.xmi/CURATION_USER.zip": pack(**{"CURATION_USER.xmi": war, "TypeSystem.xml": TYPES}),
        },
    )
    assert find_tool(path) == "inception"
    sheet = read_inception(path, MANY, texts={"p1": TEXT})
    assert [(row.coder, row.passage_id, row.labels, spans(row), row.notes) for row in sheet.rows] == [
        ("anna", "p1", ("war",), [("war", "Tanks")], ""),
        ("ben", "p1", ("Trade",), [("Trade", "Wine")], "So."),
    ]
    assert sheet.remarks == [
        "project.zip: 1 curated document(s) are not read; export them alone, as adjudicated labels",
        "project.zip: frames are read from webanno.custom.Span:Label",
    ]


def test_curated_documents_alone_are_read(tmp_path):
    path = archive(
        tmp_path / "curated.zip",
        **{"TypeSystem.xml": TYPES, "curation/p1.txt/CURATION_USER.xmi": cas(mark(10, 3, 8, Label="war"))},
    )
    (row,) = read_inception(path, MANY, texts={"p1": TEXT}).rows
    assert (row.passage_id, row.labels) == ("p1", ("war",))


def test_a_feature_with_several_values_marks_the_words_for_each(tmp_path):
    content = cas(mark(10, 3, 8, "war", "sport", certainty="high"), mark(11, 15, 19, "trade"))
    path = archive(tmp_path / "a.zip", **{"TypeSystem.xml": TYPES, "annotation/p1.xmi/anna.xmi": content})
    sheet = read_inception(path, MANY)
    (row,) = sheet.rows
    assert row.labels == ("war", "sport", "trade")
    assert spans(row) == [("war", "Tanks"), ("sport", "Tanks"), ("trade", "Wine")]
    assert sheet.remarks == [
        "a.zip: frames are read from webanno.custom.Span:topics",
        "a.zip: layers without frames of tiny are not read: webanno.custom.Span:certainty (1)",
    ]


def test_words_without_a_frame_are_counted_and_places_outside_the_text_left_for_the_check(tmp_path):
    content = cas(mark(10, 3, 8, Label="war"), mark(11, 15, 19), mark(12, 3, 900, Label="war"))
    path = archive(tmp_path / "a.zip", **{"TypeSystem.xml": TYPES, "annotation/p1.xmi/anna.xmi": content})
    sheet = read_inception(path, MANY)
    assert sheet.remarks[0] == "a.zip: 1 annotation(s) without a frame are not read"
    places = [(item["start"], item["end"]) for item in json.loads(sheet.rows[0].spans)]
    assert places[0] == (2, 7)
    assert not 0 <= places[1][0] < places[1][1] <= len(TEXT)


def test_a_label_that_the_codebook_lacks_stays_for_the_check(tmp_path):
    content = cas(mark(10, 3, 8, Label="war"), mark(11, 15, 19, Label="wine"))
    path = archive(tmp_path / "a.zip", **{"TypeSystem.xml": TYPES, "annotation/p1.xmi/anna.xmi": content})
    assert read_inception(path, MANY).rows[0].labels == ("war", "wine")


def test_one_document_beside_its_type_system(tmp_path):
    (tmp_path / "TypeSystem.xml").write_text(TYPES, encoding="utf-8")
    path = tmp_path / "anna.xmi"
    path.write_text(cas(mark(10, 3, 8, Label="war")), encoding="utf-8")
    assert find_tool(path) == "inception"
    (row,) = read_inception(path, MANY).rows
    assert (row.coder, spans(row)) == ("anna", [("war", "Tanks")])


def test_json_has_its_type_system_within(tmp_path):
    from cassis import load_cas_from_xmi, load_typesystem

    loaded = load_cas_from_xmi(
        io.BytesIO(cas(mark(10, 3, 8, Label="war")).replace("other:Unknown", "custom:Span").encode()),
        load_typesystem(io.BytesIO(TYPES.replace("certainty", "value").encode())),
    )
    path = tmp_path / "anna.json"
    path.write_text(loaded.to_json(), encoding="utf-8")
    assert find_tool(path) == "inception"
    (row,) = read_inception(path, MANY).rows
    assert ("war", "Tanks") in spans(row)


def test_a_document_that_cannot_be_read_is_refused_and_the_others_kept(tmp_path):
    members = {
        "TypeSystem.xml": TYPES,
        "annotation/p1.xmi/anna.xmi": cas(mark(10, 3, 8, Label="war")),
        "annotation/p2.xmi/anna.xmi": "<xmi:XMI",
        "annotation/p3.xmi/anna.xmi": cas(head='<!DOCTYPE x [<!ENTITY a "ha">]>'),
        "annotation/p4.xmi/anna.json": "{}",
    }
    rows = read_inception(archive(tmp_path / "a.zip", **members), MANY).rows
    assert [getattr(row, "labels", None) for row in rows] == [("war",), None, None, None]
    assert [row.line for row in rows] == [1, 2, 3, 4]
    assert "is no well-formed XML 1.0" in rows[1].reason
    assert "declares a document type or entities" in rows[2].reason
    assert "anna.json" in rows[3].reason


def test_xmi_without_its_type_system_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", **{"annotation/p1.xmi/anna.xmi": cas()})
    (row,) = read_inception(path, MANY).rows
    assert "there is no TypeSystem.xml beside it" in row.reason


def test_an_archive_without_documents_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", **{"TypeSystem.xml": TYPES})
    with pytest.raises(InputError, match=r"the archive has no CAS file \(\.xmi or \.json\)"):
        read_inception(path, MANY)


def test_tasks_are_documents_with_layers_and_a_tagset():
    content = make_inception([CodedText("p/1", "Tanks & <wine>\x07", "anna", place="3")], MANY)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.namelist() == ["TypeSystem.xml", "tagset.json", "documents/0001--p%2F1.xmi"]
        assert "custom.Frame" in packed.read("TypeSystem.xml").decode()
        tags = json.loads(packed.read("tagset.json"))["tags"]
        assert 'sofaString="Tanks &amp; &lt;wine&gt;\ufffd"' in packed.read("documents/0001--p%2F1.xmi").decode()
    assert [tag["tag_name"] for tag in tags] == ["war", "trade", "sport", "none"]
    assert tags[0]["tag_description"] == "Passages about war."


def test_without_the_package_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(inception.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"need the package dkpro-cassis, .*: pip install 'framing\[inception\]'"):
        make_inception([], MANY)
