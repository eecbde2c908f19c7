"""Whether a message only has a meaning with the talk before it, and what it then asks. Pure.

The whole message must be made of such words: "thế phạt bao nhiêu" goes on about the topic at hand, "buôn người phạt bao nhiêu"
stands alone. It is looked at without marks, so "con ben lao thi sao" is the same as "còn bên Lào thì sao".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from nlu.normalise import clean, strip_marks
from nlu.talk.cases import Case, cases_named
from nlu.talk.positions import position

MOST_WORDS = 12  # a longer message stands alone
_MOST_NAMED = 8  # words of a topic named in passing


class Kind(StrEnum):
    """What a follow-up asks."""

    CASE = "case"  # the same for another place, person or circumstance
    IF = "if"  # the same in a circumstance told in free words: "nếu họ giữ lương thì sao"
    ABOUT = "about"  # another topic, named in passing: "còn nhận con nuôi thì sao"
    BLAME = "blame"  # whether the one who was deceived is punished
    PENALTY = "penalty"
    RECOGNISE = "recognise"
    AVOID = "avoid"
    CALL = "call"
    REPORT = "report"
    MORE = "more"
    PICK = "pick"  # a place in the list that was shown last
    NOT_THAT = "not_that"  # none of what was offered
    NO = "no"  # the same in a word, which means that only after an offer of readings


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`place`: from 1, or -1 for the last. `leans`: without a talk before it the message has no meaning at all."""

    kind: Kind
    leans: bool = False
    place: int = 0
    cases: tuple[Case, ...] = ()
    rest: str = ""  # as typed: what is asked about


_SHORT = {
    "dzay": "vay", "zay": "vay", "z": "vay", "v": "vay", "rua": "vay", "ri": "vay", "rang": "sao", "sn": "sao", "mo": "dau",
    "ko": "khong", "k": "khong", "hong": "khong", "hok": "khong", "hem": "khong", "khum": "khong", "kg": "khong", "kh": "khong",
    "j": "gi", "ji": "gi", "bn": "bao nhieu", "bnhieu": "bao nhieu", "bnhiu": "bao nhieu", "dc": "duoc", "lm": "lam",
    "mk": "minh", "e": "em", "vd": "vi du", "ntn": "nhu the nao", "mun": "muon", "nge": "nghe", "thia": "thi",
    "whats": "what s", "abt": "about", "pls": "please", "plz": "please",
}  # fmt: skip
# Without their marks these would be other words that matter here; they stand so only in a text that is typed with marks.
_MARKED = {"con": "child", "bán": "sell", "thận": "kidney", "bạn": "ad", "chi": "gi"}
_OPENS_ANOTHER = (
    "con",
    "the con",
    "vay con",
    "what about",
    "how about",
    "and what about",
    "and how about",
    "what s about",
)
_SURELY_ALSO = re.compile(r"(?:\w+ )?(?:the|vay|roi|ma) con ")
_OPENS_IF = (
    "neu",
    "the neu",
    "vay neu",
    "con neu",
    "lo",
    "con lo",
    "neu nhu",
    "neu lo",
    "what if",
    "and if",
    "and what if",
)
_OPENERS = frozenset(
    "the vay a u o ok oke da vang ua thoi thi va ma roi hay nhu ad hoi gio and then but well oh also hmm".split()
)
_CLOSERS = frozenset(
    "a ad voi nhe nha nhi ha vay the hen nghen he nghe em minh toi anh chi oi luon di nua day ta then please too".split()
)
_HOW_ENDS = frozenset("vay the a ha".split())  # closers that may belong to "cũng vậy hả"
_HOW = re.compile(
    r" (?:thi )?(?:sao|the nao|nhu the nao|ra sao)$"
    r"| (?:thi )?(?:co )?(?:bi |giong |khac |cung )?(?:vay |the |nhu vay |nhu the )?khong$"
    r"| cung (?:bi )?(?:vay|the|nhu vay|bi)(?: a| ha)?$"
)


def follow_up(text: str) -> FollowUp | None:
    """What a text asks of the talk before it, or None if it stands alone."""
    typed = clean(text).split()
    if not typed or len(typed) > MOST_WORDS:
        return None
    bare = _bare(" ".join(typed))
    core = _core(bare)
    if place := position(core) or position(bare):
        return FollowUp(Kind.PICK, leans=True, place=place)
    if _NOT_THAT.fullmatch(core) or _NOT_THAT.fullmatch(bare):
        return FollowUp(Kind.NOT_THAT, leans=True)
    if _NO.fullmatch(core) or _NO.fullmatch(bare):
        return FollowUp(Kind.NO)
    for side in _SIDES:
        if side.means(core) or side.means(bare):
            return FollowUp(side.kind, leans=side.leans)
    return _another(typed, bare)


