"""Speakers over whole articles: names, roles and pronouns across paragraphs, exchanges, organisations."""

from __future__ import annotations

import pandas as pd
import pytest

from framing import find_voice_segments, mark_voices
from framing.voice.quotes import find_quotes
from tests.voice_articles import articles, figures_of_articles, find_speakers


def _speakers(*paragraphs: str) -> list[str]:
    """The speaker of each stretch of a document, in order."""
    passages = pd.DataFrame({"passage_id": ["p"], "text": ["\n\n".join(paragraphs)]})
    return find_voice_segments(passages)["speaker"].to_list()


def test_articles_are_read_with_their_speakers(tmp_path):
    path = tmp_path / "articles.txt"
    path.write_text("=== dev: one\nIt rained. {Ada Lund|“Go,”} she said.\n\n=== fresh: two\nNo.\n", encoding="utf-8")
    (article,) = articles("dev", path)
    assert article.text == "It rained. “Go,” she said."
    (spoken,) = article.spoken
    assert article.text[spoken.start : spoken.end] == "“Go,”"
    assert (spoken.speaker, spoken.quoted) == ("Ada Lund", True)


def test_the_articles_seen_while_rules_were_mended():
    rows = articles("dev")
    found = figures_of_articles(rows, find_speakers(rows))
    assert found["n"] == 178
    assert found["speaker, quoted"] >= 0.95
    assert found["full name, quoted"] >= 0.94
    assert found["speaker, reported"] >= 0.92


def test_the_articles_seen_after_a_first_figure():
    rows = articles("fresh")
    found = figures_of_articles(rows, find_speakers(rows))
    assert found["n"] == 177
    assert found["speaker, quoted"] >= 0.86
    assert found["full name, quoted"] >= 0.80


def test_an_abbreviated_title_is_a_role():
    first = "Gov. Linda Prewitt toured the town with Mayor Tom Ashby."
    assert _speakers(first, "“We can send the plywood,” the governor said.") == ["Linda Prewitt"]
    assert _speakers(first, "“We have the nails,” the mayor said.") == ["Tom Ashby"]


def test_an_epithet_means_the_one_with_its_qualities():
    first = "Sen. Carl Stennett, R-Idaho, wrote the bill. Rep. Lucy Moran, an Ohio Democrat, read it."
    assert _speakers(first, "“We had one sandwich,” the Idaho Republican said.")[-1] == "Carl Stennett"
    assert _speakers(first, "“We had two of them,” the congresswoman said.")[-1] == "Lucy Moran"


def test_a_former_holder_is_not_meant_by_the_office():
    first = "Tom Vickery, a Montana senator, met Carl Stennett, a former senator from Idaho."
    assert _speakers(first, "“He ate the whole thing,” the senator said.")[-1] == "Tom Vickery"


def test_a_surname_stands_for_a_full_name_that_comes_later():
    found = _speakers("“The door is shut,” Orwick said.", "It was the last word of Helen Orwick, the clerk.",
                      "“It stays shut,” Orwick said.")  # fmt: skip
    assert found == ["Helen Orwick", "Helen Orwick"]


def test_a_given_name_stands_for_the_full_name():
    assert _speakers("It was found by Noah Kimball, 11.", "“I thought it was a cat,” Noah said.")[-1] == "Noah Kimball"


def test_a_given_name_tells_whom_a_pronoun_means():
    first = "Martha Quill met Peter Sand at the gate."
    assert _speakers(first, "“It was locked by then,” she said.") == ["Martha Quill"]
    assert _speakers(first, "“It was open all day,” he said.") == ["Peter Sand"]


def test_who_is_the_subject_of_what_is_said_does_not_speak_next():
    found = _speakers("Harold Beck told the board that Oscar Lane had left town.", "“He took the keys,” he said.")
    assert found == ["Harold Beck", "Harold Beck"]


def test_a_relative_has_the_same_surname():
    found = _speakers("Walt Brandvold keeps cows. His neighbor is Otto Reiss.", "Ellen Brandvold left for the city.",
                      "“Ask me when he is seventy,” she said.", "Her father has heard this before.",
                      "“That will be soon enough,” he said.")  # fmt: skip
    assert found == ["Ellen Brandvold", "Walt Brandvold"]


def test_the_company_is_the_one_that_was_named():
    found = _speakers("Dunmore Industries closed the plant on Friday.", "“We had no choice,” the company said.")
    assert found == ["Dunmore Industries"]


