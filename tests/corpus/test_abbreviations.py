"""Stops that end no sentence: 15 constructed texts a language, and quotations in Chinese and Japanese."""

from __future__ import annotations

import pytest

from framing.corpus.abbreviations import ends_with_abbreviation
from framing.corpus.sentences import split_sentences

TRAPS = {
    "de": [
        ["Die Sitzung beginnt um ca. 14 Uhr.", "Danach wird abgestimmt."],
        ["Das gilt z. B. für Kliniken.", "Schulen sind ausgenommen."],
        ["Das gilt z.B. für Kliniken.", "Schulen sind ausgenommen."],
        ["Am 3. Oktober bleibt das Amt geschlossen.", "Am 4. öffnet es wieder."],
        ["Dr. Weber und Prof. Lang stimmten zu.", "Der Rat lehnte ab."],
        ["Die Firma zahlte rd. 5 Mio. Euro.", "Das reicht nicht."],
        ["Laut Art. 5 Abs. 2 ist das erlaubt.", "Die Klage scheitert."],
        ["Der Umzug u. a. der Ämter dauert.", "Er kostet viel."],
        ["Sie wohnt in der Str. des Friedens Nr. 7 in Halle.", "Dort brannte es."],
        ["Das war im 19. Jahrhundert üblich.", "Heute nicht mehr."],
        ["Minister a. D. Krause sprach zuerst.", "Dann sprach die Opposition."],
        ["Karl V. regierte lange.", "Er trat ab."],
        ["Der Vertrag endet d. h. am Freitag.", "Ein neuer fehlt."],
        ["Die Abgabe steigt um 1.500 Euro bzw. drei Prozent.", "Viele klagen."],
        ["Die Gruppe (vgl. S. 12) wuchs.", "Sie ist groß."],
    ],
    "fr": [
        ["M. Durand a refusé.", "Mme Petit a accepté."],
        ["Le Dr. Martin et le Pr. Roche ont signé.", "Le conseil a suivi."],
        ["La séance débute à env. 14 heures.", "Un vote suivra."],
        ["Les frais, etc. seront remboursés.", "Il faut un reçu."],
        ["MM. Roux et Blanc ont témoigné.", "Le procès continue."],
        ["Selon l'art. 5 du code, c'est permis.", "La plainte tombe."],
        ["Voir p. 12 du rapport.", "Il est long."],
        ["La ville existait déjà au Ve s. av. J.-C. selon eux.", "Rien ne le prouve."],
        ["J. Moreau préside le groupe.", "Elle démissionne."],
        ["Le no. 7 de la rue a brûlé.", "Personne n'est blessé."],
        ["La société gagne 1.500 euros.", "C'est peu."],
        ["Il a dit : « Non. Jamais. »", "Puis il est parti."],
        ["Le juge a demandé : « Pourquoi ? » et il a attendu.", "Personne n'a répondu."],
        ["Cf. le rapport de mai.", "Il est clair."],
        ["St. Pierre reste fermé.", "La route aussi."],
    ],
    "ru": [
        ["В 2021 г. завод закрыли.", "Рабочие протестовали."],
        ["Это стоит 5 млн руб. в год.", "Денег нет."],
        ["Завод на ул. Ленина закрыт.", "Жители рады."],
        ["Компания потеряла 5 тыс. долл. за день.", "Акции упали."],
        ["А. С. Петров выступил первым.", "Затем говорили другие."],
        ["Об этом сообщил И. Иванов.", "Дата неизвестна."],
        ["В городах, сёлах и т. д. нет света.", "Ремонт идёт."],
        ["Об этом, т. е. о запрете, спорят давно.", "Решения нет."],
        ["Проф. Смирнов возразил.", "Его не слушали."],
        ["См. стр. 12 доклада.", "Он длинный."],
        ["В XIX в. здесь был порт.", "Теперь тут парк."],
        ["Реки, озёра и пр. воды измерены.", "Итог неизвестен."],
        ["Встреча пройдёт в г. Киеве.", "Она закрытая."],
        ["«Мы готовы. Мы ждём», — сказал он.", "Ответа нет."],
        ["По данным на 5 мая 2022 г. Россия не ответила.", "Срок истёк."],
    ],
    "uk": [
        ["У 2021 р. завод закрили.", "Робітники протестували."],
        ["Це коштує 5 млн грн. на рік.", "Грошей немає."],
        ["Завод на вул. Шевченка закрито.", "Мешканці раді."],
        ["Компанія втратила 5 тис. дол. за день.", "Акції впали."],
        ["О. М. Петренко виступив першим.", "Потім говорили інші."],
        ["Про це повідомив І. Коваль.", "Дата невідома."],
        ["У містах, селах і т. д. немає світла.", "Ремонт триває."],
        ["Про це, тобто т. зв. заборону, сперечаються.", "Рішення немає."],
        ["Проф. Мельник заперечив.", "Його не слухали."],
        ["Див. с. 12 доповіді.", "Вона довга."],
        ["У XIX ст. тут був порт.", "Тепер тут парк."],
        ["Парк ім. Франка закрито.", "Дата відкриття невідома."],
        ["Зустріч відбудеться в м. Київ.", "Вона закрита."],
        ["«Ми готові. Ми чекаємо», — сказав він.", "Відповіді немає."],
        ["Загинули 5 осіб, у т. ч. дитина.", "Триває розслідування."],
    ],
    "es": [
        ["El Sr. Gómez se negó.", "La Sra. Ruiz aceptó."],
        ["El Dr. Vega y la Dra. Sanz firmaron.", "El consejo votó."],
        ["La sesión empieza aprox. a las dos.", "Luego se vota."],
        ["EE. UU. rechazó el plan.", "Europa calla."],
        ["EE.UU. rechazó el plan.", "Europa calla."],
        ["Según el art. 5 de la ley, se permite.", "La queja cae."],
        ["Véase la pág. 12 del informe.", "Es largo."],
        ["Vive en la Av. Central de la capital.", "Allí hubo fuego."],
        ["J. Morales preside el grupo.", "Ella dimite."],
        ["El núm. 7 de la calle ardió.", "No hay heridos."],
        ["Los gastos, etc. se devuelven.", "Hace falta un recibo."],
        ["Ocurrió en el siglo V a. C. según ellos.", "Nada lo prueba."],
        ["Gana 1.500 euros.", "Es poco."],
        ["El juez preguntó: «¿Por qué?» y esperó.", "Nadie respondió."],
        ["Ud. debe pagar.", "No hay prórroga."],
    ],
    "it": [
        ["Il sig. Rossi ha rifiutato.", "La sig.ra Conti ha accettato."],
        ["Il Dott. Verdi e il Prof. Neri hanno firmato.", "Il consiglio ha votato."],
        ["La seduta inizia a ca. due ore dal voto.", "Poi si vota."],
        ["Secondo l'art. 5 della legge è permesso.", "Il ricorso cade."],
        ["Si veda pag. 12 del rapporto.", "È lungo."],
        ["L'on. Bruni ha parlato.", "Poi ha taciuto."],
        ["G. Moretti guida il gruppo.", "Lei si dimette."],
        ["Il n. 7 della via è bruciato.", "Nessun ferito."],
        ["Le spese, ecc. saranno rimborsate.", "Serve una ricevuta."],
        ["Accadde nel V sec. a.C. secondo loro.", "Nulla lo prova."],
        ["Guadagna 1.500 euro.", "È poco."],
        ["L'avv. Galli difende il sindaco.", "Il processo continua."],
        ["L'ing. Fontana ha progettato il ponte.", "Il ponte è chiuso."],
        ["Il giudice ha chiesto: «Perché?» e ha atteso.", "Nessuno ha risposto."],
        ["Il gen. Ferri comanda la base.", "La base è vuota."],
    ],
    "pl": [
        ["W 2021 r. zakład zamknięto.", "Robotnicy protestowali."],
        ["To kosztuje 5 mln zł. rocznie.", "Pieniędzy nie ma."],
        ["Zakład przy ul. Długiej zamknięto.", "Mieszkańcy są zadowoleni."],
        ["Spółka straciła ok. 5 tys. euro.", "Akcje spadły."],
        ["Prof. Nowak i dr. Lis podpisali.", "Rada odmówiła."],
        ["J. Kowalska kieruje grupą.", "Odchodzi jutro."],
        ["W miastach, wsiach itd. nie ma prądu.", "Trwa naprawa."],
        ["To dotyczy np. szpitali.", "Szkoły są wyłączone."],
        ["Gen. Wilk dowodzi bazą.", "Baza jest pusta."],
        ["Zob. s. 12 raportu.", "Jest długi."],
        ["W XIX w. był tu targ.", "Teraz jest park."],
        ["Park im. Chopina zamknięto.", "Data otwarcia nie jest znana."],
        ["Min. Wrona przemówił.", "Potem milczał."],
        ["Zginęło 5 osób, m.in. dziecko.", "Trwa śledztwo."],
        ["Decyzję, tj. zakaz, ogłoszono dziś.", "Wchodzi w życie jutro."],
    ],
}
QUOTATIONS = [
    ("zh", ["部长说：“我们准备好了。”", "记者提问！", "他没有回答？", "会议结束。"]),
    ("zh", ["“谈判失败了。”发言人说。", "双方离开。"]),
    ("zh", ["「談判失敗了。」發言人說。", "雙方離開。"]),
    ("zh", ["他问：“为什么？”", "没有人回答。"]),
    ("ja", ["大臣は「準備はできた。」と述べた。", "会議は終わった。"]),
    ("ja", ["「交渉は失敗した」と報道官は語った。", "双方は退席した。"]),
    ("zh", ["记者问：“何时？”", "部长没有回答。"]),
    ("zh", ["部长说：“我们准备好了。我们在等。”", "他没有回答问题。"]),
]


