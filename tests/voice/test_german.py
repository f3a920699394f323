"""Voices in German, on sentences written for the test."""

from __future__ import annotations

import pytest

from framing.voice.languages.mentions import find_mentions
from framing.voice.languages.people import People
from framing.voice.languages.rules import read_rules
from tests.voice.spoken import speakers, who_says


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("„Wir warten“, sagte die Sprecherin Anna Kranz am Freitag in Husum.", [("Anna Kranz", "Wir warten")]),
        ("Anna Kranz, die Leiterin der Behörde, sagte: „Wir warten.“", [("Anna Kranz", "Wir warten.")]),
        ("„Halt!“, ruft Hafenmeister Jens Voss.", [("Jens Voss", "Halt!")]),
        ("»Nein«, rief ein Mann im Saal.", [("ein Mann im Saal", "Nein")]),
        ("„Das ist kein Spiel“, so Vogt.", [("Vogt", "Das ist kein Spiel")]),
        ("Laut Karl Ost ist „die Lage im Hafen völlig unklar“.", [("Karl Ost", "die Lage im Hafen völlig unklar")]),
        ("Karl Ost zufolge war es „ein Wunder und nichts weiter“.", [("Karl Ost", "ein Wunder und nichts weiter")]),
        ("Eine Lehrerin aus Bremen meldete sich: „Wer zahlt das?“", [("Eine Lehrerin aus Bremen", "Wer zahlt das?")]),
        ("„Die Kasse ist leer“, heißt es aus dem Rathaus.", [("Rathaus", "Die Kasse ist leer")]),
        ("„Er sagte ‚nie wieder‘ zu mir“, berichtete Paul Stein.", [("Paul Stein", "Er sagte ‚nie wieder‘ zu mir")]),
    ],
)
def test_speaker_of_a_quotation(text, expected):
    assert who_says(text, "de") == expected


def test_clause_in_the_middle_gives_both_halves_to_one_speaker():
    text = "„Wir warten“, erklärte Anna Kranz, „bis der Regen aufhört.“"
    assert who_says(text, "de") == [("Anna Kranz", "Wir warten"), ("Anna Kranz", "bis der Regen aufhört.")]


def test_surname_role_and_pronoun_mean_the_person_who_was_introduced():
    text = (
        "Die Ministerin Lena Vogt kam spät. „Ich bitte um Nachsicht“, sagte die Ministerin.\n\n"
        "Der Fischer Ole Brandt hat sein Boot verkauft. „Es ging nicht mehr“, sagt Brandt.\n\n"
        "„Und es fehlt mir“, fügt er hinzu. Vogt nickte. „Das verstehe ich“, sagte sie."
    )
    assert speakers(text, "de") == ["Lena Vogt", "Ole Brandt", "Ole Brandt", "Lena Vogt"]


def test_quotation_behind_a_sentence_is_of_whom_the_sentence_is_about():
    assert speakers("Jens Voss winkt ab. „Davon redet hier keiner mehr.“", "de") == ["Jens Voss"]


def test_names_in_quotation_marks_are_no_speech():
    assert who_says("Der „Morgenbote“ liegt im Café „Zur Brücke“ aus, neben dem Film „Nordlicht“.", "de") == []


def test_subjunctive_goes_on_with_what_was_reported():
    text = "Vogt sagte, die Brücke sei marode. Der Bau habe zu lange gedauert. Die Brücke ist gesperrt."
    assert who_says(text, "de", "reported") == [
        ("Vogt", "die Brücke sei marode."),
        ("Vogt", "Der Bau habe zu lange gedauert."),
    ]


def test_nouns_beside_each_other_are_no_name():
    assert speakers("Lange Pause. Der Kapitän Jens Voss lacht. „Wir sind da.“", "de") == ["Jens Voss"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Die Gegenseite habe nie verhandelt, sagte der Sprecher Jan Voss.",
            ("Jan Voss", "Die Gegenseite habe nie verhandelt"),
        ),
        ("Man werde die Brücke öffnen, erklärte Minister Jan Voss.", ("Jan Voss", "Man werde die Brücke öffnen")),
        ("Wie Außenminister Jan Voss sagte, habe niemand gefragt.", ("Jan Voss", "habe niemand gefragt.")),
        ("Minister Jan Voss warf der Gegenseite vor, sie habe gelogen.", ("Jan Voss", "sie habe gelogen.")),
        ("Die Sprecherin Anna Kranz antwortete, dass niemand frage.", ("Anna Kranz", "dass niemand frage.")),
    ],
)
def test_indirect_speech_before_or_behind_its_verb(text, expected):
    assert who_says(text, "de", "reported") == [expected]