def _another(typed: list[str], bare: str) -> FollowUp | None:
    """Another case, or another topic named in passing."""
    spoken = _strip(bare, _OPENERS - {"va", "and"}, frozenset())
    iffy, another = _begins(spoken, _OPENS_IF), _begins(spoken, _OPENS_ANOTHER)
    rest = _strip(spoken.removeprefix(iffy or another), _OPENERS, frozenset())
    asked = _strip(_HOW.sub("", f" {_strip(rest, (), _CLOSERS - _HOW_ENDS)}").strip(), (), _CLOSERS)
    asks = bool(_HOW.search(f" {_strip(rest, (), _CLOSERS - _HOW_ENDS)}"))
    if another == "con" and not (asks or _SURELY_ALSO.match(bare)) and _has_no_marks(typed):
        another = ""  # without its mark and without a question it is a child, or the speaker
    leans = bool(iffy or another) or spoken.startswith(("and ", "va "))
    if not (leans or asks):
        return None
    if cases := cases_named(asked.split()):
        return FollowUp(Kind.CASE, leans=leans, cases=cases)
    if iffy and asks:
        return FollowUp(Kind.IF)
    if another and 0 < len(asked.split()) <= _MOST_NAMED:
        return FollowUp(Kind.ABOUT, rest=_as_typed(typed, asked))
    return None


def _begins(spoken: str, openers: Iterable[str]) -> str:
    """The longest of the openers with which a text begins, or ""."""
    return max((opener for opener in openers if spoken.startswith(f"{opener} ")), key=len, default="")


def _has_no_marks(typed: list[str]) -> bool:
    return all(strip_marks(word) == word for word in typed)


@dataclass(frozen=True, slots=True)
class _Side:
    """A side of the topic that is asked about: all its words are `words`, and `key` is among them."""

    kind: Kind
    key: re.Pattern[str]
    words: frozenset[str]
    leans: bool = False

    def means(self, text: str) -> bool:
        return bool(self.key.search(text)) and set(self.key.sub(" ", text).split()) <= self.words


def _side(kind: Kind, key: str, words: str, leans: bool = False) -> _Side:
    return _Side(kind, re.compile(rf"\b(?:{key})\b"), frozenset(words.split()), leans)


