"""Names that people choose to show on a leaderboard: cleaned, short, one of a kind, and giving nobody away."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 20  # characters
_PHONE = re.compile(r"(?:\d[ .-]?){8,}")
_LINK = re.compile(r"https?:|www\.|@\w|\w/\w|\w\.(?:com|vn|net|org|me|ly|info|top|xyz)\b", re.IGNORECASE)
_TALK = (  # anywhere in a message; written with its marks. Without them none may be a name that people like: "em bị", "Em Bi".
    # asking
    "gì, thế nào, như thế nào, làm sao, tại sao, vì sao, ở đâu, bao nhiêu, khi nào, bao giờ, mấy giờ, thứ mấy, "
    "là ai, ai là, ai đang, có ai ở, phải không, được không, có không, đúng không, "
    "cho hỏi, xin hỏi, muốn hỏi, hỏi về, hỏi luật, về luật, "
    # wishing
    "tôi, muốn, giúp, xem, cho mình, cho em, cho cháu, cho xin, xin số, xin lỗi, em cần, mình cần, cháu cần, con cần, "
    "hướng dẫn, đăng ký, nhận tin, thông báo, bản tin, cảnh báo, dữ liệu, xóa, hủy bỏ, hủy đi, "
    "tiếng anh, tiếng việt, ngôn ngữ, quay lại, làm lại, bắt đầu, dừng lại, kết thúc, bỏ qua, "
    "không muốn, không cần, không phải, không biết, không hiểu, không thi, không làm, "
    # telling, and calling for help
    "báo tin, tin báo, gửi tin, báo cho, báo người, báo công an, báo cảnh sát, cho công an, tố giác, tố cáo, "
    "trình báo, khai báo, đang bị, sắp bị, người bị, bị lừa, bị bắt, bị nhốt, bị đánh, bị bán, bị ép, bị dọa, "
    "lừa đảo, mua bán, buôn người, buôn bán, bán con, bán trẻ, bán người, đẻ thuê, nội tạng, việc nhẹ, lương cao, "
    "cứu với, cứu em, cứu con, cứu mình, khẩn cấp, số điện thoại, sđt, đường dây nóng, hotline, tổng đài, "
    "gọi 111, gọi 113, gọi số, gọi cho, gọi ai, gọi công an, "
    # about the contest
    "cuộc thi, vào thi, dự thi, thể lệ, giải thưởng, xếp hạng, bxh, bảng điểm, điểm của, "
    "câu hỏi, đố vui, luyện tập, ôn tập, trắc nghiệm, "
    # being polite
    "chào, cảm ơn, cám ơn, tạm biệt, hẹn gặp, bạn ơi, ad ơi, em ơi, anh ơi, chị ơi, cô ơi, bạn là, "
    # in English
    "what, how, where, when, who, why, i want, i need, i am, can i, can you, please, tell me, show me, send me, help me, "
    "my data, delete, report, phone number, the contest, contest rules, the rules, the quiz, my score, leaderboard, "
    "thank, thanks, good morning"
).split(", ")
_WHOLE = (  # as the whole message
    "hi, hi there, hello, hey, alo, bye, menu, help, sos, ok, okay, yes, no, stop, cancel, start over, tks, test me, "
    "vâng, vâng ạ, dạ, dạ vâng, có, có ạ, ừ, đúng rồi, được rồi, đồng ý, phải, phải rồi, chưa, từ chối, gửi, "
    "cứu, công an, tra mã"
).split(", ")
_END = "không, vậy, rồi, nữa".split(", ")  # after another word

type _Word = tuple[str, frozenset[str]]  # its letters, and which marks it bears


def cleaned(text: str) -> str:
    """One line in NFC without control, invisible or direction-changing characters and without doubled spaces."""
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if sign.isspace() else sign for sign in composed)
    return " ".join("".join(sign for sign in spaced if unicodedata.category(sign)[0] != "C").split())


def problem(name: str) -> str:
    """Why a cleaned name cannot stand on a board: "long", "short", "phone", "link"; or "" if it can."""
    if len(name) > LONGEST:
        return "long"
    if len(name) < 2 or not any(sign.isalpha() for sign in name):
        return "phone" if _PHONE.search(name) else "short"
    if _PHONE.search(name):
        return "phone"
    return "link" if _LINK.search(name) else ""


def key(name: str) -> str:
    """Equal for names that a reader would take for one: "Hoa  Sen" and "hoa sen"; "Lan" and "Lân" stay two."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_talk(text: str) -> bool:
    """A message that is no name, so that the dialogue may answer it: long, asking, wishing, greeting; marks may be missing."""
    name = cleaned(text)
    count = len(name.split())
    if "?" in name or len(name) > 2 * LONGEST or count > 6 or (len(name) > LONGEST and count >= 4):
        return True
    said = _words(name)
    if any(_says(said, words) for words in _WHOLE_WORDS) or any(_says(said[1:][-1:], words) for words in _END_WORDS):
        return True
    return any(_says(said[at : at + len(words)], words) for words in _TALK_WORDS for at in range(len(said)))


def _words(text: str) -> list[_Word]:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return [_word(unicodedata.normalize("NFD", word)) for word in words]


def _word(decomposed: str) -> _Word:
    marks = frozenset(sign for sign in decomposed if unicodedata.combining(sign))
    return "".join(sign for sign in decomposed if sign not in marks), marks


def _says(said: list[_Word], words: list[_Word]) -> bool:
    """Marks may be missing, but none may be wrong: "bao tin" says "báo tin", the name "Bảo Tín" does not."""
    return len(said) == len(words) and all(map(_stands_for, said, words))


def _stands_for(typed: _Word, wanted: _Word) -> bool:
    letters, marks = typed
    if not marks and "đ" not in letters:
        return letters == wanted[0].replace("đ", "d")
    return letters == wanted[0] and marks <= wanted[1]


_TALK_WORDS = [_words(phrase) for phrase in _TALK]
_WHOLE_WORDS = [_words(phrase) for phrase in _WHOLE]
_END_WORDS = [_words(phrase) for phrase in _END]
