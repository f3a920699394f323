"""Regression of a frame on outlet, period and other columns, corrected for the classifier's errors with labels.

This is design-based supervised learning (Egami, Hinck, Stewart & Wei 2023): the label of a passage is replaced by an
outcome that has the same expectation, whatever the classifier does, and the usual equations are solved with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import LEVEL, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError, TooLittleDataError
from framing.estimates.clusters import find_unit, name_unit, read_weights
from framing.estimates.labelled_sample import LEAST_DOCUMENTS, LEAST_GOLD, LEAST_UNITS
from framing.estimates.outcomes import add_outcomes
from framing.estimates.regression_design import Design, make_design
from framing.estimates.regression_effects import list_effects
from framing.estimates.regression_fit import Clustered
from framing.estimates.regression_formula import make_default_formula
from framing.estimates.regression_terms import Counts, estimate_terms, tabulate_terms
from framing.tables import COEFFICIENTS, EFFECTS, require_columns
from framing.texts import phrase, retell
from framing.uncertainty.options import check_interval_options

__all__ = ["Model", "Regression", "regress_frame", "regress_frames"]

Model = Literal["linear", "logit"]
Array = NDArray[np.float64]

CORRECTED = "corrected with labelled passages (design-based supervised learning)"
EXPLORATORY = "exploratory: the classifier's decisions"
_MODELS = {"linear": "linear regression", "logit": "logit"}
_LEAST_CLUSTERS = 5  # independent units of a regression


@dataclass(frozen=True)
class Regression:
    """Regressions of one or several frames.

    Attributes
    ----------
    coefficients : DataFrame
        One row a frame and coefficient, columns `framing.tables.COEFFICIENTS`. Coefficients of the linear model are
        differences of shares (-1 to 1), those of the logit differences in log-odds.
    effects : DataFrame
        One row a frame, column and value, columns `framing.tables.EFFECTS`: average marginal effects, differences of
        shares in both models.
    missing : dict of str to int
        Passages that were left out for want of a value, by column of the formula.
    formula : str
        The formula.
    model : str
        `linear` or `logit`.
    family : str
        Which tests `p_adjusted` covers, as a sentence.
    """

    coefficients: pd.DataFrame
    effects: pd.DataFrame
    missing: dict[str, int]
    formula: str
    model: str
    family: str


def regress_frame(
    classified: pd.DataFrame,
    frame: str,
    formula: str = "",
    *,
    model: Model = "linear",
    interest: Sequence[str] = (),
    by: str = "outlet",
    period: str = "week",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
    corrected: bool = True,
) -> Regression:
    """Regress one frame on columns of its passages, corrected for the classifier's errors where there are labels.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    frame : str
        Id of the frame.
    formula : str, default ""
        As for `regress_frames`.
    model : {"linear", "logit"}, default "linear"
        As for `regress_frames`.
    interest : sequence of str, default ()
        As for `regress_frames`.
    by : str, default "outlet"
        As for `regress_frames`.
    period : {"day", "week", "month"}, default "week"
        As for `regress_frames`.
    level : float, default 0.95
        Confidence level of the intervals.
    n_bootstrap : int, default 2000
        Number of draws behind `p_adjusted`.
    random_seed : int, optional
        Start of the draws.
    corrected : bool, default True
        Whether to correct with labelled passages, where the table has them.

    Returns
    -------
    Regression
        Tables of the one frame.

    Raises
    ------
    InputError
        As `regress_frames` does.
    TooLittleDataError
        As `regress_frames` does, and where the logit has no solution.
    """
    result = regress_frames(
        classified,
        formula,
        frames=[frame],
        model=model,
        interest=interest,
        by=by,
        period=period,
        level=level,
        n_bootstrap=n_bootstrap,
        random_seed=random_seed,
        corrected=corrected,
    )
    if result.coefficients["estimate"].isna().all():
        raise TooLittleDataError(f"{frame}: {retell(result.coefficients['method'].iloc[0])}.")
    return result


def regress_frames(
    classified: pd.DataFrame,
    formula: str = "",
    *,
    frames: Sequence[str] = (),
    model: Model = "linear",
    interest: Sequence[str] = (),
    by: str = "outlet",
    period: str = "week",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
    corrected: bool = True,
) -> Regression:
    """Regress frames on columns of their passages, corrected for the classifier's errors where there are labels.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    formula : str, default ""
        Right-hand side: columns of the passages, such as `outlet + period + section`, interactions with `:` or `*`,
        numbers as categories with `C(column)`, another reference with `C(outlet, Treatment("Reuters"))`. `period` is
        the first day of a passage's period, `time` the number of periods since the first day. Empty: the column `by`,
        and `time` where passages have dates.
    frames : sequence of str, default ()
        Ids of the frames; empty: all.
    model : {"linear", "logit"}, default "linear"
        `linear`: coefficients are differences of shares. `logit`: they are differences in log-odds.
    interest : sequence of str, default ()
        Columns whose coefficients are of interest; the others are there to hold something constant, and have no
        `p_adjusted`. Empty: all but the intercept.
    by : str, default "outlet"
        Column of the groups, for an empty formula.
    period : {"day", "week", "month"}, default "week"
        Length of the periods of `period` and `time`.
    level : float, default 0.95
        Confidence level of the intervals, each of which holds by itself.
    n_bootstrap : int, default 2000
        Number of draws behind `p_adjusted`.
    random_seed : int, optional
        Start of the draws.
    corrected : bool, default True
        Whether to correct with labelled passages (columns `framing.tables.GOLD`), where the table has them. Without
        labels the outcome is the classifier's decision, and the result is labelled exploratory.

    Returns
    -------
    Regression
        Coefficients and average marginal effects. Rows of frames for which the logit has no solution are missing, and
        `method` says why; so are intervals that hang on too few labels.

    Raises
    ------
    InputError
        For a formula that cannot be read, names an unknown column (lists those there are) or makes a singular design
        matrix; an unknown frame or model; a level outside 0 to 1.
    TooLittleDataError
        Where fewer than five independent units, or too few labelled passages, have all values of the formula.

    Notes
    -----
    With the label y of a passage, its score f by a classifier that has not learned from it, and its weight w (one over
    the chance of being labelled, 0 where it is not labelled, of mean 1), the outcome is

        `m + w (y - m)`, `m = lambda f + mean error`,

    by `framing.estimates.outcomes.add_outcomes` with all passages as one group. As `E w = 1` whatever the passage, its
    expectation given the columns of the formula is that of y, for any lambda and any classifier, so the coefficients
    are those that labels of all passages would give (Egami, Hinck, Stewart & Wei 2023). Scaling weights by outlet or by
    stratum would drop those with a handful of labels. `framing.estimates.regression_fit` has the equations, the
    cluster-robust variance (CR2) and its degrees of freedom. The independent units are `cluster` where the table has
    it, else documents, and may reach over outlets. A column `weight` weighs passages.

    `p_adjusted` is single-step min-p over all coefficients of interest and all frames together (likewise all effects),
    with the correlations of their influences on clusters (`framing.uncertainty.joint`).

    Assumed: each labelled passage was drawn with the stated chance, which is above 0 for all passages; coders are
    right; units are independent of each other. The linear model does not need its line to be true: it gives the best
    linear approximation of the shares.
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap)
    if model not in get_args(Model):
        raise InputError(f"expected one of {', '.join(get_args(Model))}, got {model!r}.", argument="model")
    require_columns(classified, ("passage_id", "document_id", "frame", "decision"), what="classified passages")
    ids = _choose_frames(classified, frames)
    _check_rows(classified)
    first = classified[classified["frame"] == ids[0]]
    passages = first.sort_values([find_unit(first), "document_id"], kind="stable").reset_index(drop=True)
    formula = formula.strip() or make_default_formula(passages, by)
    design = make_design(passages, formula, period=period)
    unknown = [name for name in interest if name not in design.data.columns]
    if unknown:
        raise InputError(
            f"{', '.join(unknown)} is not in the formula, which has {', '.join(design.data.columns)}.",
            argument="interest",
        )
    left_out = int((~design.is_complete).sum())
    passages = passages[design.is_complete].reset_index(drop=True)
    data, outcomes = _read_outcomes(classified, passages, design, ids, corrected=corrected)
    effects = list(list_effects(design, data.omega))
    counts = Counts(passages, data)
    terms = [
        estimate_terms(frame, data, outcomes[:, place], design, effects, counts, model=model, level=level)
        for place, frame in enumerate(ids)
    ]
    method = _describe_method(data, model, passages)
    options: dict[str, Any] = {
        "interest": interest or list(design.data.columns),
        "method": method,
        "n_left_out": left_out,
        "n_bootstrap": n_bootstrap,
        "random_seed": random_seed,
    }
    coefficients = tabulate_terms([term for of_frame, _ in terms for term in of_frame], COEFFICIENTS, **options)
    of_effects = tabulate_terms([term for _, of_frame in terms for term in of_frame], EFFECTS, **options)
    family = (
        f"p_adjusted covers the coefficients (or the effects) of {', '.join(options['interest'])} on "
        f"{len(ids)} frame{'s' if len(ids) > 1 else ''} together."
    )
    return Regression(coefficients, of_effects, design.missing, formula, model, family)


