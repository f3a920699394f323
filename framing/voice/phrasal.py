"""Statements made by several words: "hit back at", "ruled out", "cast doubt on", "raised the alarm about"."""

from __future__ import annotations

import re

__all__ = ["PHRASAL"]

_ADVERB = r"(?:[a-z]+ly |again |also |once more |further )?"
_STANCES = (
    r"alarm|fears?|concerns?|worry|worries|doubts?|regrets?|hopes?|confidence|optimism|outrage|anger|dismay|sorrow|"
    r"condolences|solidarity|support|backing|readiness|willingness|frustration|disappointment|satisfaction|surprise|"
    r"reservations|scepticism|skepticism|disapproval|thanks|gratitude|sympathy|indignation|unease|displeasure|anxiety"
)
# To say something, in verb and particle or verb and object; what is said follows.
PHRASAL = re.compile(
    rf"""\b(?:
    (?:hit|hits|hitting)\ {_ADVERB}(?:back|out\ (?:at|against))
    |(?:lash|lashes|lashed|lashing)\ {_ADVERB}out
    |(?:rule|rules|ruled|ruling)\ {_ADVERB}out
    |(?:play|plays|played|playing)\ {_ADVERB}down
    |(?:brush|brushes|brushed|brushing|shrug|shrugs|shrugged|shrugging|wave|waves|waved|waving)\ (?:aside|off|away)
        \ (?:\w+\ )?(?:concerns?|criticisms?|claims?|suggestions?|questions?|talk|fears?|warnings?|complaints?|
        reports?|calls)
    |(?:cast|casts|casting)\ (?:\w+\ )?doubts?
    |(?:pour|pours|poured|pouring)\ cold\ water
    |(?:take|takes|took|taking)\ (?:issue\ with|aim\ at|a\ swipe\ at|a\ dig\ at|the\ view|exception\ to)
    |(?:sound|sounds|sounded|sounding|raise|raises|raised|raising)\ (?:the|an)\ alarm
    |(?:raise|raises|raised|raising)\ (?:\w+\ )?(?:concerns?|doubts?|questions?|objections?|fears?)
    |(?:call|calls|called|calling)\ {_ADVERB}(?:on|upon|for)
    |(?:appeal|appeals|appealed|appealing)\ {_ADVERB}(?:to|for)
    |(?:speak|speaks|spoke|speaking|come|comes|came|coming)\ out\ (?:against|in\ favou?r)
    |(?:express|expresses|expressed|expressing|voice|voices|voiced|voicing)\ (?:[a-z’']+\ ){{0,3}}(?:{_STANCES})
    |(?:issue|issues|issued|issuing|send|sends|sent|sending)\ (?:[a-z’']+\ ){{1,3}}(?:warning|appeal|plea|threat|
        ultimatum|apology|denial|reminder|rebuke|call|demand)
    |(?:make|makes|made|making)\ (?:it\ )?(?:\w+\ )?(?:clear|plain|known)
    |(?:leave|leaves|left|leaving)\ (?:no|little)\ doubt
    |(?:draw|draws|drew|drawing)\ a\ (?:red\ line|parallel)
    |(?:paint|paints|painted|painting)\ (?:an?\ )?(?:\w+\ )?(?:picture)
    |(?:give|gives|gave|giving)\ (?:assurances?|(?:his|her|their|its)\ word|a\ warning|an\ account)
    |(?:offer|offers|offered|offering)\ (?:a|an|another|this)\ (?:\w+\ )?(?:explanation|assessment|version|account)
    |(?:set|sets|setting)\ out\ (?:why|how|what)
    |(?:lay|lays|laid)\ (?:the\ )?blame
    |(?:pin|pins|pinned|pinning)\ (?:the\ )?blame
    |(?:point|points|pointed)\ (?:the\ |an\ )?(?:accusing\ )?finger
    |(?:put|puts)\ (?:the|its|their)\ (?:\w+\ )?(?:number|toll|cost|figure|bill|odds|chances?|price|damage|
        total|loss|losses|value|rate|count)\b(?=[^.;]*\ at\b)
    |(?:tell|tells|told)\ of
    |(?:compare|compares|compared|comparing|liken|likens|likened)\b(?=[^.;:]*\ (?:to|with)\ )
    |(?:put|puts)\b(?=[^.;,]{3, 60}\ at\ (?:[a-z]+\ ){0, 3}[\d$€£])
    |(?:want|wants|wanted)\ to\ know
    |(?:defend|defends|defended|defending)\ (?:the|his|her|its|their)\ (?:[\w’'-]+\ )?(?:decision|policy|policies|move|
        record|plan|plans|handling|law|deal|use|bill|strategy|choice|position|strikes?|raid|reforms?|budget|measures?|
        actions?|approach|agreement|arrests?|ruling|tariffs|sanctions|embargo|ban)
    |(?:attack|attacks|attacked|attacking)\ the\b(?=[^.;,]*\ as\ )
    |(?:pour|pours|poured)\ scorn|(?:heap|heaps|heaped)\ (?:praise|scorn|blame)|(?:pay|pays|paid)\ tribute
    |(?:apologise|apologises|apologised|apologize|apologizes|apologized)\ (?:for|to)
    |(?:level|levels|levelled|leveled)\ (?:\w+\ )?(?:accusations?|charges|criticism)
    |(?:hint|hints|hinted)\ {_ADVERB}at|(?:allude|alludes|alluded)\ to|(?:boast|boasts|boasted)\ of
    |(?:beg|begs|begged)\ to\ differ|(?:disagree|disagrees|disagreed)\ with
    |(?:argue|argues|argued)\ (?:for|against|in\ favou?r)
    |(?:push|pushes|pushed)\ back\ (?:on|against|at)|(?:stand|stands|stood)\ by\ (?:his|her|its|their)
    |(?:distance|distances|distanced)\ (?:him|her|it|them)sel(?:f|ves)
    |(?:reserve|reserves|reserved)\ the\ right
    |(?:acknowledge|acknowledges|acknowledged|concede|concedes|conceded)\ (?:the|an?|his|her|its|their|that|some|there)
    |(?:make|makes|made)\ (?:no\ (?:secret|bones)|light\ of)|(?:deny|denies|denied)\ (?:any|all|the|ever|its|his|her)
    |(?:claim|claims|claimed|claiming)\ (?:responsibility|credit|victory|success)
    |(?:strike|strikes|struck)\ (?:an?\ )(?:[a-z-]+\ )tone
    )\b""",
    re.VERBOSE,
)
