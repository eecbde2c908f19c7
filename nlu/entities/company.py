"""Companies by name: "công ty TNHH Hoàng Long", "tập đoàn Prince", "Golden Dragon Group" → the name without its kind.

What a company is and does ("TNHH", "xuất khẩu lao động", "du học") is no name: "công ty xuất khẩu lao động" alone is
none. The name ends where the capitals end; in a text without capitals only behind a legal form, at the first word that
goes on with the sentence, after three words at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.model import Found, Kind
from nlu.entities.reading import Reading, flexible

_KIND = "tổng công ty|công ty|cong ty|cty|cti|tập đoàn|trung tâm|doanh nghiệp|dntn|tt(?= du)|ct(?= (?:tnhh|cp|cổ phần))"
_LEGAL = "tnhh|trách nhiệm hữu hạn|mtv|một thành viên|1 thành viên|cổ phần|cp|tư nhân|dntn"
_FIELD = (
    "xuất khẩu lao động|xklđ|xkld|xuất nhập khẩu|xnk|du học|du lịch|môi giới|việc làm|giới thiệu việc làm|"
    "tư vấn|thương mại|dịch vụ|tmdv|tm dv|tm|dv|đầu tư|xây dựng|phát triển|nguồn nhân lực|nhân lực|"
    "cung ứng|quốc tế|vận tải|bảo hiểm|tài chính|giải trí|ngoại ngữ|đào tạo|và|&|-|tập đoàn|sản xuất|"
    "công nghệ|hợp tác|lao động|lữ hành|môi trường|luật|bất động sản|bđs"
)
_LEAD = re.compile(
    flexible(
        rf"(?<!\w)(?:{_KIND})(?!\w)(?P<forms>(?: (?:{_LEGAL})(?!\w))*)(?P<fields>(?: (?:{_LEGAL}|{_FIELD})(?!\w))*)"
    )
)
_NAME = re.compile(r" ?[^\W_]+(?:[-.&'][^\W_]+)*")
_STOP = frozenset(
    word
    for word in "o tai co k ko khong la va voi lua bao no nay do kia nao gi cua tuyen thu doi uy dia hua noi dua di dan dang em "
    "e toi minh cho bat gia ten nhe nhu thi ma duoc dc chua roi r hay hoac day ben bac nam sai ky giu nhung hop".split()
)
_PUBLIC = frozenset("tro bao y van thanh dich hoi giao cong hanh phuc cham quan kiem".split())  # no companies
_ENGLISH = re.compile(
    r"(?P<name>(?:[A-Z0-9][\w&'-]*\.? ){1,5})"
    r"(?:Co\.?, ?Ltd\.?|Company Limited|JSC|Corporation|Corp\.?|Group|Company|Inc\.?|LLC|Ltd\.?)(?!\w)"
)
_NOT_FIRST = frozenset("The A This That My Your Which Our His Her".split())


def find(reading: Reading) -> Iterator[Found]:
    for found in _LEAD.finditer(reading.low):
        legal = bool(found["forms"])
        following = reading.bare[found.end() :].split()
        if (
            not found["fields"]
            and reading.bare.startswith("trung tam", found.start())
            and following
            and following[0] in _PUBLIC
        ):
            continue
        end = _name_end(reading, found.end(), legal)
        if end:
            yield Found(Kind.COMPANY, found.start(), end, reading.shown[found.end() : end].strip(" -"))
    for found in _ENGLISH.finditer(reading.shown):
        name, start = found["name"], found.start()
        while name.split(" ")[0] in _NOT_FIRST:
            cut = len(name.split(" ")[0]) + 1
            name, start = name[cut:], start + cut
        if name.strip() and not reading.shouted:
            yield Found(Kind.COMPANY, start, found.end(), name.strip())


def _name_end(reading: Reading, start: int, legal: bool) -> int | None:
    """Where the name behind the kind word ends, or None: no name."""
    at, taken = start, 0
    trust = any(c.isupper() for c in reading.shown[start:]) and not reading.shouted
    while taken < 5 and (word := _NAME.match(reading.shown, at)):
        begins = word.start() + (word[0][0] == " ")
        first = reading.shown[begins]
        if not word[0].startswith(" ") and taken == 0:
            return None
        bare = reading.bare[begins : word.end()]
        if trust:
            if not (first.isupper() or (first.isdigit() and any(c.isupper() for c in word[0]))):
                break
        elif bare in _STOP or not (legal or reading.shouted) or taken >= (2 if reading.shouted or legal else 0):
            break
        at, taken = word.end(), taken + 1
    return at if taken else None