@pytest.mark.parametrize(
    "text", ["Er kam erst spät an, sagte Guten Tag und ging.", "Jan Voss kam an, sagte nichts und ging wieder."]
)
def test_what_somebody_does_is_not_reported(text):
    assert who_says(text, "de", "reported") == []


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Nachbarland", ""),
        ("Vaterland", ""),
        ("Mutterkonzern", ""),
        ("Helferkreis", ""),
        ("Bauernverband", "others"),
        ("Lehrerverband", "others"),
        ("Lehrerinnen", "residents"),
        ("Nachbarin", "residents"),
        ("Außenministerin", "officials"),
        ("Landwirtschaftsminister", "officials"),
        ("Staatsanwaltschaft", "officials"),
        ("Regierungsmitglied", "officials"),
        ("Militärexperten", "experts"),
    ],
)
def test_the_last_part_of_a_compound_is_its_role(word, kind):
    assert read_rules("de").find_role(word) == kind


def test_a_role_ends_at_a_full_stop():
    people = People(read_rules("de"))
    text = "Es schwieg der Sprecher. Der Rat Europas tagte"
    assert [each.text for each in find_mentions(text, 0, len(text), people)] == ["der Sprecher"]


def test_a_possessive_is_no_speaker():
    text = "Ministerin Anna Kranz reiste ab. „Sie kommt zurück“, sagte ihr Sprecher Jan Voss."
    assert speakers(text, "de") == ["Jan Voss"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ortwin Bahlmann trat ans Pult. „Der Staat hat versagt“, rief Bahlmann.", ["Ortwin Bahlmann"]),
        ("Bürgermeister Tammo Oswald winkt ab. „Brücken bleiben“, sinniert der Rathauschef.", ["Tammo Oswald"]),
        ("Eike Roth lacht. „Wir haben gerungen“, beteuert der Liberale.", ["Eike Roth"]),
        ("„Niemand weiß es“, raunt ein Beamter. „Doch, einer“, spottet ein anderer.", ["ein Beamter", "ein anderer"]),
        ("In dem Bericht des Amts heißt es, dem Bau fehle „jede erkennbare Steuerung“.", ["dem Bericht des Amts"]),
        ("Dem Notar zufolge war „alles in bester Ordnung“.", ["Dem Notar"]),
        ("„Ich war es nicht“, sagte er. Die Wirtin lachte. „Wer sonst?“, fragte sie.", ["not named", "Die Wirtin"]),
        ("Frau Tarnick, gehen Sie?\nTarnick: „Ganz gewiss. Morgen schon.“", ["Tarnick"]),
        ("„Wir halten“, sagte der Sprecher der Armee, Oberst Engel Talwitz.", ["Engel Talwitz"]),
        ("Der Minister warf der Opposition „Arbeitsverweigerung“ vor.", ["Der Minister"]),
        ("„Eine Schande“ nennt Jana Roth das.", ["Jana Roth"]),
    ],
)
def test_speakers_as_the_press_tells_them(text, expected):
    assert speakers(text, "de") == expected


def test_a_body_is_no_other_name_for_a_person():
    text = "„Wir gehen“, sagte Anna Kranz. „Das ist schade“, erklärte die Partei."
    assert speakers(text, "de") == ["Anna Kranz", "die Partei"]


def test_an_office_is_no_other_name_for_who_holds_another():
    text = "„Nein“, sagte Jan Holm, der Leiter des Hafens. „Doch“, sagte der Minister."
    assert speakers(text, "de") == ["Jan Holm", "der Minister"]


def test_a_participle_that_opens_a_sentence_is_nobody():
    text = "Angeklagt ist ein Händler. „Ich war es nicht“, sagt er."
    assert speakers(text, "de") == ["ein Händler"]
