"""How well the classifier learns from labels, on sets that others labelled. Test parts choose no model.

python -m benchmarks.learning gvfc|gvfc-both|plover|narrative|semeval [--seeds N] [--strength S] [--encoder E]
    [--plain] [--threshold-for macro|micro|both] [--setfit PAIRS] [--contrastive-weight WEIGHT] [--dtype float32]
    [--search-tuning]
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import KFold, StratifiedKFold

from benchmarks.labelled import Labelled, gvfc, narrative, plover, semeval
from benchmarks.promises import report_promises
from framing.classify.classifier import FrameClassifier
from framing.classify.tuned.plan import TuningPlan
from framing.validation.ranking import calibration_error


def learn(data: Labelled, rows: np.ndarray, test: np.ndarray, *, options: argparse.Namespace, seed: int):
    """Learn from the texts `rows`: scores and decisions of the texts `test`, the classifier, and seconds of fitting."""
    start = time.perf_counter()
    tuning = TuningPlan(
        contrastive_weight=options.contrastive_weight, dtype=options.dtype, search=options.search_tuning
    )
    fitted = FrameClassifier(
        data.codebook,
        options.encoder,
        strength=options.strength,
        tuning=tuning,
        random_seed=seed,
        threshold_for=options.threshold_for,
    ).fit(
        [data.texts[row] for row in rows],
        data.gold[rows],
        groups=data.parts[rows] if data.parts[0] != "train" else None,
        say=print if options.search_tuning else None,
    )
    seconds = time.perf_counter() - start
    scores = fitted.predict_proba([data.texts[row] for row in test])
    return scores, fitted.decide_scores(scores) == "present", fitted, seconds


def measure(gold: np.ndarray, decided: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    return {
        "accuracy": float((gold & decided).any(axis=1).mean()),
        "micro-F1": float(f1_score(gold, decided, average="micro", zero_division=0)),
        "macro-F1": float(f1_score(gold, decided, average="macro", zero_division=0)),
        "calibration error": calibration_error(gold.ravel(), scores.ravel()),
    }


def print_summary(title: str, measures: list[dict[str, float]], note: str) -> None:
    values = {name: [each[name] for each in measures] for name in measures[0]}
    spread = f" (sd over {len(measures)} seeds)" if len(measures) > 1 else ""
    line = "  ".join(
        f"{name} {np.mean(each):.3f}" + (f" ± {np.std(each, ddof=1):.3f}" if len(each) > 1 else "")
        for name, each in values.items()
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{title}{spread}: {line}; {note}; peak {peak:.0f} MB", flush=True)


def official_split(data: Labelled, title: str, options: argparse.Namespace) -> None:
    rows, test = np.flatnonzero(data.parts == "train"), np.flatnonzero(data.parts == "test")
    measures, seconds = [], []
    for seed in range(options.seeds):
        scores, decided, fitted, spent = learn(data, rows, test, options=options, seed=seed)
        measures.append(measure(data.gold[test], decided, scores))
        seconds.append(spent)
        print(
            f"  seed {seed}: " + "  ".join(f"{k} {v:.3f}" for k, v in measures[-1].items()) + f"; {spent:.0f} s",
            flush=True,
        )
        out_of_fold = fitted.cross_fitted_
        decided = fitted.decide_scores(out_of_fold) == "present"
        print("  cross-fitted within train: " + "  ".join(
            f"{k} {v:.3f}" for k, v in measure(data.gold[rows], decided, out_of_fold).items()), flush=True)  # fmt: skip
    print_summary(f"{title}, {options.encoder}, {fitted.strength_}", measures, f"fitting {np.mean(seconds):.0f} s")
    report_promises(title, data.gold[rows], out_of_fold, fitted)


def plover_folds(data: Labelled, title: str, options: argparse.Namespace) -> None:
    place = {name: column for column, name in enumerate(data.codebook.frame_ids)}
    root = data.gold.argmax(axis=1)
    groups = {column: data.extra[root == column] for column in place.values()}
    group_of = np.array([max(set(groups[c]), key=list(groups[c]).count) for c in range(len(place))])
    names = np.unique(group_of)
    measures, seconds = [], []
    for seed in range(options.seeds):
        scores = np.zeros(data.gold.shape)
        for rows, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(root, root):
            scores[test], _, fitted, spent = learn(data, rows, test, options=options, seed=seed)
            seconds.append(spent)
            f1 = f1_score(root[test], scores[test].argmax(axis=1), average="macro")
            print(f"  seed {seed}, one fold: macro-F1 {f1:.3f}, fitting {spent:.0f} s", flush=True)
        decided = np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None]
        measures.append(measure(data.gold, decided, scores))
        sums = np.column_stack([scores[:, group_of == name].sum(axis=1) for name in names])
        f1 = f1_score(data.extra, names[sums.argmax(axis=1)], average="macro")
        measures[-1]["macro-F1 of the 4 groups"] = float(f1)
    print_summary(
        f"{title}, {options.encoder}, {fitted.strength_}", measures, f"fitting {np.mean(seconds):.0f} s a fold"
    )
    report_promises(title, data.gold, scores, fitted)


def semeval_folds(options: argparse.Namespace) -> None:
    """Whole English articles with policy frames: five random folds a seed."""
    data = semeval()
    for seed in range(options.seeds):
        folds = list(KFold(5, shuffle=True, random_state=seed).split(data.texts))
        article_folds("semeval", data, folds, options, seed=seed)


def article_folds(
    title: str,
    data: Labelled,
    folds: list[tuple[np.ndarray, np.ndarray]],
    options: argparse.Namespace,
    *,
    seed: int = 0,
) -> None:
    """Folds of whole articles, beside baselines whose thresholds are chosen for the same measure."""
    from benchmarks.baselines import decide_by_frozen_head, decide_by_tfidf, predict_by_setfit

    arms: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {"TF-IDF head": [], "frozen head": [], "ours": []}
    setfit_arm = f"SetFit ({options.setfit} pairs a text)"
    seconds = []
    for rows, test in folds:
        texts, gold = [data.texts[row] for row in rows], data.gold[rows]
        new = [data.texts[row] for row in test]
        how = {"measure": options.threshold_for}
        arms["TF-IDF head"].append((data.gold[test], decide_by_tfidf(texts, gold, new, **how)))
        by_vectors = decide_by_frozen_head(texts, gold, new, encoder=options.encoder, **how)
        arms["frozen head"].append((data.gold[test], by_vectors))
        _, decided, fitted, spent = learn(data, rows, test, options=options, seed=seed)
        seconds.append(spent)
        arms["ours"].append((data.gold[test], decided))
        if options.setfit:
            start = time.perf_counter()
            decided_by_setfit = predict_by_setfit(
                texts, gold, new, encoder=options.encoder, iterations=options.setfit, seed=0
            ).astype(bool)
            arms.setdefault(setfit_arm, []).append((data.gold[test], decided_by_setfit))
            f1 = f1_score(data.gold[test], decided_by_setfit, average="macro", zero_division=0)
            print(f"  {setfit_arm}, one fold: macro-F1 {f1:.3f}, {time.perf_counter() - start:.0f} s", flush=True)
    for name, pairs in arms.items():
        each = [f1_score(gold, decided, average="macro", zero_division=0) for gold, decided in pairs]
        all_gold, all_decided = (np.concatenate(part) for part in zip(*pairs, strict=True))
        pooled = f1_score(all_gold, all_decided, average="macro", zero_division=0)
        micro = f1_score(all_gold, all_decided, average="micro", zero_division=0)
        precision = (all_gold & all_decided).sum() / max(all_decided.sum(), 1)
        recall = (all_gold & all_decided).sum() / all_gold.sum()
        print(
            f"{title}, seed {seed}, {name}: macro-F1 {np.mean(each):.3f} ± {np.std(each, ddof=1):.3f} over folds, "
            f"pooled {pooled:.3f}, micro {micro:.3f}, precision {precision:.3f}, recall {recall:.3f}",
            flush=True,
        )
    print(f"{title}, {options.encoder}, {fitted.strength_}: fitting {np.mean(seconds):.0f} s a fold", flush=True)
    report_promises(title, data.gold[rows], fitted.cross_fitted_, fitted)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["gvfc", "gvfc-both", "plover", "narrative", "semeval"])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--strength", default="auto")
    parser.add_argument("--encoder", default="minilm+mpnet")
    parser.add_argument(
        "--contrastive-weight", type=float, default=TuningPlan.contrastive_weight, help="of the contrastive loss"
    )
    parser.add_argument("--threshold-for", default="both", help="F1 of the thresholds: macro, micro, both")
    parser.add_argument("--dtype", default="auto", help="of products while tuning: auto, float32 or bfloat16")
    parser.add_argument("--search-tuning", action="store_true", help="rate, layers and class weights by the first fold")
    parser.add_argument("--plain", action="store_true", help="plover without the marks of source and target")
    parser.add_argument(
        "--setfit", type=int, default=0, metavar="PAIRS", help="SetFit beside ours on narrative, one encoder"
    )
    options = parser.parse_args(arguments)
    if options.what.startswith("gvfc"):
        both = options.what == "gvfc-both"
        official_split(gvfc(both=both), "gvfc, both frames" if both else "gvfc, first frame", options)
    elif options.what == "plover":
        how = "sentence only" if options.plain else "source and target marked"
        plover_folds(plover(roles=not options.plain), f"plover, {how}", options)
    elif options.what == "semeval":
        semeval_folds(options)
    else:
        article_folds("narrative", *narrative(), options)


if __name__ == "__main__":
    main()
