"""Proof that a way of computing agrees with float32: once for each model, backend, number format and processor."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from framing.errors import FramingError
from framing.files.machine import describe_processor
from framing.files.whole import write_whole
from framing.project import cache_folder

__all__ = [
    "LARGEST_DIFFERENCE",
    "LEAST_COSINE",
    "PROBES",
    "Agreement",
    "compare_scores",
    "compare_vectors",
    "find_proof",
    "first_that_agrees",
    "prove",
    "unit_length",
]

Opened = TypeVar("Opened")
Exact = TypeVar("Exact")

LEAST_COSINE = 0.9995
"""Least cosine of a text's two vectors.

Two vectors c = 0.9995 apart are 1.8 degrees apart. The similarity of two texts then changes by a standard deviation of
2 sqrt((1 - c) / d), 0.0023 in d = 384 dimensions, where errors have no direction. bfloat16 has 8 bits of precision and
reaches 0.9999 on the encoders in use, so that a wrong mask, a cut text or another pooling shows.
"""

LARGEST_DIFFERENCE = 0.02
"""Largest difference of a score between 0 and 1.

A score is steepest at 0.5, where 0.02 is a difference of 0.08 of its log-odds: what bfloat16 leaves of a logit of the
size 10. Only decisions whose score is as close to the threshold can change.
"""

_LEAST_NORM = 1e-12
_VERSION = 2  # of the probes, of what is compared and of what is kept
_FAILED: dict[tuple[str, ...], str] = {}  # ways that could not be compared, with the reason; of this process alone

_SHORT = (
    "Missiles struck the port before dawn.",
    "The ministry said that talks would resume next week in a neutral capital, and that both sides had agreed.",
    "Oil prices rose two per cent.",
    "“We will not be intimidated,” said a resident of the border town, where windows were boarded up again.",
    "The museum reopened with an exhibition on medieval maps.",
    "Lawmakers from three parties asked how long the stocks of interceptors would last at the present rate of use.",
    "Beijing called for restraint.",
    "No ceasefire was agreed, but prisoners will be exchanged within days, according to an official.",
    "Yes.",
    "Farmers on both banks of the river say that the dam, which was finished in 1974, keeps 40 % of the water that "
    "they were promised; engineers answer that rainfall has halved since then.",
    "The central bank held its rate at 4.25 per cent for the third time, against the advice of two of its members.",
    "In the final she ran the last lap in 58 seconds, faster than anyone before her, and fell over the line.",
    "Президент заявил, что переговоры продолжатся в столице на следующей неделе.",
    "Украина сообщила об атаке беспилотников на энергетические объекты; пострадавших нет.",
    "外交部发言人表示，各方应保持克制，通过对话解决争端。",
    "政府は新しい防衛予算を来週の国会に提出すると発表した。",
    "قال المتحدث إن المحادثات ستستأنف الأسبوع المقبل.",
    "Der Bundestag stimmte am Donnerstag über die Lieferung weiterer Geschütze ab – mit knapper Mehrheit.",
    "Le gouvernement a démissionné après l’échec du vote de confiance, déjà reporté deux fois.",
    "U.S. Treasury sanctions: 14 firms, 3 banks & 2 vessels (IMO 9187629) — see https://example.org/list?id=7.",
)
PROBES = (
    *_SHORT,
    " ".join(_SHORT[:4]),
    " ".join(_SHORT[4:12]),
    " ".join(_SHORT[:12]),
    " ".join(_SHORT[1:12:2]),
)
"""24 texts from one word to some 180 words, in seven languages and five scripts."""


@dataclass(frozen=True)
class Agreement:
    """How well a way of computing agrees with float32.

    Attributes
    ----------
    agrees : bool
        Whether it may be used.
    measure : float
        What was measured: for vectors the least cosine, for scores the largest difference.
    words : str
        The comparison in words, with numbers.
    """

    agrees: bool
    measure: float
    words: str


def unit_length(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale vectors to unit length.

    Parameters
    ----------
    vectors : ndarray, shape (n, d)
        Of any length.

    Returns
    -------
    ndarray, shape (n, d)
        A vector of zeros stays as it is.
    """
    norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(_LEAST_NORM))
    return np.asarray(vectors / norms, dtype=np.float32)


def compare_vectors(exact: NDArray[np.float32], other: NDArray[np.float32]) -> Agreement:
    """Compare the vectors of texts with those in float32.

    Parameters
    ----------
    exact : ndarray, shape (n, d)
        In float32, of unit length.
    other : ndarray, shape (n, d)
        Of unit length.

    Returns
    -------
    Agreement
        It agrees where no cosine of a text's vectors is below `LEAST_COSINE`, and each text's nearest other text is the
        same, or as near in float32 up to three standard deviations of the change that this cosine allows. Texts without
        a vector (zeros in both) count as equal.
    """
    if exact.shape != other.shape:
        return Agreement(False, 0.0, f"its vectors have {other.shape[1]} columns, not {exact.shape[1]}")
    if not np.isfinite(other).all():
        return Agreement(False, 0.0, "it makes vectors that are not numbers")
    empty = ~exact.any(axis=1) & ~other.any(axis=1)
    cosine = float(np.where(empty, 1.0, (exact * other).sum(axis=1)).min())
    similarity, similarity_of_other = exact @ exact.T, other @ other.T
    np.fill_diagonal(similarity, -np.inf)
    np.fill_diagonal(similarity_of_other, -np.inf)
    lost = similarity.max(axis=1) - similarity[np.arange(len(exact)), similarity_of_other.argmax(axis=1)]
    n_lost = int((lost > 6 * np.sqrt((1 - LEAST_COSINE) / exact.shape[1])).sum())
    words = (
        f"on {len(exact)} probe texts the least cosine with float32 is {cosine:.5f} (at least {LEAST_COSINE} expected) "
        f"and {n_lost} have another nearest neighbour (0 expected)"
    )
    return Agreement(cosine >= LEAST_COSINE and not n_lost, cosine, words)


