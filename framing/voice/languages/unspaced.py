"""Who speaks in Chinese: names, roles and the clause beside a quotation, in a script that spaces do not part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from framing.voice.languages.rules import LanguageRules
from framing.voice.languages.unspaced_marks import split_clauses
from framing.voice.languages.word_lists import any_of

__all__ = ["find_names", "find_roles", "find_subject_phrase"]

_HAN = "\u4e00-\u9fff"
_FOREIGN = re.compile(rf"[{_HAN}]{{1,12}}(?:[·•・][{_HAN}]{{1,8}})+")
_NO_NAME = frozenset("的了在是说和与对将把被不也都就还又这那她他们从到向于却并则做过着得很再只此该吗呢吧啊么什怎")
_WORDS = frozenset(  # common words that begin as surnames do
    (
        "高度",
        "方面",
        "明确",
        "同时",
        "马上",
        "时常",
        "和平",
        "安全",
        "金融",
        "关于",
        "关键",
        "关注",
        "毛遂",
        "应当",
        "应该",
        "应邀",
        "向来",
        "全部",
        "全国",
    )
)
_SOUNDS = frozenset(  # characters by which foreign names are written
    "阿埃艾爱安奥巴白班贝本比彼别宾波伯博布查察达大戴丹德登邓迪蒂丁杜敦多恩尔法菲费芬弗夫福盖戈格古哈海汉豪赫黑亨胡霍基吉加贾简杰金卡凯坎康考柯科克肯库奎拉莱兰朗劳勒雷里理莉丽利连林琳卢鲁"
    "路伦罗洛马玛迈曼梅门蒙米明莫默姆穆纳娜奈南内尼妮涅宁纽诺努欧帕派潘佩彭皮珀普奇齐恰乔切琴丘让热瑞若萨塞桑森沙莎山舍圣什史舒斯丝思苏索塔泰坦汤唐特提廷图托瓦万威韦维魏温沃乌武西希锡夏肖谢辛休"
    "许雅亚延扬耶叶伊英尤约泽扎詹珍朱佐娅蕾茜缇契季"
)
_STATES = frozenset(
    (
        "伊拉克",
        "爱尔兰",
        "卡塔尔",
        "科索沃",
        "巴拿马",
        "索马里",
        "卢森堡",
        "安卡拉",
        "科威特",
        "厄瓜多尔",
        "萨尔瓦多",
        "尼加拉瓜",
        "莫桑比克",
        "斯里兰卡",
    )
)
_STATE_END = re.compile(r"(?:[尼利维吉西比米]亚|斯坦|兰卡|尼西亚)$")
_BEHIND_NAMES = (
    "的", "和", "与", "看来", "倒", "不", "没", "是", "当", "家", "今", "已", "将", "会", "能", "赞成", "笑", "觉得",
    "自己", "把", "让", "被", "很", "等", "所", "因",
)  # fmt: skip
_SHORTEST_FOREIGN = 3  # characters of a surname that is written by its sound
_LEFT = frozenset("的者是，。；：！？、“”「」 \n\u3000（）")
_LONGEST_SUBJECT = 28  # characters
_NEAR_NAMES = 50  # names before a role among which one may cover it
_FAR = 2000  # characters within which a name is looked for again
_TIMES = (
    r"(?:(?:[0-9一二三四五六七八九十]+月)?[0-9一二三四五六七八九十]+[日号](?:晚|上午|下午|凌晨)?|(?:本|上|这)?(?:周|星期)[一二三四五六日天]"
    r"|当[天日晚]|次日|日前|近日|昨[天日晚]|今[天日]|前一天|随后|此前|后来|最后|同时|不过|但是?|而|此外|另外|至于)"
)
_TIME = re.compile(f"{_TIMES}$")
_TIME_FIRST = re.compile(f"^{_TIMES}")


@lru_cache(maxsize=4)
def _roles(rules: LanguageRules) -> re.Pattern[str]:
    return re.compile(any_of(word for kind in rules.roles.values() for word in kind))


@lru_cache(maxsize=4)
def _boundary(rules: LanguageRules) -> re.Pattern[str]:
    """What may stand behind a name: the end, a mark, a verb, an adverb or a role."""
    words = {*rules.file.verbs.split(), *rules.file.adverbs.split(), *rules.file.titles.split()}
    words |= {word for kind in rules.roles.values() for word in kind}
    words |= set(_BEHIND_NAMES)
    return re.compile(rf"$|[^{_HAN}]|{any_of(words)}")


@lru_cache(maxsize=4)
def _behind_foreign(rules: LanguageRules) -> re.Pattern[str]:
    """What stands behind a name with a middle dot and is no part of it."""
    words = {*rules.file.verbs.split(), *rules.file.adverbs.split(), *rules.words["titles"]}
    return re.compile(any_of(words | {"声音", "则", "的", "看来", "觉得"}))


@lru_cache(maxsize=4)
def _adverbs(rules: LanguageRules) -> re.Pattern[str]:
    """Adverbs behind a subject."""
    return re.compile(any_of(rules.words["adverbs"] - {"在", "是", "有", "一", "于"}))


@lru_cache(maxsize=4)
def _surnames(rules: LanguageRules) -> tuple[frozenset[str], frozenset[str]]:
    names = rules.words["surnames"]
    return frozenset(name for name in names if len(name) == 1), frozenset(name for name in names if len(name) == 2)


def find_names(text: str, start: int, end: int, rules: LanguageRules) -> Iterator[tuple[int, int]]:
    """Names of persons in a stretch: those with a middle dot, and a surname with one or two more characters.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Start of the stretch.
    end : int
        End of the stretch.
    rules : LanguageRules
        Rules of the language.

    Yields
    ------
    tuple of int
        Start and end of each.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> text = "研究员涂明诚认为，车主索尼娅·布兰特笑着说"
    >>> [text[low:high] for low, high in find_names(text, 0, len(text), read_rules("zh"))]
    ['涂明诚', '索尼娅·布兰特']
    """
    found: list[tuple[int, int]] = []
    for match in _FOREIGN.finditer(text, start, end):
        found.append(_trim_foreign(text, match.start(), match.end(), rules))
    single, double = _surnames(rules)
    role, boundary = _roles(rules), _boundary(rules)
    for match in role.finditer(text, start, end):  # 志愿者娜塔莉娅
        high = match.end()
        while high < min(end, match.end() + 7) and text[high] in _SOUNDS:
            high += 1
        if (
            high - match.end() >= 3
            and boundary.match(text, high, end)
            and not any(low <= match.end() < top for low, top in found[-_NEAR_NAMES:])
        ):
            found.append((match.end(), high))
    found += _find_foreign_surnames(text, start, end, rules, found)
    place = start
    taken = dict(found)
    while place < end - 1:
        if place in taken:
            place = taken[place]
            continue
        size = 2 if text[place : place + 2] in double else 1 if text[place] in single else 0
        if size and _may_begin(text, start, place, role):
            for length in (size + 2, size + 1):
                given = text[place + size : place + length]
                high = place + length
                if high > end or len(given) < length - size or not re.fullmatch(rf"[{_HAN}]+", given):
                    continue
                if any(char in _NO_NAME for char in given) or role.search(text, place, high):
                    continue
                if _is_side(text[place:high], rules):
                    continue
                opens = _opens(text, start, place)
                follows = (boundary if length > size + 1 or not opens else rules.verb).match(text, high, end)
                is_followed = follows is not None and (not opens or bool(re.match(f"[{_HAN}]", follows.group())))
                is_titled = length == size + 2 and not opens and text[place - 1] not in "的者是"  # 教师宋桂英推开窗
                if is_titled and text[place : place + 2] not in _WORDS:
                    is_followed = True
                if is_followed or (
                    length > size + 1 and text.count(text[place:high], max(0, place - _FAR), place + _FAR) > 1
                ):
                    found.append((place, high))
                    place = high - 1
                    break
        place += 1
    yield from sorted(found)


def _find_foreign_surnames(
    text: str, start: int, end: int, rules: LanguageRules, found: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Surnames written by their sound that open a clause before a verb of speech: 霍尔姆说."""
    names = []
    for low, high in split_clauses(text, start, end):
        close = low
        while close < high and text[close] in _SOUNDS:
            close += 1
        name = text[low:close]
        is_state = name in _STATES or _STATE_END.search(name) is not None or _is_side(name, rules)
        if (
            len(name) < _SHORTEST_FOREIGN
            or is_state
            or any(first <= low < last for first, last in found[-_NEAR_NAMES:])
        ):
            continue
        if rules.verb.match(text, close) is not None:
            names.append((low, close))
    return names