@pytest.mark.parametrize(("language", "sentences"), [(name, case) for name, cases in TRAPS.items() for case in cases])
def test_a_stop_of_an_abbreviation_ends_no_sentence(language: str, sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in split_sentences(text, language=language)] == sentences


@pytest.mark.parametrize(("language", "sentences"), QUOTATIONS)
def test_a_quotation_ends_with_its_marks_or_with_who_says_it(language: str, sentences: list[str]) -> None:
    text = "".join(sentences)
    assert [text[start:end] for start, end in split_sentences(text, language=language)] == sentences


@pytest.mark.parametrize(
    ("before", "after", "language"),
    [
        ("Er ging heim.", "Nowak blieb.", "de"),
        ("Es war der 5.", "Danach kam Ruhe.", "de"),
        ("quel mondo così lontano.", "intanto piove", "it"),
        ("Il est là.", "pic.example.com/abc", "fr"),
        ("He met Dr.", "Lund left.", "en"),
        ("и так…", "Потом", "ru"),
        ("Конец..", "потом", "ru"),
        ("", "потом", "ru"),
        ("Конец.", "", "ru"),
    ],
)
def test_a_stop_that_ends_a_sentence_stays_one(before: str, after: str, language: str) -> None:
    assert not ends_with_abbreviation(before, after, language=language)


def test_languages_without_a_list_know_initials() -> None:
    assert ends_with_abbreviation("sade A.", "Lindgren", language="sv")
    assert not ends_with_abbreviation("sade hon.", "Lindgren", language="sv")
