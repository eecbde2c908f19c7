"""Which language a person writes. Rules first; a detector only for long texts; never a switch on one short message."""

from __future__ import annotations

import re
import unicodedata

from langdetect import DetectorFactory, LangDetectException, detect_langs

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


def detect(text: str, current: str | None) -> str:
    """ "vi" or "en". `current` is the talk's language, or None in a talk that begins; what is unclear stays as it is."""
    found = _by_rules(text)
    letters = sum(c.isalpha() for c in text)
    if found is None and letters >= LONG:
        found = _by_detector(text)
    if current is None:
        return found or "vi"
    if found is None or (letters < LONG and found != current and not _VIETNAMESE_LETTER.search(_decomposed(text))):
        return current
    return found


def asked_for(text: str) -> str | None:
    """The language that a person asks for by its name, or None."""
    bare = _bare(text)
    if re.search(r"\b(tieng anh|english|anh ngu)\b", bare):
        return "en"
    if re.search(r"\b(tieng viet|vietnamese|viet ngu)\b", bare):
        return "vi"
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
