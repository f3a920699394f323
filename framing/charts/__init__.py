"""Charts: every drawing, each made of a tidy table.

Each function takes the table of the estimator that it draws, and `names`, the names of the frames by id
(`codebook.names`), where frames are drawn.
"""

from framing.files.json_schemas import import_jsonschema

# ruff: noqa: E402
import_jsonschema()  # before altair does, at the cost of a second

from framing.charts.against_rest import frame_tests, rest_differences
from framing.charts.calibration import reliability_curve, risk_coverage_curve
from framing.charts.comparisons import fragility_strip, share_components, share_differences
from framing.charts.counts import documents_over_time, score_spread
from framing.charts.drawing import svg_to_png, to_png, to_svg
from framing.charts.groups import palette
from framing.charts.ranks import rank_intervals
from framing.charts.regressions import coefficients
from framing.charts.shares import corrected_shares, share_heatmap, share_intervals
from framing.charts.stories import story_coverage
from framing.charts.trends import frame_trends, share_trends
from framing.charts.validation import agreement_per_frame, agreement_per_group, coder_alpha
from framing.charts.voices import shares_by_voice, speakers_by_frame
from framing.charts.words import pair_intervals, word_contrasts

__all__ = [
    "agreement_per_frame",
    "agreement_per_group",
    "coder_alpha",
    "coefficients",
    "corrected_shares",
    "documents_over_time",
    "fragility_strip",
    "frame_tests",
    "frame_trends",
    "pair_intervals",
    "palette",
    "rank_intervals",
    "reliability_curve",
    "rest_differences",
    "risk_coverage_curve",
    "score_spread",
    "share_components",
    "share_differences",
    "share_heatmap",
    "share_intervals",
    "share_trends",
    "shares_by_voice",
    "speakers_by_frame",
    "story_coverage",
    "svg_to_png",
    "to_png",
    "to_svg",
    "word_contrasts",
]
