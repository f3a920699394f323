"""The language of a text, and `und` where a guess would be chance."""

from __future__ import annotations

import py3langid
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.language import detect_languages

SENTENCES = {
    "en": "The bridge over the river reopened on Saturday after eleven months of repairs, the mayor said.",
    "de": "Die Brücke über den Fluss wurde am Samstag nach elf Monaten wieder geöffnet, sagte sie.",
    "fr": "Le pont sur la rivière a rouvert samedi après onze mois de travaux, a déclaré la maire.",
    "ru": "Мост через реку вновь открыли в субботу после одиннадцати месяцев ремонта, сообщила мэр города.",
    "uk": "Міст через річку знову відкрили в суботу після одинадцяти місяців ремонту, повідомила мерка.",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_tells_its_language(code: str) -> None:
    assert detect_languages([SENTENCES[code]]) == [code]


@pytest.mark.parametrize(
    "text", ["", "   ", "Bridge reopens", "Kreuzfeuer", "Los ministros", "1 2 3 4 5 6", "— … ! ? — 2025"]
)
def test_too_little_is_undetermined(text: str) -> None:
    assert detect_languages([text]) == ["und"]


def test_languages_keep_the_order_of_the_texts() -> None:
    assert detect_languages([SENTENCES["ru"], "", SENTENCES["en"]]) == ["ru", "und", "en"]
    assert detect_languages([]) == []


def test_the_main_language_of_a_long_text_counts() -> None:
    english, russian = SENTENCES["en"], SENTENCES["ru"]
    assert detect_languages([f"{english} " * 20 + f"{russian} " * 200]) == ["ru"]
    assert detect_languages([f"{english} " * 200 + f"{russian} " * 20]) == ["en"]


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("部长们周二在首都会面，讨论了新的预算方案，并且表示将在下个月提交议会审议。", "zh"),
        ("市長は土曜日に、川にかかる橋が十一か月の修理を終えて再び開通したと述べた。", "ja"),
        ("นายกเทศมนตรีกล่าวว่าสะพานข้ามแม่น้ำเปิดใช้อีกครั้งเมื่อวันเสาร์", "th"),
    ],
)
def test_the_main_language_counts_where_it_is_written_without_spaces(sentence: str, code: str) -> None:
    """A paragraph of English in a long text, and the other way round: words count, not what spaces part."""
    unspaced, english = sentence * 80, SENTENCES["en"] + " "
    foreign = english * (len(unspaced) // 4 // len(english))
    assert detect_languages([unspaced + foreign, foreign + unspaced]) == [code, code]
    quoted = sentence * (len(foreign) // 2 // len(sentence))
    assert detect_languages([foreign * 3 + quoted, quoted + foreign * 3]) == ["en", "en"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("three words only", "en"),
        ("Київ під обстрілом", "uk"),
        ("Переговоры начались", "ru"),
        ("Қазақстан президенті", "kk"),
        ("Ռուսաստան", "hy"),
    ],
)
def test_few_words_tell_their_language_where_the_model_is_sure(text: str, code: str) -> None:
    assert detect_languages([text]) == [code]


def test_addresses_users_and_pictures_do_not_count() -> None:
    post = "🔥🔥 @thenewsroom @reporter_for_world_news Міністри домовилися відкрити кордон https://example.org/the-border-opens"
    assert detect_languages([post, "https://example.org/the-border-opens-again-on-monday", "@a @b @c @d"]) == [
        "uk",
        "und",
        "und",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Пољопривредници у знак протеста блокирају путеве", "sr"),
        ("Земјоделците во знак на протест ги блокираат патиштата", "mk"),
        ("Земеделци блокират пътища в знак на протест", "bg"),
        ("Фермеры ў знак пратэсту перакрылі дарогі", "be"),
        ("Фермеры в знак протеста перекрыли дороги", "ru"),
    ],
)
def test_headlines_in_cyrillic_are_told_apart(text: str, code: str) -> None:
    assert detect_languages([text]) == [code]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60), max_size=4))
def test_every_text_gets_a_code(texts: list[str]) -> None:
    found = detect_languages(texts)
    assert len(found) == len(texts)
    assert all(code == "und" or (len(code) == 2 and code.isalpha() and code.islower()) for code in found)


@pytest.mark.slow
def test_other_users_of_the_detector_keep_all_its_languages() -> None:
    detect_languages([SENTENCES["en"]])
    assert len(py3langid.rank(SENTENCES["en"])) > 90


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("部长们周二在首都会面。", "zh"),
        ("大臣たちは火曜日に会った。", "ja"),
        ("選挙速報をお伝えします", "ja"),
        ("ความร่วมมือระหว่างประเทศ", "th"),
        ("ລັດຖະມົນຕີໄດ້ພົບກັນ", "lo"),
        ("រដ្ឋមន្ត្រីបានជួបគ្នា។", "km"),
        ("ဝန်ကြီးများ တွေ့ဆုံခဲ့သည်။", "my"),
        ("평화 협정", "ko"),
        ("中国", "und"),
        ("OpenAI发布ChatGPT新模型", "zh"),
        ("部長們同意重新開放邊境", "zh"),
        ("President 习近平 said so on Friday in Beijing.", "en"),
    ],
)
def test_scripts_of_one_language_tell_it(text: str, code: str) -> None:
    assert detect_languages([text]) == [code]
