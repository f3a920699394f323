"""`encoder: auto`: the best encoder that is installed, reads the language and is done in time, by counts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from framing.classify.supervision import LabelledTexts
from framing.classify.tuned.plan import TuningPlan
from framing.classify.work import Work
from framing.codebook import Codebook
from framing.defaults import AUTO_ENCODER
from framing.encoders.costs import Machine, find_machine
from framing.encoders.encoder import Encoder
from framing.encoders.known import known_languages
from framing.encoders.sentence import default_store, open_encoder
from framing.encoders.weights import installed_encoders
from framing.steps import Say, describe_duration

__all__ = ["MOST_FOREIGN", "MOST_MINUTES", "EncoderChoice", "choose_encoder", "forecast_reading", "open_for_fit"]

MOST_MINUTES = 15
"""Longest forecast with which `auto` takes the better of two encoders."""

_PLAIN = "minilm"  # is always there, and the fastest
_BEST = {False: "mpnet", True: "mpnet+minilm"}  # from seeds alone, and where labels are learned
_GAINS = {  # of mpnet over minilm, as docs/benchmarks.md has them
    False: "micro-F1 0.605 in place of 0.533 on real news prose",
    True: "accuracy 0.834 in place of 0.792 on headlines of gvfc",
}
_LANGUAGE = "en"  # the only one that these read
_INSTALL = "framing encoder install mpnet"
_MULTILINGUAL = "multilingual"
MOST_FOREIGN = 0.05
"""Share of texts in other languages than English up to which `auto` takes an encoder that reads English alone."""

_GAIN_BEYOND = "0.854 of posts in four languages lie nearest to their own translation, in place of 0.259"
_N_NAMED = 4  # languages that a line names
_LONG = 60  # seconds from which a forecast is said of an encoder that was named


@dataclass(frozen=True)
class EncoderChoice:
    """An encoder, and why it was taken.

    Attributes
    ----------
    name : str
        Its name, never `auto`.
    sentence : str
        A line without an end; empty where an encoder was named that is soon done, or of which no rate is known.
    """

    name: str
    sentence: str


def choose_encoder(
    name: str, work: Work, *, installed: Sequence[str] | None = None, machine: Machine | None = None
) -> EncoderChoice:
    """Choose the encoder that `auto` stands for; one that is named stays.

    Parameters
    ----------
    name : str
        As it was given.
    work : Work
        What there is to read and to learn.
    installed : sequence of str, optional
        Names of the encoders that are installed; by default those of this machine.
    machine : Machine, optional
        Where the work is done; by default this machine.

    Returns
    -------
    EncoderChoice
        The same for the same counts, installation and machine, whatever its load.

    Notes
    -----
    mpnet finds more than minilm and takes four times as long. `auto` takes mpnet for seeds alone, and both side by side
    (`mpnet+minilm`, of which mpnet is tuned) where labels are learned, if mpnet is installed, the texts are in English,
    and the forecast is at most 15 minutes; else minilm. Where more than 5 % of the texts whose language is told are not
    in English, `auto` takes multilingual, however long that takes: what minilm and mpnet make of such texts means
    nothing. The tolerance is for errors of detection. Where multilingual is not installed it is minilm, and the line
    says what that leaves unread. Forecasts come from a table of rates (`framing.encoders.costs`), in which only counts
    enter.

    Examples
    --------
    >>> machine = Machine(n_cores=2, bfloat16=True)
    >>> choose_encoder("auto", Work(n_texts=3900, n_words=234_000), installed=["minilm", "mpnet"], machine=machine)
    EncoderChoice(name='mpnet', sentence='encoder mpnet: the best installed for English; about 234,000 words take \
less than a minute on 2 cores')
    """
    place = machine or find_machine()
    size = _describe(work, name, place)
    if name != AUTO_ENCODER:
        is_long = (work.forecast(name, place) or 0.0) >= _LONG
        return EncoderChoice(name, f"encoder {name}: {size}" if is_long else "")
    there = set(installed_encoders() if installed is None else installed)
    if sum(work.shares_beside(_LANGUAGE).values()) > MOST_FOREIGN:
        return _choose_multilingual(work, place, is_there=_MULTILINGUAL in there)
    best = _BEST[work.learns]
    seconds = work.forecast(best, place) or 0.0
    is_there = set(best.split("+")) <= there
    if is_there and seconds <= 60 * MOST_MINUTES:
        reason = _join("the best installed for English", _describe(work, best, place))
        return EncoderChoice(best, f"encoder {best}: {reason}")
    duration = f" and take {describe_duration(seconds)}" if seconds else ""
    remedy = _INSTALL
    if seconds > 60 * MOST_MINUTES:
        duration = f", but takes {describe_duration(seconds)}, and auto allows {MOST_MINUTES} minutes"
        remedy = f"name it to have it{'' if is_there else f', after {_INSTALL}'}"
    better = f"{best} would find more ({_GAINS[work.learns]}){duration}: {remedy}"
    return EncoderChoice(_PLAIN, f"encoder {_PLAIN}: {_join(_describe(work, _PLAIN, place), better)}")


def _choose_multilingual(work: Work, place: Machine, *, is_there: bool) -> EncoderChoice:
    """The choice for texts that are not all in English."""
    shares = work.shares_beside(_LANGUAGE)
    listed = ", ".join(f"{name} {share:.0%}" for name, share in list(shares.items())[:_N_NAMED])
    more = f" and {len(shares) - _N_NAMED} more" if len(shares) > _N_NAMED else ""
    foreign = f"{sum(shares.values()):.0%} of the texts are not in English ({listed}{more})"
    unread = sorted(set(shares) - (known_languages(_MULTILINGUAL) or frozenset()))
    lacks = f"; it was not trained on {', '.join(unread)}" if unread else ""
    if is_there:
        reason = f"{foreign}, which minilm and mpnet do not read{lacks}"
        return EncoderChoice(
            _MULTILINGUAL, f"encoder {_MULTILINGUAL}: {_join(reason, _describe(work, _MULTILINGUAL, place))}"
        )
    seconds = work.forecast(_MULTILINGUAL, place) or 0.0
    duration = f" and takes {describe_duration(seconds)}" if seconds else ""
    reads = f"{_MULTILINGUAL} reads them ({_GAIN_BEYOND}){duration}{lacks}: framing encoder install {_MULTILINGUAL}"
    return EncoderChoice(
        _PLAIN, f"encoder {_PLAIN}: {foreign}, which it does not read, so that their scores mean nothing; {reads}"
    )


def forecast_reading(encoder: str, n_texts: int, n_words: int) -> str:
    """Say how long texts are encoded, where that is more than a moment.

    Parameters
    ----------
    encoder : str
        Name of the encoder.
    n_texts, n_words : int
        Texts that it reads, and their words.

    Returns
    -------
    str
        A line without an end; empty for less than a minute, and where no rate of the encoder is known.
    """
    sentence = choose_encoder(encoder, Work(n_texts=n_texts, n_words=n_words)).sentence
    return f"{sentence}, less where a run has encoded them before" if sentence else ""


def open_for_fit(
    encoder: Encoder | str,
    codebook: Codebook,
    labelled: LabelledTexts | None,
    strength: str,
    plan: TuningPlan | None,
    *,
    say: Say | None,
) -> Encoder:
    """Open the encoder that a classifier is fitted with.

    Parameters
    ----------
    encoder : Encoder or str
        An encoder stays; of a name `auto` chooses by what is learned, since what will be scored is not known.
    codebook : Codebook
        Its language is that of the texts.
    labelled : LabelledTexts or None
        What is learned.
    strength : str
        How it is learned, as asked for.
    plan : TuningPlan or None
        How members are trained.
    say : callable or None
        Is called with the choice and its reason.

    Returns
    -------
    Encoder
        With the store that all commands share.

    Raises
    ------
    InputError
        For a name that there is not.
    """
    if not isinstance(encoder, str):
        return encoder
    work = Work.of_codebook(codebook)
    if labelled is not None:
        work = work.with_labels(labelled.texts, n_groups=labelled.n_groups, strength=strength, plan=plan)
    choice = choose_encoder(encoder, work)
    if say is not None and choice.sentence:
        say(choice.sentence)
    return open_encoder(choice.name, store=default_store())


def _describe(work: Work, encoder: str, machine: Machine) -> str:
    """The size of the work, and how long it takes; empty where either is not known."""
    labelled = f"learning from {work.n_labelled:,} labelled texts" if work.learns else ""
    reading = f"about {_round(work.n_words):,} words" if work.n_words else ""
    seconds = work.forecast(encoder, machine)
    if not (labelled or reading) or seconds is None:
        return ""
    parts = " and ".join(filter(None, (labelled, reading)))
    return f"{parts} take{'s' if not reading else ''} {describe_duration(seconds)} on {machine.words}"


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _round(number: int) -> int:
    """A count to three digits."""
    return int(float(f"{number:.3g}"))
