"""Languages of texts: what knows them is said in numbers, and nothing is silent."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.analysis.languages import (
    count_languages,
    count_other_languages,
    describe_encoders,
    describe_languages,
    describe_sentences,
    describe_stories,
    describe_voices,
    find_codebook_languages,
    name_outlets,
)
from framing.codebook import Codebook
from framing.corpus.stated_languages import find_document_languages
from framing.errors import InputError
from framing.tables import LANGUAGES

RUSSIAN = [
    "Министр предупредил о новых ударах по соседней стране.",
    "Переговоры о мире начнутся во вторник в столице.",
    "Правительство не будет повышать налоги в этом году.",
]


def _codebook(*more: str | dict[str, str], language: str = "en") -> Codebook:
    seeds = ["The minister warned of a wider war.", *more]
    frames = [{"id": "war", "name": "War", "definition": "d", "seeds": seeds}]
    frames.append({"id": "talks", "name": "Talks", "definition": "d", "seeds": ["Talks on peace begin on Tuesday."]})
    return Codebook.model_validate(
        {"codebook": "small", "version": "1.0.0", "language": language, "description": "d", "frames": frames}
        | {"multi_label": True}
    )


def test_texts_in_other_languages_are_counted_by_language() -> None:
    assert count_other_languages(["en", "uk", "ru", "und", "ru", ""], than="en") == "3 of 6 (ru 2, uk 1)"
    assert count_other_languages(["en", "uk", "ru"], than={"en", "ru"}) == "1 of 3 (uk 1)"
    assert count_other_languages(["en", "und"], than="en") == ""


def test_a_codebook_has_the_languages_of_its_seeds() -> None:
    assert find_codebook_languages(_codebook()) == {"en"}
    assert find_codebook_languages(_codebook(*RUSSIAN)) == {"en", "ru"}
    assert find_codebook_languages(_codebook(*RUSSIAN[:2])) == {"en"}  # two may be wrongly detected
    assert find_codebook_languages(_codebook({"text": RUSSIAN[0], "language": "ru"})) == {"en", "ru"}  # it says so


@pytest.mark.parametrize("encoder", ["minilm", "mpnet", "minilm+mpnet"])
def test_an_encoder_of_english_is_warned_of_whatever_the_codebook_says(encoder: str) -> None:
    texts, codebook, _ = describe_languages(["de", "en"], encoder=encoder, codebook={"de"}, unit="rows")
    assert texts.startswith("rows in other languages than English")
    assert f"the encoder {encoder} reads: 1 of 2 (de 1). Their scores mean nothing" in texts
    assert codebook.startswith(f"the codebook is in a language that the encoder {encoder} does not read (de)")
    assert describe_languages(["en", "und"], encoder=encoder, codebook={"en"}, unit="rows") == []


def test_of_other_encoders_the_languages_of_texts_and_codebook_are_compared() -> None:
    (remark,) = describe_languages(["ru", "uk", "ru"], encoder="minilm+models/xl", codebook={"uk"}, unit="documents")
    assert remark.startswith("documents in other languages than the codebook's (uk): 2 of 3 (ru 2). ")
    assert "only if minilm+models/xl reads both languages" in remark
    assert describe_languages(["uk"], encoder="models/xl", codebook={"uk"}, unit="documents") == []


def test_an_encoder_of_many_languages_names_what_it_does_not_read_and_what_the_codebook_lacks() -> None:
    languages = ["en"] * 3 + ["ru"] * 2 + ["zz"]
    outlets = ["A", "A", "B", "B", "C", "C"]
    unread, across = describe_languages(
        languages, encoder="multilingual", codebook={"en"}, unit="documents", outlets=outlets
    )
    assert "that the encoder multilingual reads: 1 of 6 (zz 1); outlets: C 1 of 2. Their scores mean nothing" in unread
    assert (
        "codebook's (en): 2 of 6 (ru 2); outlets: B 1 of 2, C 1 of 2. Their scores rest on seeds in another" in across
    )


def test_outlets_with_most_unknown_texts_are_named_first_and_the_others_counted() -> None:
    outlets = [f"O{number}" for number in range(7) for _ in range(7 - number)]
    named = name_outlets(["ru"] * len(outlets), outlets, {"en"})
    assert named == "; outlets: O0 7 of 7, O1 6 of 6, O2 5 of 5, O3 4 of 4, O4 3 of 3 and 2 more"
    assert name_outlets(["en", "und"], ["A", "A"], {"en"}) == ""


def test_stories_voices_and_sentences_are_said_where_a_language_is_not_known() -> None:
    assert describe_stories(["en", "ru"], encoder="minilm").startswith("documents in other languages than English")
    assert describe_stories(["en", "ru"], encoder="multilingual") == ""
    assert describe_stories(["en", "ru"], encoder="models/xl") == ""
    assert describe_voices(["en", "sw"], unit="rows").endswith(
        "rows in other languages: 1 of 2 (sw 1). Their voices are not known."
    )
    assert describe_voices(["en", "und"], unit="rows") == ""
    assert describe_sentences(["en", "sw"], unit="documents").endswith("1 of 2 (sw 1)")
    assert describe_sentences(["en", "zh"], unit="documents") == ""
    assert describe_encoders(["en", "ru"]) == [
        f"the encoder {name} does not read the language of: 1 of 2 (ru 1)" for name in ("minilm", "mpnet")
    ]


def test_the_language_of_a_document_is_taken_where_it_is_known() -> None:
    text = "The ministers met in the capital to speak about the treaty."
    assert find_document_languages(pd.DataFrame({"text": [text], "language": ["ru"]})) == ["ru"]
    assert find_document_languages(pd.DataFrame({"text": [text]})) == ["en"]


def test_languages_of_outlets_are_counted_with_what_knows_them() -> None:
    documents = pd.DataFrame(
        {"document_id": list("abcd"), "outlet": ["A", "A", "A", "B"], "language": ["en", "be", "be", "und"]}
    )
    passages = pd.DataFrame({"document_id": list("aaabd")})
    table = count_languages(documents, passages, encoder="minilm", codebook={"en"})
    assert list(table.columns) == list(LANGUAGES)
    assert table[["outlet", "language", "n_documents", "n_passages", "share"]].to_numpy().tolist() == [
        ["A", "en", 1, 3, 0.75],
        ["A", "be", 2, 1, 0.25],
        ["B", "und", 1, 1, 1.0],
    ]
    known = ["encoder", "codebook", "sentences", "stop_words", "voices"]
    assert table[known].to_numpy().tolist() == [["yes"] * 5, ["no", "no", "yes", "no", "no"], ["not known"] * 5]
    unknown = count_languages(documents, passages, encoder="models/xl", codebook={"en"})
    assert set(unknown["encoder"]) == {"not known"}
    with pytest.raises(InputError, match="outlet"):
        count_languages(documents.drop(columns="outlet"), passages, encoder="minilm", codebook={"en"})
