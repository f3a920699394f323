"""What a row of each table is and what each of its columns means: the source of the reference page on tables."""

from __future__ import annotations

__all__ = ["COLUMNS", "TABLES", "meaning_of"]

# what a row is, by the name of the tuple of columns in framing.tables
TABLES: dict[str, str] = {
    "DOCUMENTS": "One row a document: `Corpus.documents`.",
    "QUARANTINE": "One row a refused row of a file: `Corpus.quarantine`.",
    "PASSAGES": "One row a passage: `split_passages`.",
    "CLASSIFIED": "One row a passage and frame: `classify_passages`, `Analysis.classified`, `framing classify`.",
    "GOLD": "Columns that a classified table has besides where passages were labelled by hand.",
    "ESTIMATE": "Columns that every estimate has after its keys.",
    "SHARES": "One row a group and frame: `estimate_prevalence`. Corrected shares have beside them the share of "
    "what the classifier marks, with its interval: `raw, raw_low, raw_high`.",
    "CONTRASTS": "One row a frame and pair of groups: `compare_groups`.",
    "CHANGES": "One row a break in a series of shares: `find_changes`.",
    "SLOPES": "One row a frame and pair of groups: `compare_trends`.",
    "COMPONENTS": "Two rows a frame and pair of groups, agenda and framing: `decompose_differences`.",
    "FRAGILITY": "One row a clear difference: `measure_fragility`.",
    "WORDS": "One row a frame, group and word: `find_distinctive_words`.",
    "PAIRS": "One row a group and pair of frames: `measure_cooccurrence`.",
    "RANKS": "One row a frame and group: `rank_groups`.",
    "GUARANTEES": "One row a frame and promised measure: `FrameClassifier.guarantees_`.",
    "STRATA": "One row a stratum of a sample: `draw_sample`.",
    "LABELS_NEEDED": "One row a goal, frame and group or pair of groups: `plan_labels`.",
    "DRAWN": "One row a drawn passage: `drawn.csv` of `framing sample`.",
    "ARRIVALS": "One row a group and frame: new documents beside earlier ones, on the page of a report.",
    "DRIFT": "One row a frame: scores of new documents beside those of earlier ones, on the page of a report.",
    "STORIES": "One row a document: `find_stories`, `framing stories`.",
    "COVERAGE": "One row a group and story: `count_coverage`.",
    "DUPLICATES": "One row a member of a group of near-equal texts, after its id: `find_duplicates`.",
    "REPRINTS": "One row a member of a group of near-equal texts, in order of date: `find_reprint_chains`.",
    "ALIGNED": "One row a passage and counterpart: `align_passages`.",
    "OMISSIONS": "One row a passage and outlet that has nothing like it: `find_omissions`.",
    "CONTRAST_PAIRS": "One row a pair of aligned passages whose strongest frames differ: `find_contrast_pairs`.",
    "VOICES": "One row a passage: `mark_voices`.",
    "SEGMENTS": "One row an attributed stretch of text: `find_voice_segments`.",
    "SPEAKERS": "One row a frame and group of speakers: `estimate_speakers`.",
}

