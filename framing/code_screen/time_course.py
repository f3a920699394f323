"""Whether a coder comes to code otherwise with time: agreement with the others in parts of the coder's own order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from framing.coding.coded import Coded
from framing.coding.decision_file import DecisionFile
from framing.defaults import N_BOOTSTRAP, RANDOM_SEED
from framing.tables import ESTIMATE
from framing.validation.coders import measure_reliability

__all__ = ["measure_drift"]

_N_PARTS, _MIN_PASSAGES = 4, 10  # parts at most, and passages of a part at least


def measure_drift(
    coded: Coded, files: Sequence[Path], *, n_bootstrap: int = N_BOOTSTRAP, random_seed: int = RANDOM_SEED
) -> tuple[pd.DataFrame, str]:
    """Agreement of each coder with the others, by parts of the order in which the coder decided.

    Parameters
    ----------
    coded : Coded
        Codings of C coders.
    files : sequence of Path
        Files of the coders' decisions, which have the order.
    n_bootstrap : int
        Number of draws.
    random_seed : int
        Start of the draws.

    Returns
    -------
    drift : DataFrame
        `coder, part` and the estimate columns, a row for each part: alpha between the coder and each of the others
        (mean over frames, or with the frames as categories where each passage has exactly one).
    remark : str
        Why coders have no rows; empty where all have.

    Notes
    -----
    Passages that the coder and at least one other coded are taken in the order of the coder's first decision on each,
    and cut into up to four parts of ten passages or more. Pairs of a coder and each other one count alike. Intervals
    resample documents. Parts differ by their passages, too: intervals that overlap are no sign of drift.
    """
    given = ~np.isnan(coded.codings[:, :, 0])
    documents = coded.design.passages["document_id"].to_numpy(object)
    rows_of = {passage_id: row for row, passage_id in enumerate(coded.design.passages["passage_id"])}
    tables, short = [], []
    for path in files:
        with DecisionFile(path) as file:
            coder, history = file.about.coder, file.history()
        number = coded.coders.index(coder)
        order = dict.fromkeys(decision.passage_id for decision in history if decision.state == "coded")
        rows = [rows_of[key] for key in order if key in rows_of]
        rows = [row for row in rows if given[number, row] and given[:, row].sum() > 1]
        n_parts = min(_N_PARTS, len(rows) // _MIN_PASSAGES)
        if n_parts < 2:
            short.append(coder)
            continue
        for place, part in enumerate(np.array_split(np.array(rows), n_parts), start=1):
            others = [k for k in range(len(coded.coders)) if k != number]
            pairs = np.concatenate([coded.codings[[number, other]][:, part] for other in others], axis=1)
            table = measure_reliability(
                pairs,
                frames=coded.codebook.frame_ids,
                documents=np.tile(documents[part], len(others)).tolist(),
                n_bootstrap=n_bootstrap,
                random_seed=random_seed,
            )
            chosen = table[table["frame"].isin(["(mean)", "(all)"]) & (table["measure"] == "alpha")]
            named = f"{coder}, part {place} of {n_parts}"
            tables.append(chosen.assign(coder=coder, part=named, n_passages=len(part)))
    columns = ["coder", "part", *ESTIMATE]
    drift = pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
    remark = ""
    if short:
        need = 2 * _MIN_PASSAGES
        remark = f"No course over time of {', '.join(short)}: it needs {need} passages that another coder coded, too."
    return drift, remark
