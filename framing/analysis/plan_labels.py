"""How many labels a wanted precision or power needs: corpora and labels are simulated, and estimated as reports do."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from framing.analysis.label_goals import Goal, make_difference_goal, make_width_goal
from framing.analysis.label_search import FEWEST_DRAWS, Needed, pick_sizes, spread_sizes
from framing.analysis.simulated_draws import Population
from framing.coding.allocation import round_up
from framing.coding.units import Unit, list_units
from framing.defaults import LEVEL, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.clusters import CLUSTER
from framing.estimates.correction import LEAST_DOCUMENTS, LEAST_GOLD, Target
from framing.steps import Steps, count_steps
from framing.tables import LABELS_NEEDED, require_columns

__all__ = ["check_goal", "plan_labels"]

Floats = NDArray[np.float64]

UNITS: tuple[Unit, ...] = ("passage", "document")
_LEAST: dict[Unit, int] = {"passage": LEAST_GOLD, "document": LEAST_DOCUMENTS}
_MOST = 2000  # labelled units of a group, beyond which no number is looked for
_N_BOOTSTRAP = 20  # draws of an estimator; neither width nor p-value of a row by itself depends on them
_FIRST = 1 / 5  # part of the simulations that looks where the number may lie
_ASSUMED = "share assumed, no scores: no gain by a classifier"
_FROM_SCORES = "shares and gain from scores, taken as chances"


def plan_labels(
    passages: pd.DataFrame,
    *,
    frames: Sequence[str],
    scores: Floats | None = None,
    wanted_width: float | None = None,
    wanted_difference: float | None = None,
    units: Sequence[Unit] = UNITS,
    by: str = "outlet",
    level: float = LEVEL,
    power: float = 0.8,
    n_comparisons: int = 1,
    target: Target = "process",
    n_bands: int = 3,
    expected_share: float = 0.5,
    likeness: float = 0.1,
    n_simulations: int = 150,
    random_seed: int = RANDOM_SEED,
    progress: str = "",
) -> pd.DataFrame:
    """Labelled passages that a group needs for an interval of a wanted width, or to tell two groups apart.

    Parameters
    ----------
    passages : DataFrame
        The corpus, n rows, as for `draw_sample`; with the column `cluster` (`add_clusters`) those are the independent
        units, else documents.
    frames : sequence of str
        Ids of the frames, length K.
    scores : ndarray of shape (n, K), optional
        Scores in the order of `frames`, 0 to 1.
    wanted_width : float, optional
        Mean width, from `low` to `high`, of the interval of a frame's share in a group, 0 to 1.
    wanted_difference : float, optional
        Between the shares of two groups, 0 to 1, found with chance `power` if it is that large.
    units : sequence of str, default ("passage", "document")
        What is drawn, as of `draw_sample`: a plan for each.
    by : str, default "outlet"
        Column of the groups.
    level : float, default 0.95
        Confidence level of intervals, 0.5 to 1.
    power : float, default 0.8
        Chance with which `wanted_difference` is to be found, 0 to 1.
    n_comparisons : int, default 1
        Comparisons that are planned. Above 1 the error is divided by it (Bonferroni), which errs towards more labels.
    target : {"process", "corpus"}, default "process"
        What shares are about, as of `estimate_prevalence`.
    n_bands : int, default 3
        Bands of scores, as of `draw_sample`.
    expected_share : float, default 0.5
        Share of every frame, used without scores; 0.5 needs most.
    likeness : float, default 0.1
        Correlation of passages of a document beyond what their scores say, 0 to 1.
    n_simulations : int, default 150
        Corpora that are simulated for each goal and unit.
    random_seed : int, optional
        Start of the simulations.
    progress : str, default ""
        Title of a bar, on a terminal.

    Returns
    -------
    DataFrame
        Columns `LABELS_NEEDED`. For the goal `width` a row a unit, frame and group; for `difference` a row a unit and
        frame, with the two groups that need most, and numbers for each of the two. `n_labels` counts on the
        classifier's gain, `n_labels_gold_only` on labels alone; `n_documents` hold `n_labels`. `expected` is the width
        or power that `n_labels` give: where all passages are not enough, it is not what was wanted. `n_with_frame`: how
        many of `n_labels` are expected to carry the frame (in `group_a`).

    Raises
    ------
    InputError
        Where nothing is wanted, or a number is out of range, or shapes do not fit.

    Notes
    -----
    Nothing is assumed about the estimator: it is run. Scores are taken as chances. Each simulation draws documents (or
    clusters) of each group anew, true frames by the chances and `likeness`, and a sample as `draw_sample` does, in
    bands of scores; then `estimate_prevalence` gives widths, and `compare_groups` the p-value of the difference by
    itself, which must be below `(1 - level) / n_comparisons`. The size is found by regression on draws of many sizes,
    most of them near the solution. For a difference, the lower of the two groups keeps its share as long as the mean of
    both allows it, and the other's scores are moved on the scale of log-odds. Zero-shot scores are no chances: plan
    with `n_labels_gold_only` then. At least ten labels, at most all passages of a group, or 2,000.
    """
    check_goal(
        wanted_width=wanted_width,
        wanted_difference=wanted_difference,
        level=level,
        power=power,
        expected_share=expected_share,
        n_comparisons=n_comparisons,
    )
    if not 0 <= likeness < 1:
        raise InputError(f"expected a number from 0 to below 1, got {likeness}.", argument="likeness")
    require_columns(passages, (by,), what="passages to draw from")
    shape = (len(passages), len(frames))
    chances = np.full(shape, expected_share) if scores is None else np.asarray(scores, dtype=float)
    if chances.shape != shape:
        raise InputError(f"scores: expected the shape ({shape[0]}, {shape[1]}), got {chances.shape}.")
    for unit in units:
        list_units(passages, unit=unit, scores=chances)  # checks the table and the scores
    columns = dict.fromkeys(("passage_id", "document_id", "outlet", "published", by))
    kept = [*columns, *([CLUSTER] if CLUSTER in passages.columns else [])]
    population = Population(passages[kept], chances, list(frames), by, scores is not None, likeness, n_bands)
    estimate = {"by": by, "level": level, "n_bootstrap": _N_BOOTSTRAP, "target": target}
    goals = []
    if wanted_width is not None:
        goals.append(make_width_goal(population, estimate, wanted_width))
    if wanted_difference is not None and len(population.groups) > 1:
        critical = float(norm.isf((1 - level) / 2 / n_comparisons))
        goals.append(make_difference_goal(population, estimate, wanted_difference, critical=critical, power=power))
    method = f"{_ASSUMED if scores is None else _FROM_SCORES}; simulated, share of the {target}; {level:.0%} intervals"
    tests = f"; power {power:.0%}; {n_comparisons} comparison{'s' * (n_comparisons > 1)}"
    rows: list[dict[str, object]] = []
    with count_steps(progress, len(goals) * len(units) * n_simulations, what="simulations") as steps:
        for place, goal in enumerate(goals):
            for unit in units:
                generator = np.random.default_rng([random_seed, place, UNITS.index(unit)])
                of_goal = method + (tests if goal.name == "difference" else "")
                rows += _plan(goal, unit, n_simulations, generator, steps, method=of_goal)
    return pd.DataFrame(rows, columns=list(LABELS_NEEDED))


def _plan(
    goal: Goal, unit: Unit, n_simulations: int, generator: np.random.Generator, steps: Steps, *, method: str
) -> list[dict[str, object]]:
    """Rows of one goal and unit, from two rounds of simulations."""
    population = goal.population
    n_there = [_count_units(population, group, unit) for group in range(len(population.groups))]
    lowest, highest = _LEAST[unit], min(max(n_there), _MOST)
    sizes: list[int] = []
    outcomes: list[Floats] = []
    alone: list[Floats] = []

    def simulate(wanted: list[int]) -> None:
        for size in wanted:
            draw = population.draw(size, unit=unit, generator=generator)
            sizes.append(size)
            outcomes.append(goal.measure(draw.table))
            if population.has_scores and len(sizes) % 2:  # every other draw, which takes less time and is enough
                alone.append(goal.measure(draw.table.assign(proxy=0.0, gold_proxy=0.0)))
            else:
                alone.append(np.full(len(goal.rows), np.nan) if population.has_scores else outcomes[-1])
            steps.update(1)

    def find(values: list[Floats]) -> list[Needed]:
        table = np.array(values)
        found = []
        for row, group in enumerate(goal.groups):
            top = min(n_there[group], highest)
            found.append(goal.find(np.minimum(sizes, top).astype(float), table[:, row], min(lowest, top), top))
        return found

    n_first = max(round(_FIRST * n_simulations), 2 * FEWEST_DRAWS)
    simulate(spread_sizes(lowest, highest, n_first))
    simulate(pick_sizes(find(outcomes) + find(alone), lowest, highest, max(n_simulations - n_first, 0), generator))
    rows = []
    for row, group, needed, needed_alone in zip(goal.rows, goal.groups, find(outcomes), find(alone), strict=True):
        n_labels, n_documents = _count_labels(population, group, unit, needed.n, n_there[group])
        n_alone, _ = _count_labels(population, group, unit, needed_alone.n, n_there[group])
        names = [name for name in (row["group_a"], row["group_b"]) if name]
        rows.append(
            {
                **row,
                "goal": goal.name,
                "unit": unit,
                "n_labels": n_labels,
                "n_labels_gold_only": n_alone,
                "n_documents": n_documents,
                "expected": needed.expected,
                "n_with_frame": n_labels * float(str(row["share_a"])),
                "n_passages": int(sum(population.sizes[population.groups.index(str(name))] for name in names)),
                "method": method,
            }
        )
    return rows


def _count_units(population: Population, group: int, unit: Unit) -> int:
    return int(population.passages[f"{unit}_id"][population.group_of == group].nunique())


def _count_labels(population: Population, group: int, unit: Unit, n_units: float, n_there: int) -> tuple[int, int]:
    """Labelled passages, and documents that hold them; all where nothing else is known."""
    n = min(n_there, round_up(n_units)) if not math.isnan(n_units) else n_there
    per_document = population.passages["document_id"][population.group_of == group].value_counts().to_numpy()
    if unit == "document":
        return min(round_up(n * float(per_document.mean())), int(population.sizes[group])), n
    touched = 1 - (1 - n / per_document.sum()) ** per_document
    return n, min(n, round_up(float(touched.sum())))


def check_goal(
    *, wanted_width: float | None, wanted_difference: float | None, n_comparisons: int, **chances: float
) -> None:
    """Check what is wanted of labels, before anything is read or simulated.

    Parameters
    ----------
    wanted_width, wanted_difference : float or None
        As of `plan_labels`.
    n_comparisons : int
        As of `plan_labels`.
    **chances : float
        Other numbers between 0 and 1, by name.

    Raises
    ------
    InputError
        Where nothing is wanted, or a number is out of range.
    """
    if wanted_width is None and wanted_difference is None:
        raise InputError("Nothing is wanted: give wanted_width, wanted_difference or both, for instance 0.1.")
    for name, value in {"wanted_width": wanted_width, "wanted_difference": wanted_difference, **chances}.items():
        if value is not None and not 0 < value < 1:
            raise InputError(f"expected a number between 0 and 1, got {value}.", argument=name)
    if n_comparisons < 1:
        raise InputError(f"expected 1 or more, got {n_comparisons}.", argument="n_comparisons")
