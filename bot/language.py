"""Which language a person writes. Rules first; a detector only for long texts; never a switch on one short message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from langdetect import DetectorFactory, LangDetectException, detect_langs

from content.model import Tongue
from content.spelling import bare, says

DetectorFactory.seed = 0  # langdetect guesses with a dice otherwise

# Letters and tone marks of Vietnamese alone; é and à stand in "café" and "voilà" as well.
_VIETNAMESE_LETTER = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ]|[aeiouyAEIOUY]\u0303|[\u0309\u0323]")
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = set(
    "the is are am was were what how who where when why which do does did can could will would should i you he she they we my "
    "your his her their me him them it this that these those and or not of to in on at for with from about have has help police "
    "please hello hi hey thanks thank yes report number call job work money english name stop want need know someone people "
    "somebody there being go going abroad trafficking safe tell friend sister brother".split()
)
_VIETNAMESE = set(
    "toi em anh chi minh ban khong ko k co la gi duoc dc cho voi vs cua va thi bi lam sao nhu nao bao nhieu o dau di ve "
    "nguoi cong an viec luong tien hoi xin chao cam on vang da u khi nay kia ai con chau me bo vo chong lua xuat khau lao dong "
    "ket hon phu nu nha nuoc ngoai muon can giup so dien thoai to giac luat phat tu nam thang ngay roi chua nhe nha".split()
)
LONG = 20  # letters from which one message may switch the language, and from which the detector is asked
_SURE = 0.9


def detect(text: str, current: str | None, tongues: Mapping[str, Tongue] | None = None) -> str:
    """The language of a text. `current` is the talk's, or None in a talk that begins; what is unclear stays as it is.

    "vi" and "en" are told apart; another of `tongues` is known by a script of its own, or stays once it was chosen, until a
    long text in one of those two.
    """
    letters = sum(c.isalpha() for c in text)
    if written := _by_script(text, tongues or {}):
        return written
    found = _by_rules(text)
    if found is None and letters >= LONG:
        found = _by_detector(text)
    if current is None:
        return found or "vi"
    chosen = current not in ("vi", "en")  # with a reason: a few letters with marks are none against it
    by_letters = not chosen and _VIETNAMESE_LETTER.search(_decomposed(text))
    if found is None or (letters < LONG and found != current and not by_letters):
        return current
    return found


def asked_for(text: str, tongues: Mapping[str, Tongue]) -> str | None:
    """The language that a person asks for by its name, or None; the choice is what the library has."""
    said = bare(text)
    return next((code for code, tongue in tongues.items() if any(says(said, words) for words in tongue.asked)), None)


def _by_script(text: str, tongues: Mapping[str, Tongue]) -> str | None:
    """The language most of whose letters these are, by what Unicode calls them ("KHMER LETTER KA")."""
    letters = [unicodedata.name(c, "") for c in text if c.isalpha()]
    for code, tongue in tongues.items():
        if tongue.script and sum(name.startswith(tongue.script) for name in letters) * 2 > len(letters):
            return code
    return None


def _by_rules(text: str) -> str | None:
    if _VIETNAMESE_LETTER.search(_decomposed(text)):
        return "vi"
    words = _WORD.findall(_bare(text))
    english = sum(word in _ENGLISH for word in words)
    vietnamese = sum(word in _VIETNAMESE for word in words)
    if english > vietnamese and english * 3 >= len(words):
        return "en"
    if vietnamese > english and vietnamese * 3 >= len(words):
        return "vi"
    return None


def _by_detector(text: str) -> str | None:
    try:
        best = detect_langs(text)[0]
    except LangDetectException:
        return None
    return best.lang if best.lang in ("vi", "en") and best.prob >= _SURE else None


def _decomposed(text: str) -> str:
    """Marks apart, but ă â ê ô ơ ư đ still whole where they were."""
    return unicodedata.normalize("NFC", text) + unicodedata.normalize("NFD", text)


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in apart if not unicodedata.combining(c))
