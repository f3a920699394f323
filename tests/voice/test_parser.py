"""The parser takes the same steps as spaCy's own pipeline."""

from __future__ import annotations

from framing.voice.parsed.parser import add_entities, load_parser, parse_texts

TEXTS = [
    "Sofia Lindqvist, a Swedish prosecutor, told reporters in Oslo on Monday that the canal had been closed.",
    "",
    "Go.",
    "“We shall not pay,” said the envoy of the United Nations. “Never.” He left for Kyiv with $4 million.",
    "   ",
]


def test_tags_heads_and_entities_are_those_of_the_pipeline():
    docs = parse_texts(TEXTS)
    add_entities(docs)
    for doc, known in zip(docs, load_parser().pipe(TEXTS), strict=True):
        assert [(token.text, token.tag_, token.dep_, token.head.i, token.ent_type_) for token in doc] == [
            (token.text, token.tag_, token.dep_, token.head.i, token.ent_type_) for token in known
        ]
    assert {entity.text for entity in docs[0].ents} >= {"Sofia Lindqvist", "Oslo", "Monday"}
