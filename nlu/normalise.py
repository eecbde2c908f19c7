"""Brings what people type to one form: Unicode, where the tone mark sits, drawn-out letters, common abbreviations.

Pure functions; the Rasa adapter is in components.py. Nothing here changes the meaning: a text is only brought nearer to
how the same person would have written it without a hurry.
"""

from __future__ import annotations

import re
import unicodedata

# Where the tone mark sits: "hoà" and "hòa" are both taught; the second (older) one is what most phones type.
_TONE_PAIRS = {
    f"{first}{second_toned}": f"{first_toned}{second}"
    for first, firsts, second, seconds in (
        ("o", "òóỏõọ", "a", "àáảãạ"),
        ("o", "òóỏõọ", "e", "èéẻẽẹ"),
        ("u", "ùúủũụ", "y", "ỳýỷỹỵ"),
    )
    for first_toned, second_toned in zip(firsts, seconds, strict=True)
}
_MARKS = "\u0300-\u036f"  # combining marks that have no letter to merge with after NFC
_TONE_END = re.compile("(?<![qQ])(" + "|".join(_TONE_PAIRS) + rf")(?![\w{_MARKS}])")

_LONG = re.compile(r"([^\W\d])\1{2,}")  # letters only: 111 is a hotline, 500000 an amount
_JOINED_PUNCTUATION = re.compile(r"([^\w\s])\1+")
_SPACES = re.compile(r"\s+")
_WORD = re.compile(rf"[\w₫{_MARKS}]+")
_D = str.maketrans("đĐðÐ", "dDdD")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

# Written short by everybody; each has one reading in this bot's talk. Keys are lower case, as typed.
ABBREVIATIONS = {
    "ko": "không", "k": "không", "kh": "không", "hok": "không", "hong": "không", "hông": "không", "hổng": "không",
    "hem": "không", "kg": "không", "khg": "không", "hk": "không", "khum": "không", "kô": "không", "nỏ": "không",
    "dc": "được", "đc": "được", "dk": "được", "đk": "được", "đx": "được", "dx": "được",
    "j": "gì", "gi": "gì", "ji": "gì", "z": "vậy", "zậy": "vậy", "dzậy": "vậy", "v": "vậy", "zay": "vậy",
    "m": "mình", "mk": "mình", "mik": "mình", "mih": "mình", "t": "tôi", "tui": "tôi", "tau": "tôi",
    "e": "em", "a": "anh", "c": "chị", "b": "bạn", "bn": "bao nhiêu", "bnhiu": "bao nhiêu", "bnhieu": "bao nhiêu",
    "bik": "biết", "bít": "biết", "bt": "biết", "biet": "biết", "vs": "với", "vz": "với", "wa": "quá", "qá": "quá",
    "trc": "trước", "trk": "trước", "ng": "người", "ngta": "người ta", "nta": "người ta", "mng": "mọi người",
    "mn": "mọi người", "nv": "như vậy", "ntn": "như thế nào", "nnao": "như nào", "sn": "sao", "lm": "làm",
    "lg": "lương", "lun": "luôn", "r": "rồi", "rui": "rồi", "rùi": "rồi", "roi": "rồi", "nc": "nước",
    "ctrinh": "chương trình",
    "xkld": "xuất khẩu lao động", "xklđ": "xuất khẩu lao động", "cty": "công ty", "ct": "công ty", "cti": "công ty",
    "ca": "công an", "csgt": "cảnh sát giao thông", "đt": "điện thoại", "dt": "điện thoại", "sdt": "số điện thoại",
    "sđt": "số điện thoại", "fb": "facebook", "face": "facebook", "zl": "zalo", "tt": "tiktok", "tele": "telegram",
    "ib": "nhắn tin", "inb": "nhắn tin", "rep": "trả lời", "tl": "trả lời", "nt": "nhắn tin", "tn": "tin nhắn",
    "cccd": "căn cước công dân", "cmnd": "chứng minh nhân dân", "hc": "hộ chiếu", "gđ": "gia đình", "gd": "gia đình",
    "vn": "việt nam", "tq": "trung quốc", "cam": "campuchia", "campu": "campuchia", "cpc": "campuchia",
    "hq": "hàn quốc", "nb": "nhật bản", "đl": "đài loan", "mbn": "mua bán người", "pcmbn": "phòng chống mua bán người",
    "ubnd": "ủy ban nhân dân", "lhpn": "liên hiệp phụ nữ", "hpn": "hội phụ nữ", "hlhpn": "hội liên hiệp phụ nữ",
    "pn": "phụ nữ", "lđ": "lao động", "hđ": "hợp đồng", "hd": "hợp đồng", "tg": "thời gian", "hum": "hôm",
    "wen": "quen", "iu": "yêu", "ny": "người yêu", "ck": "chồng", "vk": "vợ", "thik": "thích", "cx": "cũng",
    "cug": "cũng",
    "dag": "đang", "đag": "đang", "đg": "đang", "nhìu": "nhiều", "nhiu": "nhiêu", "bh": "bao giờ", "h": "giờ",
    "gio": "giờ",
    "mi": "mày", "răng": "sao", "rứa": "vậy", "mô": "đâu", "chi": "gì", "ri": "này", "hắn": "nó", "ổng": "ông ấy",
    "bả": "bà ấy", "ảnh": "anh ấy", "chỉ": "chị ấy", "nghen": "nhé", "nha": "nhé", "nhen": "nhé",
    "pls": "làm ơn", "plz": "làm ơn", "tks": "cảm ơn", "thks": "cảm ơn", "thanks": "cảm ơn", "thank": "cảm ơn",
    "tnx": "cảm ơn", "ths": "cảm ơn", "camon": "cảm ơn", "oki": "ok", "okie": "ok", "okla": "ok", "uh": "ừ", "um": "ừ",
    "uk": "ừ", "uhm": "ừ", "ùa": "ừ", "ukm": "ừ",
}  # fmt: skip
# Read as abbreviations only inside a longer text: alone they are words or answers ("c" to a quiz, "chỉ").
_ONLY_WITH_COMPANY = frozenset("abcemtvhrk") | {"chi", "chỉ", "ảnh", "cam", "ct", "tt", "hd", "ca"}


def clean(text: str) -> str:
    """Composed letters, also of disguised ones (NFKC); no invisible characters, one space between words; 🆘 is a word."""
    text = text.replace("🆘", " sos ")
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).strip()


def normalise(text: str) -> str:
    """The form that the classifier sees: `clean`, lower case, tone in its usual place, nothing drawn out or short.

    Idempotent; the same for a text in NFC and in NFD.
    """
    text = expand(clean(clean(text).lower()))  # before and after drawing in: "cccd" is no drawn-out "cd"
    text = _LONG.sub(r"\1", text)
    text = _JOINED_PUNCTUATION.sub(r"\1", text)
    text = _TONE_END.sub(lambda found: _TONE_PAIRS[found[0]], text)
    return expand(text)


def expand(text: str) -> str:
    """Writes common abbreviations out; `text` is lower case."""
    alone = len(_WORD.findall(text)) < 2

    def out(found: re.Match[str]) -> str:
        word = found[0]
        if alone and word in _ONLY_WITH_COMPANY:
            return word
        return ABBREVIATIONS.get(word, word)

    return _WORD.sub(out, text)


def strip_marks(text: str) -> str:
    """The text as typed without diacritics: "mua bán người" → "mua ban nguoi", and đ (also its look-alike ð) → d."""
    decomposed = unicodedata.normalize("NFD", text.translate(_D))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))
