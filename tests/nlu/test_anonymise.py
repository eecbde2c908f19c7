"""anonymise.py: nothing by which somebody could be found, and still a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.anonymise import LONGEST, NAME, anonymise
from nlu.normalise import strip_marks
from nlu.training_files import known_words, sentences


def safe(text: str) -> str | None:
    return anonymise(text, lambda word: word in known_words())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        # numbers
        ("gọi cho em số 0912 345 678 nhé", "gọi cho em số 1 nhé"),
        ("gọi +84912345678 gặp anh", "gọi 1 gặp anh"),
        ("gọi cho em +855 12 345 678 nhé", "gọi cho em 1 nhé"),
        ("0 9 1 2 3 4 5 6 7 8 la so cua no", "1 la so cua no"),
        ("số của em là không chín một hai ba bốn năm sáu bảy tám", "số của em là 1"),
        ("so cua em la khong chin mot hai ba bon nam sau bay tam", "so cua em la 1"),
        ("please call me at nine one two three four five six", "please call me at 1"),
        ("gọi số ９１２３４５６７８ giúp em", "gọi số 1 giúp em"),
        ("nó hứa lương 30tr một tháng", "nó hứa lương 1tr một tháng"),
        ("em năm nay 17 tuổi", "em năm nay 1 tuổi"),
        ("gọi 113 hay 111 thì được", "gọi 113 hay 111 thì được"),
        ("số nhà 15/27 ngõ 3 gần chợ", "số nhà 1 ngõ 1 gần chợ"),
        ("sinh ngày 12/03/2005 thì sao ạ", "sinh ngày 1 thì sao ạ"),
        ("số tài khoản 0123456789 có phải lừa không", "số tài khoản 1 có phải lừa không"),
        ("căn cước 012345678901 của em bị giữ", "căn cước 1 của em bị giữ"),
        ("mã 1234 5678 9012 3456 78 của em còn không", "mã 1 của em còn không"),
        ("xe 29A-123.45 đưa em đi rồi", "xe x-1 đưa em đi rồi"),
        # links, mail, user names
        ("mail của tôi là hoa.nguyen@gmail.com", "mail của tôi là x"),
        ("vào https://fb.com/nguyen.a xem giúp em với", "vào x xem giúp em với"),
        ("xem trang www.vieclamtot.vn giúp em", "xem trang x giúp em"),
        ("t.me/tuyendung99 có phải lừa không", "x có phải lừa không"),
        ("bit.ly/3xyzabc là gì vậy bạn", "x là gì vậy bạn"),
        ("fb.com/tuan.hoang là trang nào vậy bạn", "x là trang nào vậy bạn"),
        ("nick zalo của nó là @tuan99 đó", "nick zalo của nó là x đó"),
        ("nick zalo của nó là tuan_hoang đó", "nick zalo của nó là x đó"),
        # names with capitals
        ("anh Tuấn bảo em đi làm", "anh Lan bảo em đi làm"),
        ("chị Nguyễn Thị Hoa rủ con đi", "chị Lan rủ con đi"),
        ("Nguyễn Văn An là người xấu đó", "Lan là người xấu đó"),
        ("em quen chị Lò Thị Mai ở bản", "em quen chị Lan ở bản"),
        ("em quen anh Giàng A Páo ở bản", "em quen anh Lan ở bản"),
        ("tên là Trần Quốc Bảo, giúp em", "tên là Lan, giúp em"),
        ("mẹ em tên Nguyễn Thị Hồng bị lừa", "mẹ em tên Lan bị lừa"),
        ("tôi là Hoa ở Nghệ An", "tôi là Lan ở Nghệ An"),
        ("hôm qua Tuấn rủ em đi làm", "hôm qua Lan rủ em đi làm"),
        ("Tuấn rủ em đi làm ở bên đó", "Lan rủ em đi làm ở bên đó"),
        ("Hương rủ em đi làm ở bên đó", "Lan rủ em đi làm ở bên đó"),
        ("Bà Sáu nói con bé đi rồi", "Bà Lan nói con bé đi rồi"),
        ("HÔM QUA THẰNG TUẤN LỪA EM", "HÔM QUA THẰNG Lan LỪA EM"),
        ("toi la Hung, toi muon hoi chuyen nay", "toi la Lan, toi muon hoi chuyen nay"),
        # names in small letters, with and without marks
        ("anh tuan o xom 3 lua em", "anh Lan o xom 1 lua em"),
        ("chị hoa rủ em đi làm", "chị Lan rủ em đi làm"),
        ("thang hung lua em di lam", "thang Lan lua em di lam"),
        ("nguyen van a lua em tien", "Lan lua em tien"),
        ("tran thi b ru em di lam", "Lan ru em di lam"),
        ("le tuan lua tien cua em", "Lan lua tien cua em"),
        ("toi la hung o nghe an", "toi la Lan o nghe an"),
        ("chau ten la huong o nghe an", "chau ten la Lan o nghe an"),
        ("em di theo chi huyen sang ben kia roi", "em di theo chi Lan sang ben kia roi"),
        # English
        ("my name is Nguyen and I need help", "my name is Lan and I need help"),
        ("my name is hung and i need help", "my name is Lan and i need help"),
        ("I am Peter, what should I do now", "I am Lan, what should I do now"),
        # places smaller than a province, schools, houses, companies
        ("đường Trần Phú có chỗ nào giúp em không", "đường x có chỗ nào giúp em không"),
        ("ở huyện Mèo Vạc có ai giúp không", "ở x có ai giúp không"),
        ("em ở thôn Hòa Bình muốn hỏi chuyện này", "em ở thôn x muốn hỏi chuyện này"),
        ("em o thon hoa binh muon hoi", "em o thon x muon hoi"),
        ("phường Bến Nghé có ai giúp em không", "phường x có ai giúp em không"),
        ("ở trường Lê Lợi có bạn bị lừa rồi", "ở trường x có bạn bị lừa rồi"),
        ("bệnh viện Bạch Mai có giúp nạn nhân không", "bệnh viện x có giúp nạn nhân không"),
        ("em làm ở quán bar Sao Đêm bị giữ giấy tờ", "em làm ở quán bar x bị giữ giấy tờ"),
        ("công ty TNHH Hoàng Long có phải lừa không", "x có phải lừa không"),
        ("Golden Dragon Group có phải lừa không", "x có phải lừa không"),
        # nothing that Rasa, a terminal or a table would take for its own
        ("tôi muốn hỏi về [x](y) {z} được không", "tôi muốn hỏi về x (y) z được không"),
        ("em hỏi chuyện này \x1b[31m được không", "em hỏi chuyện này 1m được không"),
    ],
)
def test_what_has_to_go(text: str, kept: str) -> None:
    found = safe(text)
    assert found is not None
    assert _plain(found) == _plain(kept)
    assert not set(found) & set("[]{}@\x1b")


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("sđt o912.345.678 là của nó đó em", ["912", "345", "678"]),
        ("số điện thoại của em là o9l2 345 67o", ["345", "67"]),
        ("Anh Tuấn Bảo Em Đi Làm Ở Bên Kia", ["Tuấn"]),
        ("thằng Tèo con ông Năm lừa em", ["Tèo", "Năm"]),
        ("trường THPT Chu Văn An có bạn bị lừa đi rồi", ["Chu", "Văn"]),
        ("vua a pao lua em sang ben kia", ["pao"]),
        ("em ở khách sạn Sao Mai phòng 305 bị giữ", ["Mai", "305"]),
        ("bạn em là Jessica nó đi đâu mất rồi", ["Jessica"]),
        ("Tu\u0301ấn rủ em đi làm ở đâu đó", ["ấn rủ"]),
    ],
)
def test_a_secret_goes_whatever_is_left(text: str, secrets: list[str]) -> None:
    for secret in secrets:
        assert secret not in (safe(text) or "")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


@pytest.mark.parametrize(
    "text",
    [
        "thế còn bên đó thì người ta làm sao",
        "Mình hỏi chuyện khác được không",
        "sang Campuchia làm việc có sao không",
        "ở Hà Giang có ai giúp không",
        "trên Facebook họ đăng tuyển người",
        "cho hỏi chỗ nào nhận đơn vậy bạn",
        "the con o do thi sao",
        "em khong hieu gi het",
        "Em muốn đi Nhật. Phải hỏi ai?",
        "hội phụ nữ có giúp không cô",
        "mai em đi rồi, phải làm gì",
        "what should I do now",
        "đồ khó hiểu quá trời",
        "CÔNG AN CÓ BIẾT KHÔNG",
        "tên công ty đó là gì",
        "có tên trong danh sách không",
        "tuần này em đi rồi thì sao",
        "em tuan sau di thi lam sao",
        "phụ huynh phải làm gì vậy",
        "nguyen nhan la gi vay",
        "xã hội có giúp gì không",
        "gọi 113 có được không ạ",
        "con em đi Thái Lan qua Zalo làm sao bây giờ",
        "nhà trường có biết chuyện này không",
        "Trung Quốc hay Hàn Quốc thì hơn",
        "có được nói tiếng Anh không",
        "ai là người có lỗi trong chuyện này",
        "hai mẹ con em phải làm sao",
    ],
)
def test_what_stays(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "   ", "...", "Nguyễn Thị Hoa", "0912345678", "qwrt zxcv bnmp", "Xyz Abcd Efgh ijkl em", "a " * LONGEST, "ok",
     "Minh Anh Thu Ha Lan", "em ở số 5, ngõ 7, tổ 9, tên Hoa, sinh 2001, gọi 0912345678, stk 123456, cccd 98765"],
)  # fmt: skip
def test_what_is_not_kept_at_all(text: str) -> None:
    assert safe(text) is None


def test_a_company_and_a_commune_go_and_a_province_stays() -> None:
    text = safe("Công ty TNHH Hoàng Long ở xã Mường Khương, tỉnh Lào Cai có lừa không vậy")
    assert text is not None
    assert "Hoàng" not in text
    assert "Mường" not in text
    assert "Lào Cai" in text


_SAYS = st.sampled_from(
    ["em hỏi chuyện này", "làm sao bây giờ", "có ai giúp em không", "the con ben do thi sao", "it is not clear to me"]
)


@given(_SAYS, st.from_regex(r"0[35789]\d{8}", fullmatch=True), _SAYS)
def test_no_planted_number_is_left(before: str, number: str, after: str) -> None:
    for written in (number, f"{number[:4]} {number[4:7]} {number[7:]}", f"{number[:4]}.{number[4:]}", f"sdt{number}"):
        kept = safe(f"{before} {written} {after}") or ""
        assert not re.search(r"\d{2,}", kept)


@given(_SAYS, st.sampled_from(["Nguyễn", "Trần", "Phạm", "Huỳnh", "Đặng"]), st.sampled_from(["Văn", "Thị", ""]),
       st.sampled_from(["Quyết", "Thắng", "Thuỷ", "Khuê", "Yến"]), st.booleans())  # fmt: skip
def test_no_planted_name_is_left(says: str, family: str, middle: str, given_name: str, bare: bool) -> None:
    name = " ".join(part for part in (family, middle, given_name) if part)
    bare = (
        bare and (bool(middle) or family in ("Nguyễn", "Huỳnh")) and family != "Đặng"
    )  # "pham thang", "dang thi" may be anything
    name = strip_marks(name).lower() if bare else name
    kept = f" {strip_marks(safe(f'{says} {name} ạ') or '').lower()} "
    assert f" {strip_marks(family).lower()} " not in kept
    assert f" {strip_marks(given_name).lower()} " not in kept


@given(st.text(max_size=120))
def test_whatever_comes_no_mark_of_others_is_left(text: str) -> None:
    kept = safe(f"em hỏi chuyện này làm sao bây giờ {text}")
    if kept is not None:
        assert len(kept) <= LONGEST
        assert not set(kept) & set("[]{}<>@#*_`\x1b\n")
        assert not re.search(r"\d{2,}", re.sub(r"\b11[1-5]\b", "", kept))


_SMALL = [
    "tuan",
    "hung",
    "khanh",
    "cuong",
    "huyen",
    "thao",
    "linh",
    "oanh",
    "tuấn",
    "hoa",
    "hằng",
    "thảo",
    "vân",
    "yến",
]


@given(
    _SAYS,
    st.sampled_from(["anh", "chị", "ông", "bà", "thằng"]),
    st.sampled_from(_SMALL),
    st.sampled_from(["rủ em đi", "ở xóm"]),
)
def test_no_name_in_small_letters_is_left_behind_a_title(says: str, title: str, name: str, does: str) -> None:
    assert name not in (safe(f"{says} {title} {name} {does} làm") or "").split()


@given(_SAYS, st.from_regex(r"[a-z]{3,9}[._]?[a-z]{2,6}@(gmail|yahoo)\.com(\.vn)?", fullmatch=True))
def test_no_planted_mail_is_left(says: str, mail: str) -> None:
    kept = safe(f"{says} {mail} ạ") or ""
    assert mail not in kept
    assert "@" not in kept


# -- how much of what is planted is left, and how much is lost of what people say (figures: docs/security.md)

_NAMES = (
    "Tuấn Hùng Dũng Hằng Hường Thảo Linh Ngọc Huyền Thủy Thúy Nhung Oanh Yến Loan Vân Hạnh Hoa Mai Cúc Sơn Hải Cường Quân Tùng Huy "
    "Khánh Phúc Lâm Đạt Kiên Duy Quang Vinh Nghĩa Hiếu Trung Thành Long Tiến Thắng Hoàng Phong Phương Trang Nga Hiền Bình "
    "Minh Nam Đức Thu Liên Quỳnh Trinh Tuyết Xuân Khoa Tâm Hưng Páo Dế Súa Mỷ Chẩn"
).split()
_TITLED = ("em đi theo chị {} sang bên kia rồi", "anh {} ở xóm em rủ em đi làm", "cháu tên là {} cháu hỏi giúp bạn")


def _left(templates: tuple[str, ...], form: Callable[[str], str], text_form: Callable[[str], str]) -> float:
    """The share of names that are still there."""
    texts = [(text_form(template.format(form(name))), form(name)) for name in _NAMES for template in templates]
    return sum(name in (safe(text) or "").split() for text, name in texts) / len(texts)


def test_what_is_left_of_names() -> None:
    """The training data decide what an everyday word is: this fails when they have grown so that names pass."""

    def bare(text: str) -> str:
        return strip_marks(text).lower()

    assert _left(_TITLED, str, str) == 0
    assert _left(_TITLED, strip_marks, strip_marks) == 0
    assert _left(_TITLED, str.lower, str.lower) == 0
    assert _left(_TITLED, bare, bare) <= 0.2
    assert _left(("hôm qua {} rủ em đi làm",), str, str) <= 0.1
    assert _left(("hôm qua {} rủ em đi làm",), str.lower, str.lower) <= 0.2
    assert _left(("hôm qua {} rủ em đi làm", "tôi là {} tôi muốn hỏi chuyện này"), bare, bare) <= 0.5


def test_what_is_lost_of_everyday_sentences() -> None:
    said = [sentence for sentence, _ in sentences()[::25] if len(sentence.split()) > 2]
    kept = [safe(sentence) for sentence in said]
    assert sum(text is None for text in kept) <= 0.04 * len(said)
    assert sum(NAME in (text or "").split() for text in kept) <= 0.04 * len(said)