def compare_scores(exact: NDArray[np.float64], other: NDArray[np.float64]) -> Agreement:
    """Compare scores of texts with those in float32.

    Parameters
    ----------
    exact : ndarray
        In float32, from 0 to 1.
    other : ndarray
        Of the same shape.

    Returns
    -------
    Agreement
        It agrees where no two scores are more than `LARGEST_DIFFERENCE` apart.
    """
    if not np.isfinite(other).all():
        return Agreement(False, 1.0, "it makes scores that are not numbers")
    difference = float(np.abs(exact - other).max(initial=0.0))
    words = (
        f"on {len(exact)} probe texts the largest difference of a score is {difference:.4f} (at most "
        f"{LARGEST_DIFFERENCE} expected)"
    )
    return Agreement(difference <= LARGEST_DIFFERENCE, difference, words)


class _NotComparedError(Exception):
    """A way of computing could not be opened or compared."""


def prove(model: str, way: Sequence[str], compare: Callable[[], Agreement]) -> Agreement:
    """Prove that a way of computing agrees with float32, or read the proof.

    Parameters
    ----------
    model : str
        Fingerprint of the model.
    way : sequence of str
        What the numbers depend on beside the model and the processor: backend, number format, version of the library.
    compare : callable
        Makes the comparison; called where no proof is kept. Its errors are raised on and not kept, for they may pass.

    Returns
    -------
    Agreement
        Kept in the cache folder under the model's fingerprint, the way and the processor.
    """
    path, content = _find_path(model, way)
    if (kept := _read(path)) is not None:
        return kept
    made = compare()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps({**asdict(made), "way": content}).encode("ascii"))
    except OSError:
        return made  # an unwritable cache costs a second proof, nothing else
    return made


def find_proof(model: str, backend: str, dtype: str) -> Agreement | None:
    """Read the proof of a way of computing a model.

    Parameters
    ----------
    model : str
        Its fingerprint.
    backend : str
        What computes it.
    dtype : str
        In which number format.

    Returns
    -------
    Agreement or None
        None where none is kept.
    """
    return _read(_find_path(model, (backend, dtype, _find_version(backend)))[0])


def _find_path(model: str, way: Sequence[str]) -> tuple[Path, str]:
    """The file of a proof, and what its name stands for."""
    content = json.dumps([model, list(way), describe_processor(), _VERSION])
    name = hashlib.sha256(content.encode()).hexdigest()[:32]
    return cache_folder() / "onnx" / "agreement" / f"{name}.json", content


def _read(path: Path) -> Agreement | None:
    """The proof in a file; None where there is none that can be read."""
    try:
        record = json.loads(path.read_bytes())
        agrees, measure, words = record["agrees"], record["measure"], record["words"]
        return Agreement(agrees, float(measure), str(words)) if isinstance(agrees, bool) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def first_that_agrees(
    name: str,
    model: str,
    ways: Iterable[tuple[str, str]],
    open_way: Callable[[str, str], Opened],
    reference: Callable[[], Exact],
    compare: Callable[[Exact, Opened], Agreement],
) -> tuple[tuple[str, str] | None, list[Opened]]:
    """Find the first way of computing a model that agrees with float32.

    Parameters
    ----------
    name : str
        Of the model, in a warning.
    model : str
        Its fingerprint, and what else of it the numbers depend on.
    ways : iterable of tuple of str and str
        Backend and number format of each; the preferred one first.
    open_way : callable
        Opens the model in one way.
    reference : callable
        Computes what the ways are compared with; its errors are raised: the model cannot be used at all.
    compare : callable
        Compares that with what was opened.

    Returns
    -------
    way : tuple of str and str, or None
        None where none agrees. A way that does not is a warning with numbers, each time. One that cannot be opened or
        compared, for instance since memory is short, is a warning too and left out until this process ends: nothing was
        measured, so nothing is kept, and the next run tries it again.
    opened : list
        What `open_way` returned; empty where the proof was kept.
    """
    for backend, dtype in ways:
        opened: list[Opened] = []

        def make(backend: str = backend, dtype: str = dtype, opened: list[Opened] = opened) -> Agreement:
            exact = reference()
            try:
                opened.append(open_way(backend, dtype))
                return compare(exact, opened[0])
            except (FramingError, RuntimeError, ValueError, TypeError, ImportError, MemoryError) as error:
                raise _NotComparedError(f"it failed with {type(error).__name__}: {error}") from None

        key = (str(cache_folder()), model, backend, dtype)
        try:
            if key in _FAILED:
                raise _NotComparedError(_FAILED[key])
            agreement = prove(model, (backend, dtype, _find_version(backend)), make)
        except _NotComparedError as error:
            _FAILED[key] = str(error)
            warnings.warn(
                f"{name}: {backend} in {dtype} could not be compared with float32 and is not used by this run: "
                f"{error}. The next run tries it again.",
                stacklevel=5,
            )
            continue
        except OSError as error:  # of the cache folder, perhaps for a while; nothing is kept
            agreement = Agreement(False, 0.0, f"its files cannot be kept: {error}")
        if agreement.agrees:
            return (backend, dtype), opened
        warnings.warn(
            f"{name}: {backend} in {dtype} does not agree with float32 and is not used: {agreement.words}.",
            stacklevel=5,
        )
    return None, []


def _find_version(backend: str) -> str:
    """Version of the library that computes."""
    try:
        return version({"static": "numpy"}.get(backend, backend))
    except PackageNotFoundError:
        return "unknown"
