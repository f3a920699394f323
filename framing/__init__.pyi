from . import charts as charts
from .analysis.analysis import (
    Analysis as Analysis,
)
from .analysis.analysis import (
    open_analysis as open_analysis,
)
from .analysis.classified import (
    classify_passages as classify_passages,
)
from .analysis.decision_changes import (
    compare_decisions as compare_decisions,
)
from .analysis.decision_changes import (
    decide_again as decide_again,
)
from .analysis.floor import (
    judge_marks as judge_marks,
)
from .analysis.fragility import (
    measure_fragility as measure_fragility,
)
from .analysis.plan_labels import (
    plan_labels as plan_labels,
)
from .analysis.sentences import (
    sentence as sentence,
)
from .analysis.stories import (
    open_stories as open_stories,
)
from .analysis.validity import (
    Validity as Validity,
)
from .analysis.validity import (
    open_validity as open_validity,
)
from .analysis.voice_spans import (
    open_voice_spans as open_voice_spans,
)
from .analysis.voices import (
    open_voices as open_voices,
)
from .classify.classifier import (
    FrameClassifier as FrameClassifier,
)
from .classify.codebook_check import (
    check_codebook as check_codebook,
)
from .classify.llm import (
    LlmScorer as LlmScorer,
)
from .classify.nli import (
    NliScorer as NliScorer,
)
from .classify.saved import (
    load_classifier as load_classifier,
)
from .classify.saved import (
    save_classifier as save_classifier,
)
from .classify.scorer import (
    NotFittedError as NotFittedError,
)
from .classify.tuned.plan import (
    TuningPlan as TuningPlan,
)
from .code_screen.widget import (
    code_widget as code_widget,
)
from .codebook import (
    Codebook as Codebook,
)
from .codebook import (
    compare_codebooks as compare_codebooks,
)
from .codebook import (
    read_codebook as read_codebook,
)
from .coding.coded import (
    read_sheets as read_sheets,
)
from .coding.sampling import (
    draw_sample as draw_sample,
)
from .coding.settle import (
    make_gold_table as make_gold_table,
)
from .coding.settle import (
    settle_labels as settle_labels,
)
from .corpus.documents import (
    Corpus as Corpus,
)
from .corpus.documents import (
    read_corpus as read_corpus,
)
from .corpus.passages import (
    split_passages as split_passages,
)
from .corpus.passages import (
    whole_passages as whole_passages,
)
from .corpus.periods import (
    add_period as add_period,
)
from .corpus.periods import (
    find_unlikely_dates as find_unlikely_dates,
)
from .encoders.known import (
    known_languages as known_languages,
)
from .encoders.sentence import (
    SentenceEncoder as SentenceEncoder,
)
from .errors import (
    FramingError as FramingError,
)
from .errors import (
    InputError as InputError,
)
from .errors import (
    LockedError as LockedError,
)
from .errors import (
    RunError as RunError,
)
from .estimates.abstentions import (
    bound_abstentions as bound_abstentions,
)
from .estimates.against_rest import (
    compare_with_rest as compare_with_rest,
)
from .estimates.agenda_items import (
    add_agenda_items as add_agenda_items,
)
from .estimates.arrivals import (
    compare_arrivals as compare_arrivals,
)
from .estimates.by_voice import (
    add_voices as add_voices,
)
from .estimates.by_voice import (
    count_voices as count_voices,
)
from .estimates.by_voice import (
    estimate_prevalence_by_voice as estimate_prevalence_by_voice,
)
from .estimates.by_voice import (
    estimate_speakers as estimate_speakers,
)
from .estimates.changes import (
    find_changes as find_changes,
)
from .estimates.clusters import (
    add_clusters as add_clusters,
)
from .estimates.clusters import (
    add_weights as add_weights,
)
from .estimates.compare import (
    compare_groups as compare_groups,
)
from .estimates.contrast_moves import (
    compare_contrasts as compare_contrasts,
)
from .estimates.cooccurrence import (
    measure_cooccurrence as measure_cooccurrence,
)
from .estimates.correction import (
    has_enough_labels as has_enough_labels,
)
from .estimates.decompose import (
    decompose_differences as decompose_differences,
)
from .estimates.frame_tests import (
    compare_frames as compare_frames,
)
from .estimates.hypotheses import (
    compare_hypotheses as compare_hypotheses,
)
from .estimates.in_voice import (
    estimate_prevalence_in_voice as estimate_prevalence_in_voice,
)
from .estimates.passages import (
    find_borderline_passages as find_borderline_passages,
)
from .estimates.passages import (
    find_passages_behind as find_passages_behind,
)
from .estimates.passages import (
    find_top_passages as find_top_passages,
)
from .estimates.passages import (
    keep_one_per_frame as keep_one_per_frame,
)
from .estimates.prevalence import (
    estimate_prevalence as estimate_prevalence,
)
from .estimates.ranks import (
    rank_groups as rank_groups,
)
from .estimates.regression import (
    Regression as Regression,
)
from .estimates.regression import (
    regress_frame as regress_frame,
)
from .estimates.regression import (
    regress_frames as regress_frames,
)
from .estimates.span_counts import (
    count_spans as count_spans,
)
from .estimates.stacking import (
    stack_scores as stack_scores,
)
from .estimates.summaries import (
    count_by_language as count_by_language,
)
from .estimates.summaries import (
    count_by_period as count_by_period,
)
from .estimates.summaries import (
    count_labels as count_labels,
)
from .estimates.summaries import (
    count_refused as count_refused,
)
from .estimates.summaries import (
    find_widest_frames as find_widest_frames,
)
from .estimates.summaries import (
    summarise_dates as summarise_dates,
)
from .estimates.summaries import (
    summarise_outlets as summarise_outlets,
)
from .estimates.trends import (
    compare_trends as compare_trends,
)
from .estimates.word_languages import (
    describe_word_languages as describe_word_languages,
)
from .estimates.words import (
    find_distinctive_words as find_distinctive_words,
)
from .estimates.words import (
    find_passages_with_words as find_passages_with_words,
)
from .llm.model import (
    LanguageModel as LanguageModel,
)
from .reports.show import (
    show as show,
)
from .settings import (
    Settings as Settings,
)
from .side_by_side.data import (
    PageParts as PageParts,
)
from .side_by_side.page import (
    link_passages as link_passages,
)
from .side_by_side.page import (
    render_side_by_side as render_side_by_side,
)
from .stories.aligned import (
    align_passages as align_passages,
)
from .stories.aligned import (
    encode_passages as encode_passages,
)
from .stories.aligned import (
    find_contrast_pairs as find_contrast_pairs,
)
from .stories.aligned import (
    find_omissions as find_omissions,
)
from .stories.coverage import (
    count_coverage as count_coverage,
)
from .stories.coverage import (
    summarise_stories as summarise_stories,
)
from .stories.duplicates import (
    count_duplicates as count_duplicates,
)
from .stories.duplicates import (
    find_duplicates as find_duplicates,
)
from .stories.duplicates import (
    find_reprint_chains as find_reprint_chains,
)
from .stories.duplicates import (
    mark_duplicates as mark_duplicates,
)
from .stories.find import (
    find_stories as find_stories,
)
from .stories.find import (
    mark_stories as mark_stories,
)
from .stories.pins import (
    read_corpus_pins as read_corpus_pins,
)
from .stories.pins import (
    read_pins as read_pins,
)
from .stories.translations import (
    find_translations as find_translations,
)
from .stories.translations import (
    join_translations as join_translations,
)
from .stories.translations import (
    mark_translations as mark_translations,
)
from .validation.coder_errors import (
    bound_coder_errors as bound_coder_errors,
)
from .validation.coder_pairs import (
    compare_coders as compare_coders,
)
from .validation.coders import (
    count_confusions as count_confusions,
)
from .validation.coders import (
    measure_reliability as measure_reliability,
)
from .validation.decisions import (
    evaluate_decisions as evaluate_decisions,
)
from .validation.errors_by_group import (
    compare_errors as compare_errors,
)
from .voice.marking import (
    find_voice_segments as find_voice_segments,
)
from .voice.marking import (
    find_voices as find_voices,
)
from .voice.marking import (
    join_passages as join_passages,
)
from .voice.marking import (
    mark_voices as mark_voices,
)
from .voice.spans import (
    cut_spans as cut_spans,
)

__version__: str
GROUPS: dict[str, tuple[str, ...]]
RENAMED: dict[str, str]
__all__: list[str]