def _opens(text: str, start: int, place: int) -> bool:
    """Whether a clause begins at a place."""
    return place == start or text[place - 1] in _LEFT - {"的", "者", "是"}


def _is_side(word: str, rules: LanguageRules) -> bool:
    """Whether a word names a state: 欧洲 is no person of the surname 欧."""
    return any(word.startswith(name) for names in rules.sides.values() for name in names if len(name) > 1)


def _may_begin(text: str, start: int, place: int, role: re.Pattern[str]) -> bool:
    """Whether a name may begin: at the start of a clause, behind 的 or behind a role."""
    if place == start or text[place - 1] in _LEFT or _TIME.search(text[max(start, place - 12) : place]):
        return True
    return any(match.end() == place for match in role.finditer(text, max(start, place - 6), place))


def _trim_foreign(text: str, start: int, end: int, rules: LanguageRules) -> tuple[int, int]:
    """A name with a middle dot, without the roles before it and the verb behind it."""
    dot = next(n for n in range(start, end) if text[n] in "·•・")
    for match in _roles(rules).finditer(text, start, dot):
        start = match.end()
    cut = max((n + 1 for n in range(start, dot) if text[n] in "的者是"), default=start)
    start = cut if cut < dot else start
    last = max(n for n in range(start, end) if text[n] in "·•・")
    close = _behind_foreign(rules).search(text, last + 2, end)
    roles = _roles(rules).search(text, last + 2, end)
    stops = [each.start() for each in (close, roles) if each is not None]
    return start, min(stops, default=end)


