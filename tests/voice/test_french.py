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