# what each column means, with its unit; `TABLE.column` is for one table where the column means something else there.
COLUMNS: dict[str, str] = {
    "asked": "Precision or recall that was asked for, 0 to 1.",
    "band": "Number of the band of scores within outlet and span of weeks, 1 the lowest.",
    "before": "Share between the break before this one and this one, 0 to 1.",
    "after": "Share between this break and the next one, 0 to 1.",
    "change": "First day of the first period after the break.",
    "coders": "Names of the coders who were given the passage, separated by `;`.",
    "common": "Share of the pair's passages that lie in stories which both groups cover, 0 to 1.",
    "component": "`agenda` (other stories, or other parts of them) or `framing` (the same story, framed otherwise).",
    "confidence": "Chance with which the promise holds, 0 to 1.",
    "contrast": "`similarity` times `distance`, 0 to 1.",
    "corpus": "Id of the corpus.",
    "cue": "Word or sign that attributes the stretch to its speaker.",
    "decision": "`present`, `absent` or `abstain`.",
    "difference": "Share in `group_a` minus that in `group_b`, -1 to 1: the sum of both components.",
    "differs": "Whether the row is clear of noise, jointly with all other rows of the table.",
    "distance": "Euclidean distance of the two passages' frame scores over the square root of 2.",
    "document_id": "Id of the document, unique in its corpus.",
    "duplicate_of": "Id of the original; empty for an original or a text without copies.",
    "encoders": "Variations of the encoder that the difference survives, of how many.",
    "estimate": "Share, 0 to 1; in tables of differences the share in `group_a` minus that in `group_b`, -1 to 1.",
    "ARRIVALS.estimate": "Share among new documents minus that among earlier ones, -1 to 1.",
    "CHANGES.estimate": "Share after the break minus that before, -1 to 1.",
    "COMPONENTS.estimate": "The component's part of `difference`, -1 to 1.",
    "DRIFT.estimate": "Largest distance of the distributions of documents' mean scores (Kolmogorov-Smirnov), 0 to 1.",
    "PAIRS.estimate": "Base-2 logarithm of `observed / expected`: 1 is twice as often as by chance, -1 half as often.",
    "SLOPES.estimate": "`slope_a` minus `slope_b`, in shares a period.",
    "SPEAKERS.estimate": "Share of the frame's passages that are in this group's voice, 0 to 1.",
    "WORDS.estimate": "Difference in log-odds (natural logarithm) of the word between the group and all others.",
    "event": "Event that the corpus names for the document; empty where it names none.",
    "excerpt": "Beginning of the refused row.",
    "expected": "Product of the shares of both frames, 0 to 1.",
    "end": "Place after the last character in the document's text.",
    "SEGMENTS.end": "Place after the last character in the passage's text.",
    "file": "Name of the file that the row was read from.",
    "first": "First day.",
    "frame": "Id of the frame.",
    "frame_a": "Id of one frame of the pair.",
    "frame_b": "Id of the other frame.",
    "goal": "`width` of an interval, or a `difference` between two groups.",
    "gold": "1 where coders gave the frame, 0 where they did not; missing where the passage is not labelled.",
    "gold_cluster": "What was drawn as one: the passage, or its document.",
    "gold_proxy": "Score of the labelled passage by a classifier that had not learned from it, 0 to 1.",
    "gold_stratum": "Stratum that the labelled passage was drawn from.",
    "gold_weight": "One over the chance with which the passage was drawn; 0 where it is not labelled.",
    "group": "Group of the row, for instance an outlet; `all` for all together.",
    "DUPLICATES.group": "Id of the group's original.",
    "REPRINTS.group": "Id of the group's original.",
    "group_a": "The first group of the pair.",
    "group_b": "The second group of the pair; empty where the row is about one group.",
    "held": "Whether the promise could be made.",
    "high": "Upper bound of the interval, in the unit of `estimate`.",
    "RANKS.high": "Largest rank that the joint interval leaves open.",
    "inclusion_probability": "Chance with which a passage of the stratum was drawn, 0 to 1.",
    "language": "Detected language (ISO 639-1), `und` where the text is too short.",
    "largest": "Largest difference over all variations.",
    "last": "Last day.",
    "line": "Line of the file, or row of the sheet.",
    "low": "Lower bound of the interval, in the unit of `estimate`.",
    "RANKS.low": "Smallest rank that the joint interval leaves open.",
    "measure": "`precision` or `recall`.",
    "method": "How estimate and interval were made, and why one is missing.",
    "missing_in": "Outlet that covers the story and has no such passage.",
    "n_covering": "Other outlets of the story that have such a passage.",
    "n_documents": "Documents behind the estimate.",
    "COVERAGE.n_documents": "Documents of the group on the story.",
    "REPRINTS.n_documents": "Documents of the group of near-equal texts.",
    "n_drawn": "Units drawn from the stratum.",
    "n_enough": "Labelled passages, drawn like these, that would roughly do for the promise.",
    "n_gold": "Labelled passages behind the estimate.",
    "GUARANTEES.n_gold": "Labelled passages given the frame (precision) or carrying it (recall).",
    "n_groups": "Groups that are ranked.",
    "LABELS_NEEDED.expected": "Width or power that `n_labels` give, 0 to 1.",
    "LABELS_NEEDED.n_documents": "Documents that hold `n_labels`, for each group.",
    "LABELS_NEEDED.unit": "What is drawn: single passages, or whole documents.",
    "n_labels": "Labelled passages needed beside the classifier, for each group.",
    "n_labels_gold_only": "Labelled passages needed with labels alone, for each group.",
    "n_outlets": "Outlets that have the story, or ran the text.",
    "n_passages": "Passages behind the estimate.",
    "LABELS_NEEDED.n_passages": "Passages of the group, or of the two groups together.",
    "STRATA.n_passages": "Passages in the stratum.",
    "n_same_sign": "Variations in which the difference has the same sign.",
    "n_speakers": "Different speakers in the passage.",
    "n_survived": "Variations in which it has the same sign and still differs jointly.",
    "n_units": "Units (passages or documents) in the stratum.",
    "n_variations": "Variations that were made.",
    "n_with_frame": "How many of `n_labels` are expected to carry the frame.",
    "n_words": "Words of the passage; in scripts without spaces so many characters a word.",
    "near": "Dated events of the corpus within one period of the break: near it, not its cause.",
    "note": "Why the promise could not be made; empty where it could.",
    "observed": "Share of passages (or documents) with both frames, 0 to 1.",
    "order": "Place in order of date; 1 is the original.",
    "other_frame": "Frame with the highest score in the other passage.",
    "other_id": "Id of the other passage.",
    "other_outlet": "Outlet of the other passage.",
    "other_text": "Text of the other passage.",
    "outlet": "Who published the document.",
    "p_adjusted": "p-value, adjusted jointly for all rows of the table, 0 to 1.",
    "passage_id": "Id of the passage: a hash of its document and position.",
    "passage_sizes": "Variations of the passage length that the difference survives, of how many.",
    "perspective": "Perspective of the outlet, for instance a country; empty where corpus.yaml gives none.",
    "position": "Place of the passage in its document, from 0.",
    "proxy": "Score of the passage by classifiers that had not learned from its own label, 0 to 1.",
    "published": "Day of publication; missing where the document has none.",
    "q_value": "Expected share of false rows among all rows up to this one (Benjamini & Hochberg), 0 to 1.",
    "rank": "Rank of the group by share; 1 is the largest.",
    "RANKS.estimate": "Share of the group, 0 to 1.",
    "ratio": "Share in `group_a` over that in `group_b`; missing where a share is zero.",
    "ratio_high": "Upper joint bound of `ratio`.",
    "ratio_low": "Lower joint bound of `ratio`.",
    "reason": "Why the row was refused.",
    "score": "Score of the frame, 0 to 1; a chance only where the classifier learned from labels.",
    "seeds_left_out": "Variations without one seed that the difference survives, of how many.",
    "share_a": "Expected share of the frame in `group_a`, 0 to 1.",
    "share_b": "Expected share of the frame in `group_b`, 0 to 1.",
    "share_kept": "Share of the labelled passages given the frame (recall: not given) that stays decided, 0 to 1.",
    "share_quoted": "Share of the passage's words that are quoted, 0 to 1.",
    "share_reported": "Share of the passage's words that report what others said, 0 to 1.",
    "similarity": "Cosine of the two passages' vectors, -1 to 1.",
    "DUPLICATES.similarity": "Share of three-word runs shared with the closest earlier member, 0 to 1; original: 1.",
    "REPRINTS.similarity": "Share of three-word runs shared with the closest earlier member, 0 to 1; original: 1.",
    "OMISSIONS.similarity": "Cosine of the nearest passage that the outlet has on the story, -1 to 1.",
    "slope_a": "Linear slope in `group_a`, in shares a period.",
    "slope_b": "Linear slope in `group_b`, in shares a period.",
    "smallest": "Smallest difference over all variations.",
    "speaker": "Speaker's name as the document gives it; empty for the outlet's own voice.",
    "speaker_group": "State, organisation or role that the speaker speaks for; empty for the outlet's own voice.",
    "start": "Place of the first character in the document's text, from 0.",
    "SEGMENTS.start": "Place of the first character in the passage's text, from 0.",
    "story_id": "Id of the story; empty where none was looked for.",
    "story_label": "Label of the story.",
    "shortfall": "Why a promise is not given: `labels` (too few), `scores` (none reaches it); empty where it is given.",
    "agenda_items": "What the items of the agenda are in this table: `event`, or a period of time.",
    "stratum": "Name of the stratum.",
    "text": "Text of the document or passage.",
    "threshold": "Score from which the frame is present (precision), or from which it is not decided absent (recall).",
    "thresholds": "Variations of the threshold that the difference survives, of how many.",
    "title": "Title of the document.",
    "url": "Address of the document.",
    "voice": "`own` (the outlet's), `quoted` (their words) or `reported` (the outlet's words for what they said).",
    "word": "Word, or pair of words that follow each other.",
    "worst": "Variation that speaks most against the difference.",
    "z": "Estimate over its standard error.",
}


_CARRYING = ("DOCUMENTS", "PASSAGES", "CLASSIFIED")  # tables that have the columns of the corpus's files
_CARRIED = "A column of the corpus's files, as it is."


def meaning_of(table: str, column: str) -> str:
    """Look up what a column of a table means.

    Parameters
    ----------
    table : str
        Name of the tuple of columns in `framing.tables`.
    column : str
        Name of the column.

    Returns
    -------
    str
        The meaning; for a column of documents, passages or classified passages that is not ours, that it is one of the
        corpus's files. Empty where `COLUMNS` has none otherwise.

    Examples
    --------
    >>> meaning_of("RANKS", "rank")
    'Rank of the group by share; 1 is the largest.'
    >>> meaning_of("DOCUMENTS", "section")
    "A column of the corpus's files, as it is."
    """
    carried = _CARRIED if table in _CARRYING else ""
    return COLUMNS.get(f"{table}.{column}", COLUMNS.get(column, carried))
