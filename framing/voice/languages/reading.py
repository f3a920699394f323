"""Speaker spans of one document in a language whose rules are a file of `framing/data/voices/`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from framing.voice.attribution import Span
from framing.voice.block import Block, DocumentBlocks
from framing.voice.cast import UNNAMED
from framing.voice.languages.clauses import attribute_clause, first_sentence, last_sentence
from framing.voice.languages.coreference import SUBJECT_BONUS, Coreference, strip_adverbs
from framing.voice.languages.groups import find_group
from framing.voice.languages.mention import Attribution, Mention
from framing.voice.languages.mentions import find_mentions
from framing.voice.languages.people import People, Person, find_runs
from framing.voice.languages.phrase import find_somebody
from framing.voice.languages.pieces import Piece, find_pieces
from framing.voice.languages.reported import Report, Reports, find_reported, subtract
from framing.voice.languages.rules import LanguageRules, read_rules
from framing.voice.languages.speech import ENDS, is_fragment, leave_out
from framing.voice.languages.turns_of_phrase import naming, nobody_says
from framing.voice.languages.unspaced_marks import fold_marks
from framing.voice.sides import OTHER, Sides

__all__ = ["read_document"]

_LONGEST_SENTENCE = 1000  # characters
_FAR_SENTENCES = 6  # before a quotation in which its speaker is looked for
_LONGEST_TAG = 14  # characters of a Chinese clause behind a quotation that is a sentence
_CLOSES = re.compile(r"[.;:!?–—“”]|,\s*(?!$)|\s{3}")  # what ends an apposition; a quotation is left out as spaces
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_INTRODUCES = re.compile(r"[:：][\s\u00a0]*$")


def read_document(text: str, code: str, sides: Sides) -> list[Span]:
    """Find the speaker spans of a document.

    Parameters
    ----------
    text : str
        A document.
    code : str
        ISO 639-1 code of its language, one of `known_languages()` other than `en`.
    sides : Sides
        Names of states and organisations that the user gives, which come before those of the language.

    Returns
    -------
    list of Span
        In order, not overlapping. What no span covers is the outlet's own.

    Examples
    --------
    >>> from framing.voice.sides import read_sides
    >>> (span,) = read_document("„Wir warten“, sagte Anna Kranz, die Leiterin.", "de", read_sides())
    >>> span.speaker, span.voice, span.start, span.end
    ('Anna Kranz', 'quoted', 0, 12)
    """
    return _Reader(text, read_rules(code), sides).read()


class _Reader:
    """A document in reading order: who was named and who spoke last carries over from block to block."""

    def __init__(self, text: str, rules: LanguageRules, sides: Sides) -> None:
        self._rules = rules
        self._sides = sides
        text = text if rules.file.spaced else fold_marks(text)
        self._blocks = DocumentBlocks(text, language=rules.code)
        self._people = People(rules)
        self._coreference = Coreference(self._people)
        self._spans: list[Span] = []
        self._open: list[int] = []  # places of the quotations that go on in the next paragraph, with no speaker beside
        self._dialogue = False

    def read(self) -> list[Span]:
        read = []
        for low, block in self._blocks.read():
            pieces = find_pieces(block, self._rules)
            speech, outer = leave_out(block, pieces, self._rules)
            read.append((low, block, speech, outer))
            self._announce(outer, low)
        for _, _, _, outer in read:
            self._describe(outer)
        for low, block, speech, outer in read:
            self._read_block(low, block, speech, outer)
        self._spans.sort(key=lambda span: (span.start, span.end))
        return list(self._locate())

    def _locate(self) -> Iterator[Span]:
        end = 0
        for span in self._spans:
            start, high = max(self._blocks.locate(span.start), end), self._blocks.locate(span.end)
            if start < high:
                yield Span(start, high, span.voice, span.speaker, span.group, span.cue)
                end = high

    def _announce(self, outer: str, low: int) -> None:
        """Note the full names that begin with a given name, wherever they stand."""
        for run in find_runs(outer, self._rules):
            is_titled = run.sure and bool(self._rules.words["bodies"])  # Frau Kranz
            if run.sure and (len(run.words) > 1 or not self._rules.file.spaced or is_titled):
                self._people.add(run.words, low + run.start)
        for mention in find_mentions(outer, 0, len(outer), self._people):
            has_role = bool(mention.head) and bool(self._rules.words["bodies"])
            if mention.kind == "name" and (len(mention.words) > 1 or has_role):
                self._people.add(mention.words, low + mention.start)

    def _describe(self, outer: str) -> None:
        """Note what the document says of its persons: the role before a name, and the apposition behind it."""
        for mention in find_mentions(outer, 0, len(outer), self._people):
            if mention.kind != "name":
                continue
            person = self._people.find(mention.words)
            if person is None:
                continue
            name = mention.words[0]
            before = mention.text.split(name)[0]
            close = _CLOSES.search(outer, mention.end + 2)
            behind = outer[mention.end : close.start() if close else len(outer)]
            person.describe(before)
            if self._is_predicate(behind):
                behind = ""
            if behind.startswith((",", " aus", " vom", " von", " из", " із", " з ", " du ", " de ", " (")):
                person.describe(behind.strip(" ,("))
            if mention.gender and not person.gender:
                person.gender = mention.gender

    def _is_predicate(self, behind: str) -> bool:
        """Whether what follows a name and a comma goes on with the sentence: Son gardien, Paul Vidal, a été prudent."""
        first = _WORD.match(behind.lstrip(" ,"))
        if not self._rules.words["bodies"] or first is None or not behind.startswith(","):
            return False
        word = first.group().lower()
        return word in self._rules.words["stops"] or self._rules.verb.match(word) is not None

    def _read_block(self, low: int, block: Block, speech: list[Piece], outer: str) -> None:
        said = [(piece.outer_start, piece.outer_end) for piece in speech]
        reports = Reports(list(find_reported(outer, block.sentences, self._people)))
        attribution: Attribution | None = None
        place = 0
        for number, piece in enumerate(speech):
            following = speech[number + 1].outer_start if number + 1 < len(speech) else len(outer)
            before = speech[number - 1].outer_end if number else 0
            self._see(outer, place, piece.outer_start, low)
            place = piece.outer_end
            self._report(reports.take(piece.outer_start), low, outer, said)
            found = self._find_behind(outer, piece, following, block)
            found = found or self._find_before(outer, piece, before)
            between = outer[before : piece.outer_start].strip(" ,.–—-\u00a0")
            is_joined = piece.joined or (number > 0 and (not between or between in self._rules.words["conjunctions"]))
            if found is not None:
                speaker = self._coreference.resolve(found, low)
            elif is_joined:
                found, speaker = attribution, self._coreference.last
            elif is_fragment(block, piece, self._rules):
                speaker = self._guess(outer, piece, before, low, far=1)
                sentence = last_sentence(outer, max(before, piece.outer_start - _LONGEST_SENTENCE), piece.outer_start)
                if speaker is None and nobody_says(self._rules).match(outer, piece.outer_end):
                    speaker = self._coreference.last  # Er sei „müde und froh“, hieß es
                if speaker is None and not self._rules.verb.search(outer, sentence, piece.outer_start):
                    continue  # a few words in marks within what nobody says
            else:
                speaker = self._guess(outer, piece, before, low)
                speaker = speaker or self._look_ahead(outer, piece, following, low)
            attribution = found
            word = found.word if found is not None else "“"
            if found is not None and piece.continued:
                self._close(speaker)
            self._open = [*self._open, len(self._spans)] if found is None and piece.continues else []
            self._add(low + piece.outer_start, low + piece.outer_end, speaker, word)
        self._see(outer, place, len(outer), low)
        self._report(reports.take(len(outer) + 1), low, outer, said)

    def _add(self, start: int, end: int, speaker: Person | None, word: str) -> None:
        """Add a quotation."""
        if speaker is None:
            self._spans.append(Span(start, end, "quoted", UNNAMED, OTHER, word))
            return
        speaker.heard = start
        self._coreference.last = speaker
        self._spans.append(Span(start, end, "quoted", speaker.name, self._find_group(speaker), word))

    def _close(self, speaker: Person | None) -> None:
        """Give the paragraphs before a quotation that goes on to the speaker who stands behind its end."""
        if speaker is not None:
            for place in self._open:
                span, group = self._spans[place], self._find_group(speaker)
                self._spans[place] = Span(span.start, span.end, span.voice, speaker.name, group, span.cue)

    def _report(self, reports: list[Report], low: int, outer: str, said: list[tuple[int, int]]) -> None:
        """Reported speech outside the quotations."""
        for report in reports:
            speaker = (
                self._coreference.last
                if report.attribution is None
                else self._coreference.resolve(report.attribution, low)
            )
            if speaker is None:
                continue
            speaker.heard = low + report.start
            self._coreference.last = speaker
            group = self._find_group(speaker)
            word = report.attribution.word if report.attribution is not None else report.word
            for start, end in subtract(report.start, report.end, said):
                if len(_WORD.findall(outer[start:end])) >= 3 or (not self._rules.file.spaced and end - start > 3):
                    self._spans.append(Span(low + start, low + end, "reported", speaker.name, group, word))

    def _find_behind(self, outer: str, piece: Piece, following: int, block: Block) -> Attribution | None:
        """The attribution that follows a quotation in its sentence."""
        start = piece.outer_end
        end = first_sentence(outer, start, following)
        clause = outer[start:end]
        if not clause.strip(" ,–—-.:”“\u00a0"):
            return None
        bare = clause.lstrip(" \u00a0”“»")
        if bare[:1] in ENDS:
            return None
        comma = bare[:1] in ",–—-，"
        if not self._rules.file.spaced:
            return self._find_behind_unspaced(outer, block, piece, start, end)
        first = bare.lstrip(" ,–—-\u00a0")[:1]
        ends_sentence = block.text[piece.end - 1 : piece.end] in ENDS and not comma
        if ends_sentence and not first.islower():
            return None
        if clause.rstrip(" \u00a0“”").endswith(":") and following < len(outer) and not comma:
            return None
        found = attribute_clause(outer, start, end, self._people, behind=True)
        if found is None:
            return None
        if comma or found.start - start <= 40:
            return found
        return None

    def _find_behind_unspaced(self, outer: str, block: Block, piece: Piece, start: int, end: int) -> Attribution | None:
        """The same in Chinese: what ends in a colon leads to the next quotation."""
        clause = outer[start:end].strip()
        said = block.text[piece.start : piece.end]
        if said[-1:] in ENDS and outer[: piece.outer_start].rstrip().endswith("："):
            return None  # 霍尔姆说：“不行。”奥卡福回应称，…
        if clause.endswith("：") or outer[end : end + 1] == "：":
            return None
        if said[-1:] in ENDS and len(clause) > _LONGEST_TAG:
            return None
        found = attribute_clause(outer, start, end, self._people, behind=True)
        if found is not None and found.mention.start - start < 3:
            return found
        mentions = find_mentions(outer, start, end, self._people)
        if said.endswith("，") and mentions and mentions[0].start - start < 2 and mentions[0].kind != "role":
            return Attribution(mentions[0], "“", start, start)  # “…，”他停了停，“…”
        return None

    def _find_before(self, outer: str, piece: Piece, before: int) -> Attribution | None:
        """The attribution that leads to a quotation in its sentence."""
        start = last_sentence(outer, before, piece.outer_start)
        clause = outer[start : piece.outer_start]
        if not clause.strip(" ,–—-.\u00a0“”"):
            return None
        if clause.rstrip(" \u00a0“„«")[-1:] in ENDS:
            return None
        found = attribute_clause(outer, start, piece.outer_start, self._people, behind=False)
        if found is not None:
            return found
        mentions = find_mentions(outer, start, piece.outer_start, self._people)
        subject = next((each for each in mentions if not each.oblique), None)
        if subject is None and mentions and mentions[-1].kind != "pronoun":
            subject = mentions[-1]  # Antwort des Ministers:
        if subject is None and _INTRODUCES.search(clause):
            somebody = find_somebody(outer, start, piece.outer_start, self._people)
            subject = somebody if somebody is not None else subject  # Un autre, plus prudent, rectifiait :
        if _INTRODUCES.search(clause) and subject is not None:
            return Attribution(subject, ":", piece.outer_start, piece.outer_start)
        return None

    def _guess(self, outer: str, piece: Piece, before: int, low: int, *, far: int = _FAR_SENTENCES) -> Person | None:
        """Who speaks a quotation beside which nobody is named: whom the sentences before it are about."""
        if piece.continued and self._coreference.last is not None:
            return self._coreference.last
        start = before
        end = piece.outer_start
        for _ in range(far):
            if end <= start:
                break
            begin = last_sentence(outer, max(start, end - _LONGEST_SENTENCE), end)
            said = attribute_clause(outer, begin, end, self._people, behind=False)
            if (
                said is not None
                and said.mention.kind != "phrase"
                and (speaker := self._coreference.resolve(said, low)) is not None
            ):
                return speaker
            mentions = find_mentions(outer, begin, end, self._people)
            for mention in sorted(mentions, key=lambda each: (each.oblique, each.kind == "pronoun")):
                attribution = Attribution(mention, "“", end, end)
                if mention.kind == "pronoun" and mention.oblique:
                    continue
                is_indirect = mention.kind == "pronoun" and self._is_indirect(outer, begin, end)
                speaker = self._coreference.last if is_indirect else None
                speaker = speaker or self._coreference.resolve(attribution, low)
                if speaker is not None:
                    return speaker
            end = begin - 1
        return self._coreference.last if far > 1 else None

    def _look_ahead(self, outer: str, piece: Piece, following: int, low: int) -> Person | None:
        """Who is named first behind a quotation with which a text opens: „Wir bleiben.“ Das verspricht Anna Kranz."""
        start = piece.outer_end
        if not self._rules.words["bodies"] or not outer[start:following].strip():
            return None
        end = first_sentence(outer, start, following)
        names = (each for each in find_mentions(outer, start, end, self._people) if each.kind == "name")
        name = next(names, None)
        return self._coreference.resolve(Attribution(name, "“", start, start), low) if name is not None else None

    def _is_indirect(self, outer: str, start: int, end: int) -> bool:
        """Whether a sentence has its verb in the subjunctive, so that a pronoun means who spoke: Das habe er erlebt."""
        return any(word in self._rules.words["subjunctive"] for word in _WORD.findall(outer[start:end]))

    def _see(self, outer: str, start: int, end: int, low: int) -> None:
        """Note who is named in a stretch: whom a later pronoun may mean."""
        if end <= start:
            return
        previous = -1
        for mention in find_mentions(outer, start, end, self._people):
            reach = mention.end if self._rules.words["bodies"] else mention.start
            is_first = previous < last_sentence(outer, max(start, mention.start - _LONGEST_SENTENCE), reach)
            previous = previous if mention.oblique and self._rules.words["bodies"] else mention.start
            at = low + mention.start
            person = None
            if mention.kind == "name":
                person = self._people.find(mention.words)
                if person is not None and naming(self._rules).search(outer, start, mention.start):
                    person = self._coreference.name(person, at)
            elif mention.kind == "role" and is_first and not mention.oblique and self._may_be_seen(outer, mention):
                person = self._coreference.find_by_role(mention, at) if not mention.indefinite else None
                name = strip_adverbs(mention.text, self._rules)
                person = person or self._people.add_unnamed(name, mention.gender, at)
            if person is not None:
                person.seen = at + (SUBJECT_BONUS if is_first else 0) - (SUBJECT_BONUS if mention.oblique else 0)

    def _may_be_seen(self, outer: str, mention: Mention) -> bool:
        """Whether a role is somebody of whom a pronoun may speak; in Chinese only one that is introduced."""
        is_bare = bool(self._rules.words["bodies"]) and " " not in mention.text
        if is_bare and outer[max(0, mention.start - 3) : mention.start] == "   ":
            return False  # einen „schweigsamen“ Mann
        return self._rules.file.spaced or mention.indefinite

    def _find_group(self, person: Person) -> str:
        return find_group(person.name, person.description, self._rules, self._sides)
