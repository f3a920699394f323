"""Statements made by several words: "hit back at", "ruled out", "cast doubt on", "raised the alarm about"."""

from __future__ import annotations

import re

__all__ = ["PHRASAL", "STATEMENTS"]

_ADVERB = r"(?:[a-z]+ly |again |also |once more |further )?"
_STANCES = (
    r"alarm|fears?|concerns?|worry|worries|doubts?|regrets?|hopes?|confidence|optimism|outrage|anger|dismay|sorrow|"
    r"condolences|solidarity|support|backing|readiness|willingness|frustration|disappointment|satisfaction|surprise|"
    r"reservations|scepticism|skepticism|disapproval|thanks|gratitude|sympathy|indignation|unease|displeasure|anxiety"
)
# To say something, in verb and particle or verb and object; what is said follows. The first that fits counts.
STATEMENTS: tuple[str, ...] = (
    r"(?:hit|hits|hitting) " + _ADVERB + r"(?:back|out (?:at|against))",
    r"(?:lash|lashes|lashed|lashing) " + _ADVERB + r"out",
    r"(?:rule|rules|ruled|ruling) " + _ADVERB + r"out",
    r"(?:play|plays|played|playing) " + _ADVERB + r"down",
    r"(?:brush|brushes|brushed|brushing|shrug|shrugs|shrugged|shrugging|wave|waves|waved|waving) (?:aside|off|"
    r"away) (?:\w+ )?(?:concerns?|criticisms?|claims?|suggestions?|questions?|talk|fears?|warnings?|"
    r"complaints?|reports?|calls)",
    r"(?:cast|casts|casting) (?:\w+ )?doubts?",
    r"(?:pour|pours|poured|pouring) cold water",
    r"(?:take|takes|took|taking) (?:issue with|aim at|a swipe at|a dig at|the view|exception to)",
    r"(?:sound|sounds|sounded|sounding|raise|raises|raised|raising) (?:the|an) alarm",
    r"(?:raise|raises|raised|raising) (?:\w+ )?(?:concerns?|doubts?|questions?|objections?|fears?)",
    r"(?:call|calls|called|calling) " + _ADVERB + r"(?:on|upon|for)",
    r"(?:appeal|appeals|appealed|appealing) " + _ADVERB + r"(?:to|for)",
    r"(?:speak|speaks|spoke|speaking|come|comes|came|coming) out (?:against|in favou?r)",
    r"(?:express|expresses|expressed|expressing|voice|voices|voiced|voicing) (?:[a-z’']+ ){0,3}(?:" + _STANCES + r")",
    r"(?:issue|issues|issued|issuing|send|sends|sent|sending) (?:[a-z’']+ ){1,3}(?:warning|appeal|plea|threat|"
    r"ultimatum|apology|denial|reminder|rebuke|call|demand)",
    r"(?:make|makes|made|making) (?:it )?(?:\w+ )?(?:clear|plain|known)",
    r"(?:leave|leaves|left|leaving) (?:no|little) doubt",
    r"(?:draw|draws|drew|drawing) a (?:red line|parallel)",
    r"(?:paint|paints|painted|painting) (?:an? )?(?:\w+ )?(?:picture)",
    r"(?:give|gives|gave|giving) (?:assurances?|(?:his|her|their|its) word|a warning|an account)",
    r"(?:offer|offers|offered|offering) (?:a|an|another|this) (?:\w+ )?(?:explanation|assessment|version|account)",
    r"(?:set|sets|setting) out (?:why|how|what)",
    r"(?:lay|lays|laid) (?:the )?blame",
    r"(?:pin|pins|pinned|pinning) (?:the )?blame",
    r"(?:point|points|pointed) (?:the |an )?(?:accusing )?finger",
    r"(?:put|puts) (?:the|its|their) (?:\w+ )?(?:number|toll|cost|figure|bill|odds|chances?|price|damage|total|"
    r"loss|losses|value|rate|count)\b(?=[^.;]{0,400} at\b)",
    r"(?:tell|tells|told) of",
    r"(?:compare|compares|compared|comparing|liken|likens|likened)\b(?=[^.;:]{0,400} (?:to|with) )",
    r"(?:put|puts)\b(?=[^.;,]{3,60} at (?:[a-z]+ ){0,3}[\d$€£])",
    r"(?:want|wants|wanted) to know",
    r"(?:defend|defends|defended|defending) (?:the|his|her|its|their) (?:[\w’'-]+ )?(?:decision|policy|"
    r"policies|move|record|plan|plans|handling|law|deal|use|bill|strategy|choice|position|strikes?|raid|"
    r"reforms?|budget|measures?|actions?|approach|agreement|arrests?|ruling|tariffs|sanctions|embargo|ban)",
    r"(?:attack|attacks|attacked|attacking) the\b(?=[^.;,]{0,400} as )",
    r"(?:pour|pours|poured) scorn",
    r"(?:heap|heaps|heaped) (?:praise|scorn|blame)",
    r"(?:pay|pays|paid) tribute",
    r"(?:apologise|apologises|apologised|apologize|apologizes|apologized) (?:for|to)",
    r"(?:level|levels|levelled|leveled) (?:\w+ )?(?:accusations?|charges|criticism)",
    r"(?:hint|hints|hinted) " + _ADVERB + r"at",
    r"(?:allude|alludes|alluded) to",
    r"(?:boast|boasts|boasted) of",
    r"(?:beg|begs|begged) to differ",
    r"(?:disagree|disagrees|disagreed) with",
    r"(?:argue|argues|argued) (?:for|against|in favou?r)",
    r"(?:push|pushes|pushed) back (?:on|against|at)",
    r"(?:stand|stands|stood) by (?:his|her|its|their)",
    r"(?:distance|distances|distanced) (?:him|her|it|them)sel(?:f|ves)",
    r"(?:reserve|reserves|reserved) the right",
    r"(?:acknowledge|acknowledges|acknowledged|concede|concedes|conceded) (?:the|an?|his|her|its|their|that|"
    r"some|there)",
    r"(?:make|makes|made) (?:no (?:secret|bones)|light of)",
    r"(?:deny|denies|denied) (?:any|all|the|ever|its|his|her)",
    r"(?:claim|claims|claimed|claiming) (?:responsibility|credit|victory|success)",
    r"(?:hold|holds|held) (?:[\w’'-]+ ){1,6}(?:responsible|accountable)",
    r"(?:attribute|attributes|attributed|ascribe|ascribes|ascribed)\b(?=[^.;:]{0,200} to )",
    r"(?:strike|strikes|struck) (?:an? )(?:[a-z-]+ )tone",
)
PHRASAL = re.compile(rf"\b(?:{'|'.join(STATEMENTS)})\b")
