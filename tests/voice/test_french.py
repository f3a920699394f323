"""Voices in French, on sentences written for the test."""

from __future__ import annotations

import pytest

from tests.voice.spoken import speakers, who_says


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("« Nous attendons », a déclaré la ministre Anne Morel vendredi.", [("Anne Morel", "Nous attendons")]),
        ("«\u202fNous attendons\u202f», a déclaré Anne Morel.", [("Anne Morel", "Nous attendons")]),
        ("Anne Morel, directrice du port, a averti : « Le temps presse. »", [("Anne Morel", "Le temps presse.")]),
        (
            "Selon le pêcheur Jean Ramsamy, « la mer ne ment jamais à personne ».",
            [("Jean Ramsamy", "la mer ne ment jamais à personne")],
        ),
        ("« Pas encore », répond un étudiant de Curepipe.", [("un étudiant de Curepipe", "Pas encore")]),
        ("« Ils mentent », accuse l’ambassadeur.", [("l’ambassadeur", "Ils mentent")]),
    ],
)
def test_speaker_of_a_quotation(text, expected):
    assert who_says(text, "fr") == expected


def test_clause_within_the_marks_is_not_said():
    text = "« Nous attendons, a déclaré Anne Morel, et nous verrons. »"
    assert who_says(text, "fr") == [("Anne Morel", "Nous attendons"), ("Anne Morel", "et nous verrons.")]


def test_what_is_done_between_commas_is_said():
    text = "« Chacun évite les cirques, observe les animaux, et mange moins », conseille Anne Morel."
    assert who_says(text, "fr") == [("Anne Morel", "Chacun évite les cirques, observe les animaux, et mange moins")]


def test_pronouns_behind_a_hyphen():
    text = (
        "Le diplomate ne cache pas sa fatigue. « Nous tournons en rond », confie-t-il.\n\n"
        "Le porte-parole du ministère, Marc Duval, est prudent. « Rien n’est signé », a-t-il dit."
    )
    assert speakers(text, "fr") == ["Le diplomate", "Marc Duval"]


def test_dash_opens_speech():
    assert who_says("— Il faut partir, dit Paul Vidal. Maintenant.", "fr") == [
        ("Paul Vidal", "— Il faut partir"),
        ("Paul Vidal", "Maintenant."),
    ]


def test_dash_behind_the_place_of_a_report_opens_no_speech():
    assert who_says("CUREPIPE, de notre envoyée. – La route est coupée, dit la radio. Il pleut.", "fr") == []


def test_demonstratives_and_forms_of_address_mean_whom_was_named():
    text = "Anil Ramdin hausse les épaules. « Tout augmente », dit ce planteur. « Même l’eau », ajoute M. Ramdin."
    assert speakers(text, "fr") == ["Anil Ramdin", "Anil Ramdin"]


def test_titles_of_works_are_no_speech():
    assert who_says("Le quotidien « La Vigie » a paru. Le film « Les Îles » aussi.", "fr") == []


def test_reported_with_que():
    text = "Anne Morel a affirmé que le port resterait ouvert. Il pleuvait."
    assert who_says(text, "fr", "reported") == [("Anne Morel", "le port resterait ouvert.")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le pont reste fermé, a déclaré la ministre Anne Morel.", ("Anne Morel", "Le pont reste fermé")),
        ("Comme l’a dit la ministre Anne Morel, le pont reste fermé.", ("Anne Morel", "le pont reste fermé.")),
    ],
)
def test_reported_speech_before_or_behind_its_verb(text, expected):
    assert who_says(text, "fr", "reported") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Luc Vidal a quitté la banque. « Je doutais », se souvient l’ancien cadre.", ["Luc Vidal"]),
        ("« Je pars », dit Luc Vidal. « Moi aussi », ajoute un autre.", ["Luc Vidal", "un autre"]),
        (
            "« Trop tard », a dit Luc Vidal, pêcheur. Et le maire de renchérir : « Bien trop tard. »",
            ["Luc Vidal", "le maire"],
        ),
        ("« Nous refusons tout », peut-on lire dans la lettre que dix acteurs ont signée.", ["la lettre"]),
        (
            "La partie adverse, qui était partie, a dit attendre « des gestes et non des phrases ».",
            ["La partie adverse"],
        ),
        ("Interrogée par le juge, la prévenue a nié. « Je n’ai rien signé », a-t-elle dit.", ["la prévenue"]),
        ("« Tenons bon », a dit le porte-parole, le colonel Odon Vasse.", ["Odon Vasse"]),
        ("Tiphanie, 19 ans, étudiante, hausse les épaules : « C’est le bruit de fond. »", ["Tiphanie"]),
    ],
)
def test_speakers_as_the_press_tells_them(text, expected):
    assert speakers(text, "fr") == expected


def test_a_few_words_behind_a_verb_that_labels_are_what_its_subject_says():
    text = "Luc Vidal reconnaît « des retards » et « un problème ». Le film « Les Îles » est sorti."
    assert who_says(text, "fr") == [("Luc Vidal", "des retards"), ("Luc Vidal", "un problème")]


def test_paragraphs_of_a_quotation_have_the_speaker_who_stands_behind_the_last():
    text = "« Nous avons deux solutions.\n\n« La première coûte cher », explique Luc Vidal."
    assert speakers(text, "fr") == ["Luc Vidal", "Luc Vidal"]


def test_a_straight_apostrophe_is_as_good_as_a_curved_one():
    assert speakers("D'après Luc Vidal, « la route est coupée depuis hier ».", "fr") == ["Luc Vidal"]


def test_a_preposition_that_looks_like_a_verb_is_none():
    text = "Un combat contre Luc Vidal s’annonce. Anne Morel sourit : « Nous verrons. »"
    assert speakers(text, "fr") == ["Anne Morel"]


def test_somebody_described_may_be_named_afterwards():
    text = "Le vieil homme pose sa canne. Il s’appelle Honorat Vence. « J’ai tout vu », dit-il."
    assert speakers(text, "fr") == ["Honorat Vence"]
