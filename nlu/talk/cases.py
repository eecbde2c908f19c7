"""Places, people and circumstances that a follow-up may name: "còn bên Lào thì sao", "thế con nít thì sao", "what about men?".

`said` is how people name a case, without marks; `found` is how content names it, with its marks, so that what was written about
exactly that case can be said first. Pure data and one function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One place, kind of person or circumstance."""

    said: tuple[str, ...]
    found: tuple[str, ...]


def _case(said: str, found: str) -> Case:
    return Case(tuple(said.split("|")), tuple(found.split("|")))


CASES = (
    _case("lao|laos|ben lao", "Lào|Laos"),
    _case("myanmar|mianma|mien dien|mien|burma", "Myanmar"),
    _case("campuchia|cam pu chia|campu|cam|cpc|cambodia|kampuchia", "Campuchia|Cambodia"),
    _case("trung quoc|tq|tau|china|quang chau|quang tay|van nam", "Trung Quốc|China"),
    _case("thai lan|thai|thailand", "Thái Lan|Thailand"),
    _case("philippines|philippin|phi lip pin|phi", "Philippines"),
    _case("nhat ban|nhat|japan", "Nhật|Japan"),
    _case("han quoc|han|korea|south korea", "Hàn Quốc|Korea"),
    _case("dai loan|taiwan", "Đài Loan|Taiwan"),
    _case("malaysia|ma lai", "Malaysia"),
    _case("singapore|sing", "Singapore"),
    _case("dubai|du bai|a rap|a rap xe ut|saudi|trung dong", "Dubai|Ả Rập|Trung Đông"),
    _case("chau au|europe|duc|germany|phap|france|ba lan|nga|russia|anh quoc|nuoc anh|england|uk", "châu Âu|Europe"),
    _case("uc|australia|my|nuoc my|usa|america|canada|angola|chau phi|africa|indonesia|an do|india", "Úc|Mỹ|Australia|America"),
    _case("viet nam|vn|vietnam|trong nuoc|nuoc minh|o nha|o que|que minh", "trong nước|Việt Nam|Vietnam"),
    _case("nuoc ngoai|nuoc khac|xu nguoi|abroad|overseas|another country|other countries", "nước ngoài|abroad"),
    _case("bien gioi|vung cao|vung bien|mien nui|vung sau|the border|mountains", "biên giới|border"),
    _case("thanh pho|sai gon|ha noi|tp hcm|the city|cities", "thành phố|city"),
    _case(
        "tre em|tre con|con nit|nit|em be|be|tre|dua nho|em nho|tre nho|tre so sinh|duoi 16 tuoi|duoi 16|duoi 18 tuoi|duoi 18"
        "|vi thanh nien|tre vi thanh nien|hoc sinh|chau nho|chau be|children|kids|child|kid|minors|a minor|babies|under 16|under 18"
        "|con cai",
        "trẻ|em bé|dưới 16|dưới 18|16–17|child|children|under 16|under 18|aged 16",
    ),
    _case("dan ong|con trai|trai|nam gioi|nam|men|man|boys|boy|males|male", "đàn ông|nam giới|con trai|men|boys"),
    _case("phu nu|con gai|gai|dan ba|nu|chi em|women|woman|girls|girl", "phụ nữ|con gái|women|girls"),
    _case("ba bau|mang thai|co bau|bau|pregnant women|pregnant", "mang thai|bào thai|pregnant|unborn"),
    _case("nguoi gia|ong ba|cu gia|nguoi lon|old people|adults|elderly", "người già|người lớn"),
    _case("sinh vien|hoc vien|students|student", "sinh viên|student"),
    _case("nguoi nuoc ngoai|tay|foreigners|foreigner|a foreigner", "người nước ngoài|foreigner"),
    _case("dong tinh|chuyen gioi|lgbt|gay|gay people|transgender", "LGBT|chuyển giới|đồng tính"),
    _case("khuyet tat|nguoi khuyet tat|disabled people", "khuyết tật|disab"),
    _case("online|tren mang|qua mang|mang|facebook|fb|zalo|telegram|tiktok|internet|on the internet", "mạng|online|Facebook|Zalo"),
    _case("nguoi quen|ho hang|nguoi nha|nguoi than|ba con|hang xom|bo me|relatives|friends|family", "người quen|họ hàng|relative"),
    _case("tu nguyen|dong y|tu di|tu dong y|dong y di|they agree|they agreed|consent|voluntary", "đồng ý|tự nguyện|agree"),
)  # fmt: skip

_LONGEST = max(len(name.split()) for case in CASES for name in case.said)
_BY_NAME = {tuple(name.split()): case for case in CASES for name in case.said}
# Says nothing about which case it is: "ở bên … thì", "nếu là … của em bị bán", "if it is a …".
_BETWEEN = frozenset(
    "o ben qua sang di tai tu la cua ma nguoi ta cac nhung may thi voi do bi ve viec trong nuoc ban toi em minh tui hay hoac va ca "
    "neu vu phia dua nan nhan xu ho bang la in for if it is a an the to over there with are they about victim victims victim's my "
    "happens someone".split()
)


def cases_named(words: Sequence[str]) -> tuple[Case, ...]:
    """The cases that these words (lower case, no marks) name; () unless they name nothing else."""
    found: list[Case] = []
    place = 0
    while place < len(words):
        length = next(
            (
                n
                for n in range(_LONGEST, 0, -1)
                if tuple(words[place : place + n]) in _BY_NAME and place + n <= len(words)
            ),
            0,
        )
        if length:
            found.append(_BY_NAME[tuple(words[place : place + length])])
        elif words[place] not in _BETWEEN:
            return ()
        place += max(length, 1)
    return tuple(dict.fromkeys(found))