_FOR_ALL = (
    "thi sao the nao nhu vay lam gi la co khong duoc em minh do nay ay bay gio phai can cho kieu cach voi con va a "
    "so then and but"
)
_SIDES = (
    _side(
        Kind.BLAME,
        r"(?:toi|em|minh|tui|chau|con|child|nan nhan|nguoi nha|nguoi bi (?:lua|ban|hai|ep))"
        r"(?: (?:toi|em|minh|tui|chau|do|ay|nay))?(?: thi)?(?: co(?: phai)?|(?=.* khong)) "
        r"(?:bi (?:phat|bat|toi|di tu|tu|xu phat|xu ly|xu|truy cuu|lien luy)|di tu|chiu toi|co toi|mang toi)"
        r"|(?:will|would|could|can|am|do) i (?:be |get |go )?(?:to )?"
        r"(?:punished|arrested|prosecuted|jailed|jail|prison|in trouble|fined)",
        f"{_FOR_ALL} neu lo bi ep lua roi ma luon hay khai thiet that ra nhi not for this it too if",
    ),
    _side(
        Kind.PENALTY,
        r"phat|di tu|o tu|tu toi|tu|toi (?:gi|nay|do)|muc an|an phat|hinh phat|punish(?:ment|ed)|penalty|prison|jail|sentence",
        f"{_FOR_ALL} bi chiu xu se phai may nam bao nhieu lau muc hinh thang tien chung ho bon ke nguoi nang nhat cao luat dieu ra "
        "nao how many years in do they get for that this it what is the what s what happens to them long much go to will be are",
    ),
    _side(
        Kind.RECOGNISE,
        r"nhan biet|nhan ra|dau hieu|phan biet|recogni[sz]e|warning signs|signs?|spot",
        f"{_FOR_ALL} de nhung chung no bi lua ra biet duoc how do can i you what are the it this them to is that some",
    ),
    _side(
        Kind.AVOID,
        r"phong tranh|tranh|de phong|phong ngua|(?:de )?(?:khong|khoi|dung) bi lua|khoi bi|avoid|protect myself|stay safe",
        f"{_FOR_ALL} de bi lua minh phong nhu nao dinh how can do i it this that to from being should",
    ),
    _side(
        Kind.CALL,
        r"goi|lien he|lien lac|so may|so nao|call|phone|number",
        f"{_FOR_ALL} ai dau o may noi toi den muon where who do i should what which number to can about "
        "this for it that the is",
    ),
    _side(
        Kind.REPORT,
        r"(?:bao|to giac|to cao)(?: tin)?(?: cong an)?(?: thi)?(?: lam)? (?:o dau|cho ai|dau|o cho nao|sao|the nao|nhu the nao|"
        r"kieu gi|cach nao|bang cach nao)|report (?:it|this|that|them)",
        f"{_FOR_ALL} muon lam sao how where do can i should to who",
    ),
    _side(
        Kind.MORE,
        r"ro hon|ro them|ky hon|[cg]h?i tiet|cu the|noi them|ke them|them nua|noi tiep|ke tiep|them di|gi nua|con gi|nua khong|"
        r"giai thich them|noi ro|ke ro|more|details?|elaborate|go on|continue|vi du|chang han|for example|examples?",
        f"{_FOR_ALL} noi ke giai thich ro hon them nua di nghe biet chut xiu ti ty ve cai phan vu chuyen muon xem doc hieu chua "
        "tiep mot vai coi nhu thuc te can you tell me about it this that please some a bit any give explain in "
        "detail an is there the",
        leans=True,
    ),
)
_THAT = r"(?:do|nay|ay|kia|vay|the)"
_ME = "(?: em| minh| toi)?"
_NOT_THAT = re.compile(
    "|".join(
        (
            r"(?:(?:em|minh|toi) )?(?:deu |chang )?(?:khong|khong co|chang|chang co|khong phai) (?:phai )?"
            rf"(?:cai|y|muc|dieu|cau|may cai|nhung cai|cac y) (?:nao|{_THAT}|tren|em|minh|toi)"
            r"(?: (?:dung|ca|het|phai|tren|do|muon hoi|em|minh))*",
            rf"deu khong(?: phai| dung)|khong dung y{_ME}|(?:sai|khong dung) (?:het|ca)(?: roi)?",
            rf"(?:khong|dau) (?:phai )?hoi (?:cai|dieu|chuyen|y)? ?{_THAT}|y (?:em|minh|toi) khong phai {_THAT}",
            rf"(?:cai|y|dieu) {_THAT} khong (?:phai|dung)(?: y| cai)?{_ME}(?: hoi| can| muon)*",
            rf"(?:ad |bot )?hieu (?:sai|nham)(?: y)?{_ME}(?: roi)?",
            r"(?:no )?(?:none|neither)(?: of (?:them|these|those|the above|that))?",
            r"(?:no )?not (?:that|this|these|those|any of (?:them|these|those))(?: one)?",
            r"(?:no )?that(?: i)? ?s not (?:it|what i (?:mean|meant|asked|want|wanted))",
        )
    )
)
_NO = re.compile(r"khong(?: phai| dung)?(?: dau)?|sai(?: roi)?|no(?:pe)?|wrong|not really|tat ca deu sai|chua dung")


def _bare(text: str) -> str:
    """Lower case, no marks, no signs, one space between words; short words written out."""
    said = text.lower()
    words = re.findall(r"[^\W_]+", said)
    if strip_marks(said) != said:
        words = [_MARKED.get(word, word) for word in words]
    return " ".join(_SHORT.get(word, word) for word in map(strip_marks, words))


def _core(bare: str) -> str:
    """Without what people say before and after a question."""
    return _strip(bare, _OPENERS | {"con"}, _CLOSERS)


def _strip(text: str, openers: Iterable[str], closers: Iterable[str]) -> str:
    words, before, after = text.split(), set(openers), set(closers)
    while len(words) > 1 and words[0] in before:
        words.pop(0)
    while len(words) > 1 and words[-1] in after:
        words.pop()
    return " ".join(words)


def _as_typed(typed: list[str], asked: str) -> str:
    """The typed words of which `asked` was made."""
    wanted = asked.split()
    for start in range(len(typed)):
        for end in range(len(typed), start, -1):
            if _bare(" ".join(typed[start:end])).split() == wanted:
                return " ".join(typed[start:end]).strip(" ?!.,;")
    return asked