def test_a_capital_makes_no_name_of_an_organisation_s_kind():
    found = _speakers("The Dunmore Water Ministry said it would pay.", "“It was our error,” the Ministry said.")
    assert {name.lower() for name in found} == {"the dunmore water ministry"}


def test_a_title_stays_where_only_a_surname_is_known():
    assert _speakers("“The road is shut,” said Gov. Prewitt.") == ["Gov. Prewitt"]
    assert _speakers("“The road is shut,” said Gov. Linda Prewitt.") == ["Linda Prewitt"]
    assert _speakers("“The road is shut,” said Queen Ada Maria of Norland.")[0].startswith("Queen Ada Maria")


def test_a_name_behind_the_last_statement_is_the_full_one():
    assert _speakers("“The door is shut,” Orwick said.", "Helen Orwick left.") == ["Helen Orwick"]


def test_a_pronoun_means_a_person_and_no_institution():
    found = _speakers(
        "“It was dry,” contended Chou Mei-hsuan, who lectures at Tamsui Polytechnic.", "“It was,” she said."
    )
    assert found[-1] == "Chou Mei-hsuan"


def test_a_statement_is_made_by_who_spoke_before():
    found = _speakers("Hollis Partners said it was pleased. “We are grateful for the trust,” the statement said.")
    assert set(found) == {"Hollis Partners"}


def test_two_speakers_of_one_passage_have_their_own_spans():
    text = "“The road is open,” said Ruth Calder. “It is under water,” said Ben Ostrow, who lives on it."
    assert _speakers(text) == ["Ruth Calder", "Ben Ostrow"]
    row = mark_voices(pd.DataFrame({"passage_id": ["p"], "text": [text]})).iloc[0]
    assert row["speakers"] == "Ruth Calder; Ben Ostrow"
    assert row["speaker"] in row["speakers"]
    assert row["n_speakers"] == 2


def test_a_passage_without_speech_has_no_speakers():
    row = mark_voices(pd.DataFrame({"passage_id": ["p"], "text": ["The bridge fell."]})).iloc[0]
    assert row["speakers"] == ""


def test_answers_alternate_in_an_exchange():
    found = _speakers("Julian Park met Ray Ellsworth in court.", "“Did you write this check?” Park asked.",
                      "“I did,” Ellsworth said.", "“Whose name is on it?”", "“It is mine.”")  # fmt: skip
    assert found == ["Julian Park", "Ray Ellsworth", "Julian Park", "Ray Ellsworth"]


def test_a_paragraph_about_somebody_leads_to_a_quotation():
    found = _speakers("“The vote was fair,” said Denise Hatch.", "Luis Orton, the harbor master, disagrees.",
                      "“Nobody in this town believes that the vote was fair.”")  # fmt: skip
    assert found == ["Denise Hatch", "Luis Orton"]


def test_a_few_words_in_marks_are_those_of_whom_the_sentence_is_about():
    assert _speakers("Keith Allard thanked the lawyer for a “thorough and fair review.”") == ["Keith Allard"]
    assert _speakers("Keith Allard sang a song called “the long way home.”") == []
    assert _speakers("The gate bears a sign with “no way out of here” on it.") == []


def test_whom_a_paper_quotes_speaks():
    found = _speakers("The gazette quoted Mayor Ivy Cole as saying: “We will rebuild every house on that street.”")
    assert found[-1] == "Ivy Cole"


def test_a_name_in_apposition_behind_a_place_speaks():
    assert set(_speakers("A customer in Reno, Amy Castle, says she rented the hens.")) == {"Amy Castle"}


@pytest.mark.parametrize(
    ("attribution", "speaker"),
    [
        ("said co-founder Dana Frost", "Dana Frost"),
        ("said Harbor Commissioner Lewis Grant", "Lewis Grant"),
        ("the National Ferry Service said", "the National Ferry Service"),
        ("the research firm Calder & Wray said", "Calder & Wray"),
    ],
)
def test_names_begin_and_end_where_they_should(attribution, speaker):
    assert _speakers(f"“The boats will run until the end of May,” {attribution}.") == [speaker]


def test_what_a_sentence_calls_something_is_not_of_the_next_subject():
    found = _speakers("The Lake Pilots Association called the plan “a fire alarm that rings and rings.” Its president, "
                      "Colleen Duffy, has testified before Congress.")  # fmt: skip
    assert {name.lower() for name in found} == {"the lake pilots association"}


def test_a_straight_mark_on_the_wrong_side_of_a_space_opens():
    text = 'Rain fell on the town." We left at noon," she said. The road was shut.'
    assert [text[quote.start : quote.end] for quote in find_quotes(text)] == ['" We left at noon,"']
