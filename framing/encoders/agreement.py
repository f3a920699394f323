"""Proof that a way of computing agrees with float32: once for each model, backend, number format and processor."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from framing.encoders.machine import describe_processor
from framing.files.whole import write_whole
from framing.project import cache_folder

__all__ = ["LEAST_COSINE", "PROBES", "Agreement", "compare_vectors", "prove", "unit_length"]

LEAST_COSINE = 0.9995
"""Least cosine of a text's two vectors.

Two vectors c = 0.9995 apart are 1.8 degrees apart. The similarity of two texts then changes by a standard deviation of
2 sqrt((1 - c) / d), 0.0023 in d = 384 dimensions, where errors have no direction. bfloat16 has 8 bits of precision and
reaches 0.9999 on the encoders in use, so that a wrong mask, a cut text or another pooling shows.
"""

_LEAST_NORM = 1e-12
_VERSION = 1  # of the probes and of what is compared

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
    cosine : float
        The least of a probe's two vectors; 0 where nothing was computed.
    neighbours : int
        Probes whose nearest other probe is another than in float32, and farther away there.
    reason : str
        Why nothing was computed; empty where it was.
    """

    agrees: bool
    cosine: float
    neighbours: int
    reason: str = ""

    def describe(self) -> str:
        """Describe the disagreement.

        Returns
        -------
        str
            In words, with numbers.
        """
        if self.reason:
            return self.reason
        return (
            f"on {len(PROBES)} probe texts the least cosine with float32 is {self.cosine:.5f} (at least {LEAST_COSINE} "
            f"expected), and {self.neighbours} have another nearest neighbour (0 expected)"
        )


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
        return Agreement(False, 0.0, len(exact), f"its vectors have {other.shape[1]} columns, not {exact.shape[1]}")
    if not np.isfinite(other).all():
        return Agreement(False, 0.0, len(exact), "it makes vectors that are not numbers")
    empty = ~exact.any(axis=1) & ~other.any(axis=1)
    cosine = float(np.where(empty, 1.0, (exact * other).sum(axis=1)).min())
    similarity, similarity_of_other = exact @ exact.T, other @ other.T
    np.fill_diagonal(similarity, -np.inf)
    np.fill_diagonal(similarity_of_other, -np.inf)
    rows = np.arange(len(exact))
    lost = similarity.max(axis=1) - similarity[rows, similarity_of_other.argmax(axis=1)]
    neighbours = int((lost > 6 * np.sqrt((1 - LEAST_COSINE) / exact.shape[1])).sum())
    return Agreement(cosine >= LEAST_COSINE and not neighbours, cosine, neighbours)


def prove(model: str, way: Sequence[str], compare: Callable[[], Agreement]) -> Agreement:
    """Prove that a way of computing agrees with float32, or read the proof.

    Parameters
    ----------
    model : str
        Fingerprint of the model.
    way : sequence of str
        What the numbers depend on beside the model and the processor: backend, number format, version of the library.
    compare : callable
        Makes the comparison; called where no proof is kept.

    Returns
    -------
    Agreement
        Kept in the cache folder under the model's fingerprint, the way and the processor.
    """
    content = json.dumps([model, list(way), describe_processor(), _VERSION])
    path = cache_folder() / "models" / "agreement" / f"{hashlib.sha256(content.encode()).hexdigest()[:32]}.json"
    kept = _read(path)
    if kept is not None:
        return kept
    made = compare()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps({**asdict(made), "way": content}).encode("ascii"))
    except OSError:
        return made  # an unwritable cache costs a second proof, nothing else
    return made


def _read(path: Path) -> Agreement | None:
    """The proof in a file; None where there is none that can be read."""
    try:
        record = json.loads(path.read_bytes())
        agrees, cosine, neighbours = record["agrees"], record["cosine"], record["neighbours"]
        if not isinstance(agrees, bool):
            return None
        return Agreement(agrees, float(cosine), int(neighbours), str(record["reason"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
