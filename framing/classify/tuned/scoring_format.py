"""The number format in which a fine-tuned member scores, proved against float32."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from framing.encoders.agreement import PROBES, compare_scores

if TYPE_CHECKING:
    from framing.classify.tuned.backbone import Backbone, Member

__all__ = ["find_scoring_dtype"]


def find_scoring_dtype(backbone: Backbone, member: Member, *, multi_label: bool, name: str) -> str:
    """Find the number format in which a member scores: bfloat16 where the hardware has it and its scores agree.

    Parameters
    ----------
    backbone : Backbone
        Whose upper layers the member has.
    member : Member
        A trained one; it stores what was found.
    multi_label : bool
        Whether a text may carry several frames.
    name : str
        Of the encoder, for the warning.

    Returns
    -------
    str
        `bfloat16` or `float32`.
    """
    if not member.scoring_dtype:
        member.scoring_dtype = backbone.choose_dtype("auto")
        if member.scoring_dtype == "bfloat16":
            exact, fast = (_score_probes(backbone, member, dtype, multi_label) for dtype in ("float32", "bfloat16"))
            agreement = compare_scores(exact, fast)
            if not agreement.agrees:
                member.scoring_dtype = "float32"
                warnings.warn(
                    f"{name}: a fine-tuned member scores in float32, since bfloat16 does not agree: {agreement.words}.",
                    stacklevel=5,
                )
    return member.scoring_dtype


def _score_probes(backbone: Backbone, member: Member, dtype: str, multi_label: bool) -> NDArray[np.float64]:
    with backbone.multiply_in(dtype):
        logits = member.predict_logits(backbone.encode_lower(list(PROBES)), multi_label=multi_label)
    return np.asarray(1 / (1 + np.exp(-logits)) if multi_label else np.exp(logits))