def _choose_frames(classified: pd.DataFrame, frames: Sequence[str]) -> list[str]:
    """Frames of the regression, each once; refuses unknown ones."""
    known = [str(name) for name in pd.unique(classified["frame"])]
    if not known:
        raise TooLittleDataError(phrase("There are no classified passages to regress."))
    unknown = [name for name in frames if name not in known]
    if unknown:
        raise InputError(f"there is no frame {', '.join(unknown)}. There are: {', '.join(known)}.", argument="frames")
    return list(dict.fromkeys(frames)) or known


def _check_rows(classified: pd.DataFrame) -> None:
    """Refuse a table with two rows of a passage and frame."""
    again = classified.duplicated(["passage_id", "frame"])
    if again.any():
        first = classified[again].iloc[0]
        raise InputError(
            f"{int(again.sum()):,} rows say again what a passage has of a frame, the first of passage "
            f"{first['passage_id']!r} and frame {first['frame']}; give each passage and frame once."
        )


def _read_outcomes(
    classified: pd.DataFrame, passages: pd.DataFrame, design: Design, frames: list[str], *, corrected: bool
) -> tuple[Clustered, Array]:
    """Passages of the regression, sorted by cluster, and their outcomes, shape (n, K); NaN where abstained."""
    codes = pd.factorize(passages[find_unit(passages)])[0].astype(np.int64)
    n_clusters = len(np.unique(codes))
    if n_clusters < _LEAST_CLUSTERS:
        raise TooLittleDataError(
            phrase(
                "{n_clusters} {units} have all values of the formula; a regression needs {n_needed} independent "
                "units. Name columns that more passages have, add documents, or set cluster: document.",
                n_clusters=n_clusters,
                units=retell(f"{name_unit(passages)}s"),
                n_needed=_LEAST_CLUSTERS,
            )
        )
    places = pd.Index(passages["passage_id"])
    rows = classified[classified["frame"].isin(frames) & classified["passage_id"].isin(places)]
    with_outcome, is_corrected = add_outcomes(rows, by=None, corrected=corrected, centred=True)
    outcomes = np.full((len(passages), len(frames)), np.nan)
    at = places.get_indexer(pd.Index(with_outcome["passage_id"]))
    of_passages = with_outcome["outcome"] / with_outcome["n"]  # the weight of a passage is that of its equation
    outcomes[at, pd.Index(frames).get_indexer(pd.Index(with_outcome["frame"]))] = of_passages
    omega, w = read_weights(passages), np.zeros(len(passages))
    if is_corrected:
        w = np.nan_to_num(passages["gold_weight"].to_numpy(float))
        labelled = passages[w > 0]
        if len(with_outcome) == 0:
            raise TooLittleDataError(
                phrase(
                    "{n_labelled} labelled passages of {n_documents} documents and {n_units} independent units "
                    "have all values of the formula; at least {least_gold} of {least_documents} documents and "
                    "{least_units} units are needed. Name columns that more passages have, or regress the "
                    "classifier's decisions (corrected=False), which is exploratory.",
                    n_labelled=len(labelled),
                    n_documents=labelled["document_id"].nunique(),
                    n_units=labelled[find_unit(labelled)].nunique(),
                    least_gold=LEAST_GOLD,
                    least_documents=LEAST_DOCUMENTS,
                    least_units=LEAST_UNITS,
                )
            )
        w *= omega.sum() / (omega * w).sum()
    return Clustered(design.matrix, omega, w, codes, is_corrected), outcomes


def _describe_method(data: Clustered, model: str, passages: pd.DataFrame) -> str:
    """The method of all rows, in a phrase."""
    kind = CORRECTED if data.corrected else EXPLORATORY
    included = "included" if data.corrected else "not included"
    errors = f"errors by {name_unit(passages)} (CR2), Student's t (Satterthwaite)"
    return f"{kind}; {_MODELS[model]}; {errors}; classifier error {included}"
