"""Which wishes a message has, judged by what its clauses mean. Pure; tuned on the odd lines of tests/nlu/two_wishes.jsonl.

A story has many clauses and one wish. So a clause is a wish of its own only if it asks for something (or tells of a need that
speaks for itself) and its reading is sure.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable

from nlu.engine import FALLBACK, Meaning
from nlu.normalise import clean, normalise, strip_marks
from nlu.talk.clauses import clauses

SURE = 0.8  # from which a clause's reading may be a wish of its own
SURE_WHOLE = (
    0.9  # from which the reading of the whole outweighs a clause that sounds like danger; the net is not asked here
)
LIKELIEST = 3  # readings of the whole among which a wish must be
DANGER = "emergency"
TOLD_SURE = {DANGER: 0.8, "ask_rescue_relative": 0.9, "ask_reintegration": 0.9}  # the same for a clause that only tells
# The more urgent is answered first; the rest in the order in which it was said.
URGENCY = (DANGER, "ask_rescue_relative", "report_tip", "ask_hotline", "ask_reintegration", "check_offer")
NEVER_SECOND = frozenset("thank greet affirm deny goodbye out_of_scope nlu_fallback help stop".split())
_ME = r"(em|mình|minh|tôi|toi|con|cháu|chau|chị|cô|bác|chú|tụi em|tui|e|m)"
_WISH = (
    rf"(cho|xin) ({_ME} )?(luôn |luon |thêm |them )?(hỏi|hoi|xin|biết|biet|số|so)|{_ME} (cũng |cung |còn )?(muốn|muon|mun|cần|can)"
    r"|^(muốn|muon|mun|cần)"
)
_ENGLISH = r"what|how|which|where|who|when|can i|tell me|give me|i want|i need|is it|are you|will|is|are|do|does"
_MARKED = re.compile(
    rf"\?|\b({_WISH}|gì|sao|nào|đâu|mấy|ai|bao nhiêu|bao lâu|bao giờ|kể \w+ nghe|muốn (xem|hỏi|biết)|xóa hết|là \w+ hay|cho xem"
    rf"|cho \w+ (làm|xem|coi)|giúp|đăng ký|{_ENGLISH})\b"
)
_BARE = re.compile(
    rf"\?|\b({_WISH}|gi|j|ji|bn|bnhieu|ntn|sdt|sao|nao|o dau|so may|may nam|bao nhieu|bao lau|bao gio|ke \w+ nghe"
    rf"|muon (xem|hoi|biet)|la \w+ hay|cho xem|cho \w+ (lam|xem)|xoa het|{_ENGLISH})\b"
)
_END = r"( (ạ|a|ad|vậy|vay|bạn|ban|chị|chi|anh|em|nhỉ|nhi|thế|the|cũng|với|voi|nhé|rứa|hè|mn|mọi người|cả|luôn))*\W*$"
_YES_OR_NO = re.compile(r"\b(không|khong|ko|k|hong|hok|chưa|chua|hả|ha|đi|di|luôn|luon)" + _END)


def asks(clause: str) -> bool:
    """Whether a clause asks or wishes, with or without marks."""
    marked = _has_marks(clause)
    said = normalise(clause) if marked else clean(clause).lower()  # without marks "chi" may be a sister, and is no "gì"
    return bool((_MARKED if marked else _BARE).search(said) or _YES_OR_NO.search(said))


def _has_marks(text: str) -> bool:
    return strip_marks(text) != text


Read = Callable[[str], Awaitable[Meaning]]


async def wishes(text: str, read: Read) -> tuple[str, ...]:
    """The intents of a message with several wishes, most urgent first; () if it has one wish or none.

    Three readings must agree: clause by clause, of the text cut in two, and of the whole, among whose likeliest both wishes are.
    Reads at most 23 short texts (1 ms each).
    """
    parts = clauses(text)
    own = await _own(parts, read) if len(parts) > 1 else []
    if len(own) < 2:
        return ()
    whole = await read(text)
    own = [intent for intent in own if _fits(intent, whole)]
    best: tuple[str, ...] = ()
    surest = 0.0
    for place in range(1, len(parts)):
        sides = [" ".join(parts[:place]), " ".join(parts[place:])]
        meanings = [await read(side) for side in sides]
        pair = tuple(meaning.intent for meaning in meanings)
        sure = min(meaning.confidence for meaning in meanings)
        wished = all(_is_wish(side, meaning) for side, meaning in zip(sides, meanings, strict=True))
        if wished and pair[0] != pair[1] and set(pair) <= set(own) and sure > surest:
            best, surest = pair, sure
    return (*by_urgency(best), *(intent for intent in own if intent not in best)) if best else ()


async def asked(text: str, read: Read) -> tuple[str, ...]:
    """What a cry for help asks for besides: only what is a clause of its own, and only what asks."""
    every = clauses(text)
    parts = [part for part in every if asks(part)] if len(every) > 1 else []
    return tuple(intent for intent in await _own(parts, read) if intent not in TOLD_SURE)


def by_urgency(intents: Iterable[str]) -> tuple[str, ...]:
    """The more urgent first; what is equally urgent stays in its order."""
    return tuple(sorted(intents, key=lambda intent: URGENCY.index(intent) if intent in URGENCY else len(URGENCY)))


def _fits(intent: str, whole: Meaning) -> bool:
    """Whether a text as a whole may mean this as well. Danger in one clause is not believed against a sure whole."""
    if intent == DANGER and whole.intent != DANGER and whole.confidence >= SURE_WHOLE:
        return False
    return intent in [name for name, _ in whole.ranking if name != FALLBACK][:LIKELIEST]


async def _own(parts: Iterable[str], read: Read) -> list[str]:
    """What each clause that is a wish means, without repetitions."""
    found = [(part, await read(part)) for part in parts]
    return list(dict.fromkeys(meaning.intent for part, meaning in found if _is_wish(part, meaning)))


def _is_wish(text: str, meaning: Meaning) -> bool:
    if meaning.intent in NEVER_SECOND:
        return False
    if meaning.confidence >= TOLD_SURE.get(meaning.intent, 1.0):
        return True
    return meaning.confidence >= SURE and asks(text)
