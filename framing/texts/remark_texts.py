"""English texts that readers see translated: remarks on a corpus, and the methods of later tables."""

from __future__ import annotations

from framing.texts.phrases import phrase_later

__all__ = ["REMARK_TEXTS"]

REMARK_TEXTS = (
    phrase_later("the versions have no frame in common; one whose id was changed can be declared (--renamed)"),
    phrase_later("a contrast needs two groups ({by}) of {n} documents or more"),
    phrase_later("{n} of {n_all} documents has no {column} and is left out of comparisons."),
    phrase_later("{n} of {n_all} documents have no {column} and are left out of comparisons."),
    phrase_later(
        "documents in other languages than English, the only one that the encoder {encoder} reads: {counts}. "
        "Their scores mean nothing: take an encoder of these languages, or leave them out."
    ),
    phrase_later(
        "documents in other languages than the codebook's ({language}): {counts}. Their scores mean "
        "something only if {encoder} reads both languages; check them against labelled passages."
    ),
    phrase_later(
        "voices are found in {languages}; documents in other languages: {counts}. Their voices are not known."
    ),
    phrase_later(
        "each outlet has one language, and these differ ({counts}): a contrast between outlets of different languages "
        "may be one between languages, or between what the scores mean in them."
    ),
    phrase_later("English alone"),
    phrase_later("runs of characters"),
    phrase_later("words and pairs of words"),
    phrase_later("the language is not known"),
    phrase_later("one group only"),
    phrase_later(
        "documents in other languages than the {n} that the encoder {encoder} reads: {counts}. Their scores mean "
        "nothing: take an encoder of these languages, or leave them out."
    ),
    phrase_later(
        "the codebook is in a language that the encoder {encoder} does not read ({languages}): its seeds mean "
        "nothing to it."
    ),
    phrase_later(
        "documents in other languages than the codebook's ({language}): {counts}. Their scores rest on seeds in "
        "another language; check them against labelled passages in theirs."
    ),
    phrase_later(
        "documents in languages whose sentences are split by stops and capitals alone, without a list of "
        "abbreviations: {counts}"
    ),
    phrase_later("no other installed encoder is known to read the languages of the corpus ({languages})"),
    phrase_later(
        "{n} of {n_all} passages are longer than what the model reads at once; they were scored in parts, "
        "and nothing of them is left unread"
    ),
    phrase_later("dates in question ({reason}): {n} ({places})"),
    phrase_later("later than tomorrow"),
    phrase_later("before {n}"),
    phrase_later("a century and more from the other dates"),
    phrase_later("more than {n} years from all others"),
    phrase_later("1 January 1970, which many databases write for no date"),
    phrase_later("1 January 1900, which many databases write for no date"),
    phrase_later("1 January 1904, which spreadsheets write for no date"),
    phrase_later("no text"),
    phrase_later("no main text found in the page"),
    phrase_later("the date {date} cannot be read as one day"),
    phrase_later("the {column} {value} occurs a second time"),
    phrase_later("Labels: {reason}"),
    phrase_later("Share of passages with the frame ~ {formula}. {family}"),
    phrase_later("linear regression"),
    phrase_later("exploratory: the classifier's decisions"),
    phrase_later("errors by document (CR2), Student's t (Satterthwaite)"),
    phrase_later("errors by cluster (CR2), Student's t (Satterthwaite)"),
    phrase_later("all frames"),
    phrase_later("the corpus has no translations of passages (columns: translation in corpus.yaml)"),
    phrase_later("undefined: {reason}"),
    phrase_later("all decisions on both are the same one"),
    phrase_later("no passage was coded by two coders"),
    phrase_later("the coders used only one value"),
    phrase_later("the classifier never used the frame"),
    phrase_later("the classifier never used any frame"),
    phrase_later("no coder used the frame"),
    phrase_later("no coder used any frame"),
    phrase_later("neither coders nor classifier used the frame"),
    phrase_later("neither coders nor classifier used any frame"),
    phrase_later("no passage was decided on every frame"),
    phrase_later("the classifier abstained wherever a coder used the frame"),
    phrase_later("the classifier abstained wherever a coder used any frame"),
    phrase_later("nothing was decided"),
    phrase_later("{file}, line {n}: {date}"),
    phrase_later(
        "{model}: {n_asked} questions asked, {n_known} answered before; {n_in} tokens in, {n_out} out, "
        "{cost}; scores are {scores}: exploratory"
    ),
    phrase_later("cost not known without prices"),
    phrase_later("cost {n}"),
    phrase_later("cost {n} ({n_each} a thousand passages)"),
    phrase_later("answers (1 or 0), no chances"),
    phrase_later("P(yes) where the server tells log-probabilities, else answers (1 or 0)"),
    phrase_later("WARNING: the server answered with {n} versions of the model: {counts}"),
    phrase_later("{n} places in the texts were replaced before these were sent"),
    phrase_later("{n} of {n_all} passages have no score: {reasons}"),
    phrase_later("renamed"),
    phrase_later("changed"),
    phrase_later("kappa"),
    phrase_later("clear under both"),
    phrase_later("clear under neither"),
    phrase_later("newly clear"),
    phrase_later("no longer clear"),
    phrase_later("clear under both, with another sign"),
    phrase_later("no interval: no decision differs"),
    phrase_later("no interval: in one version alone"),
    phrase_later("no interval: no decision on the frame changes in either group"),
    phrase_later("one of {n} moves of a contrast"),
    phrase_later("both classifications of a document drawn together"),
    phrase_later("both classifications of a cluster drawn together"),
)
