"""The form of a file of `framing/data/voices/`: what each key means."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["LanguageFile"]


class LanguageFile(BaseModel):
    """A file of `framing/data/voices/`.

    Lists are words between spaces. In `verbs` and `reporting`, `stem:ending,ending` stands for the forms of a verb.
    Roles (`officials` to `others`, `alike`) and `sides` are the beginnings of words, in lower case.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    language: str
    name: str
    spaced: bool = True  # whether spaces part words
    compounds: bool = False  # whether a role may end a longer word: Verteidigungsminister
    capital_nouns: bool = False  # whether all nouns have a capital letter
    cases: bool = False  # whether nouns and names change their endings by case
    clause_by: str = "comma"  # what leads to a clause that is reported: comma, or a word (que)
    oblique_articles: str = ""  # articles of what is no subject
    feminine_articles: str = ""
    masculine_articles: str = ""
    genitive: str = ""  # words before what is no subject but belongs to a noun
    linking: str = ""  # prepositions that stay within the description of a speaker
    adjective_endings: str = ""
    feminine_verbs: str = ""  # endings by which a verb tells that its subject is a woman
    masculine_verbs: str = ""
    names_as_words: str = ""  # given names that are words as well
    men_cases: str = ""  # endings of men's surnames in other cases, each with that of the first case
    women_cases: str = ""
    clause_within: str = ""  # what parts a reporting clause from the quotation in whose marks it stands: comma, dash
    dialogue: bool = False  # whether a dash before a paragraph opens speech
    verbs: str  # they introduce a quotation
    reporting: str  # they report without quotation marks, too
    verb_endings: str = ""  # a word that ends so in place of a verb of speech is taken for one
    participles: str = ""  # they do so behind one of the auxiliaries
    participle_endings: str = ""  # behind one of the auxiliaries a word that ends so is taken for a participle
    auxiliaries: str = ""
    infinitives: str = ""  # they do so behind de: Et Morel de renchérir
    connectors: str = ""  # first words of a clause that is reported
    particles_of_speech: str = ""  # they stand for a verb behind a quotation: so
    sources: list[str] = []  # whom a quotation is from stands behind them
    reporting_sources: list[str] = []  # of these: those that attribute a sentence without quotation marks
    sources_behind: list[str] = []  # and behind whom these stand
    he: str
    she: str
    it: str = ""
    possessive: str = ""  # of he and she: those that stand before a noun or behind a verb and are no subject
    ranks: str = ""  # adjectives of an office that have a capital letter: Première ministre
    naming: str = ""  # verbs between a pronoun and the name of whom it means: Er heißt Paul Kranz
    conjunctions: str = ""  # they join two quotations of one speaker
    datives: str = ""  # of he and she: those that are no subject, in French before a verb: lui a répondu
    as_words: str = ""  # they open a clause that tells whose words follow: Wie Kranz sagte
    indefinite: str = ""
    definite: str = ""
    demonstratives: str = ""  # articles of somebody who was named just before
    titles: str = ""
    prepositions: str = ""
    nouns: str = ""  # beginnings of nouns that end as verbs do: дел, отдел
    joining: str = ""  # prepositions and articles that stay within the description of a speaker
    adverbs: str = ""  # they may stand between a verb and its speaker
    stops: str = ""  # no description of a speaker holds them
    officials: str
    experts: str
    residents: str
    media: str
    others: str = ""
    whole_words: str = ""  # of these: those that are no beginnings, and in small letters stand behind an article
    not_roles: str = ""  # endings of words that name no role, whatever they begin with: négociations
    not_nouns: str = ""  # beginnings of roles that are no nouns where nothing follows them: angeklagt
    bodies: str = ""  # beginnings of words for bodies, by which no person is meant again
    determiners: str = ""  # more words before a noun: mon, sein
    pronouns_of_somebody: str = ""  # they are speakers of their own: un autre, einer
    labelling: str = ""  # verbs behind which a few words in marks are what their subject says: sprach von
    women_words: str = ""
    men_words: str = ""
    woman_endings: str = ""
    man_endings: str = ""
    alike: list[str] = []  # roles that one person may have
    parts_of_names: str = ""
    endings: str = ""  # of cases, as names have them
    not_names: str = ""
    not_within: str = ""  # words that no name holds
    article_forms: str = ""  # more words that stand before a noun and before no name
    surnames: str = ""
    women: str = ""
    men: str = ""
    subjunctive: str = ""  # verbs of a sentence that goes on with what was reported
    sides: dict[str, str] = {}
