"""Voices in Spanish, on sentences written for the test."""

from __future__ import annotations

import pytest

from tests.voice.spoken import speakers, who_says


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("«Esperamos», dijo la ministra Ana Morales en Madrid.", [("Ana Morales", "Esperamos")]),
        ("El portavoz Luis Vega advirtió: «No habrá acuerdo».", [("Luis Vega", "No habrá acuerdo")]),
        (
            "Según el pescador Juan Soto, «el mar no perdona nunca a nadie».",
            [("Juan Soto", "el mar no perdona nunca a nadie")],
        ),
        ("—Vamos —dijo Pedro Ruiz—. Es tarde.", [("Pedro Ruiz", "—Vamos"), ("Pedro Ruiz", "Es tarde.")]),
    ],
)
def test_speaker_of_a_quotation(text, expected):
    assert who_says(text, "es") == expected


def test_surname_means_the_person_who_was_introduced():
    text = "Habló Luis Vega, el portavoz. “No habrá acuerdo”, insistió Vega. “No”, dijo él."
    assert speakers(text, "es") == ["Luis Vega", "Luis Vega"]


def test_reported_with_que():
    text = "Ana Morales afirmó que el puerto seguiría abierto."
    assert who_says(text, "es", "reported") == [("Ana Morales", "el puerto seguiría abierto.")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("El puente sigue cerrado, dijo la ministra Ana Soto.", ("Ana Soto", "El puente sigue cerrado")),
        ("Como dijo la ministra Ana Soto, el puente sigue cerrado.", ("Ana Soto", "el puente sigue cerrado.")),
    ],
)
def test_reported_speech_before_or_behind_its_verb(text, expected):
    assert who_says(text, "es", "reported") == [expected]