def find_roles(text: str, start: int, end: int, rules: LanguageRules) -> Iterator[tuple[int, int, str]]:
    """Roles with what describes them in a clause, and the noun of each.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Start of the stretch.
    end : int
        End of the stretch.
    rules : LanguageRules
        Rules of the language.

    Yields
    ------
    tuple of int, int, str
        Start and end of each, and its noun.
    """
    for low, high in split_clauses(text, start, end):
        matches = list(_roles(rules).finditer(text, low, high))
        if not matches:
            continue
        head = matches[0]
        for match in matches[1:]:  # 大学教授, 议员助理
            if match.start() <= head.end() + 1:
                head = match
        begin = low
        time = _TIME_FIRST.match(text[begin:high])
        if time is not None and begin + time.end() <= head.start():
            begin += time.end()
        if head.end() - begin <= _LONGEST_SUBJECT:
            yield begin, head.end(), head.group()


def find_subject_phrase(text: str, start: int, end: int, rules: LanguageRules) -> tuple[int, int] | None:
    """The words before a verb as somebody who is no known role, without adverbs behind.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Start of the stretch.
    end : int
        End of the stretch.
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    tuple of int, or None
        Start and end; None where the words name nobody.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> text = "路边卖柠檬水的摊主笑着"
    >>> low, high = find_subject_phrase(text, 0, len(text), read_rules("zh"))
    >>> text[low:high]
    '路边卖柠檬水的摊主'
    """
    clauses = split_clauses(text, start, end)
    if not clauses:
        return None
    low, high = clauses[-1]
    time = _TIME_FIRST.match(text[low:high])
    low += time.end() if time else 0
    cut = _adverbs(rules).search(text, min(high, low + 2), high)
    high = cut.start() if cut is not None else high
    return (low, high) if 2 <= high - low <= _LONGEST_SUBJECT else None
