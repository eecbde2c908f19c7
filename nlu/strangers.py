"""Which words of a text are, or may be, somebody's name, or name a spot smaller than a province. Pure, over small lists.

A name in small letters and without marks is often an everyday word too ("tuan": Tuấn, tuần). Then the word before it
decides: behind "anh", "chị", "tôi là" … it is a name, unless people say just these two words of other things (`usual`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlu.normalise import strip_marks

Known = Callable[[str], bool]  # of a word, or of two with a space between: do training sentences have it?


@dataclass(frozen=True, slots=True)
class Word:
    """`opens`: at the start of a text or a sentence, where a capital says nothing. `plain`: all of the text is without marks."""

    said: str
    opens: bool
    plain: bool = False

    @property
    def low(self) -> str:
        return self.said.lower()

    @property
    def bare(self) -> str:
        return strip_marks(self.low)

    @property
    def capital(self) -> bool:
        """Begins with one, without being shouted; a single letter may be an initial ("Hoàng A")."""
        return self.said[0].isupper() and (len(self.said) == 1 or not self.said.isupper())


@dataclass(frozen=True, slots=True)
class Listed:
    """Words with their marks. One typed without marks is meant too, but not where that is above all another word."""

    words: frozenset[str]
    bare: frozenset[str]
    busy: frozenset[str]

    @classmethod
    def of(cls, words: str, busy: str = "") -> Listed:
        return cls(frozenset(words.split()), _bare(words), _bare(busy))

    def doubts(self, word: Word) -> bool:
        """Typed without marks, it is above all another word."""
        return word.low in self.busy and (word.plain or word.low not in self.words)

    def has(self, word: Word) -> bool:
        if word.low in self.words:
            return True
        return word.low in self.bare and (word.plain or word.low not in self.busy)


def _bare(words: str) -> frozenset[str]:
    return frozenset(strip_marks(words).split())


_TITLES = Listed.of(
    "anh chị em ông bà cô chú bác cậu mợ dì thím o mệ cụ thầy bạn cháu con cái thằng nhỏ bé bố ba má mẹ "
    "mr mrs ms miss brother sister uncle aunt am called named",
    "ong ba co chu bac cau mo di cu thay ban cai be bo ma me",
)
_FAMILIES = Listed.of(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh đoàn lương mai tô trương lâm tạ hà cao "
    "giàng vàng lò quàng sùng thào vừ hạng lầu mùa tòng cà bế nông hứa đào châu kiều thạch chu"
)
# Common given names that are words of the training sentences too, or are without marks; any other name is no known word anyway.
_GIVEN = Listed.of(
    "tuấn hùng hưng dũng hằng hường hương thảo linh ngọc huyền thủy thúy thùy nhung oanh yến loan vân hạnh hân lan hoa mai cúc sơn "
    "hải cường tùng huy khánh phúc lâm kiên duy quang vinh nghĩa hiếu long khoa thắng hoàng phong phương trang nga hiền bình hà "
    "liên lệ diệp diễm giang khang lộc luân mạnh nam nguyên nhi phượng quỳnh quyên tài tân thái thịnh thiện trâm trinh trúc "
    "tuyết uyên vũ vy xuân bích hậu hiển hiệp hoài hồng kim nguyệt sen đức quân dương đạt thành tâm thu trung tiến minh",
    "hai nam thu tam dat thanh hang lien hieu huong hien nghia tai tan ha dung nhung quan hong vu giang hoang le lam trung tien "
    "minh nhi mai van phong hoai",
)
# In small letters and without a title these are names only in front of what a person does.
_LOOSE = _bare(
    "nghĩa phúc vân bình thành hoài thu hà mạnh trang tâm phong tài khoa trung "
    "trinh hồng thắng quang mai sen tân tiến hạnh tính kim đức lệ"
)
_DOES = _bare(
    "ở là rủ lừa bảo nói đưa tên bán đánh gọi hứa nhờ kêu và đã dẫn dụ xúi nhà quê hẹn cho "
    "sang lên về kể lấy chở đón đang sẽ ơi cũng mới làm đi who from in lives told said"
)
# In small letters most family names are everyday words ("pham toi", "lương"); these are names, and others before "van" or "thi".
_NEVER_WORDS = frozenset(("nguyễn", "nguyen", "huỳnh", "huynh"))
_NO_NGUYEN = frozenset("nhan tac lieu vong don quan".split())  # "nguyen nhan" is a cause
_MIDDLE = frozenset(("văn", "thị", "van", "thi"))
_BUSY_FAMILIES = _bare("đỗ hồ tô tạ mai hà võ lý bùi đặng cao cà vàng mùa nông")
_SURE_FAMILIES = _bare("trần lê phạm ngô")
_TIMES = frozenset("này nay sau trước truoc tới rồi roi ngoái ngoai kia".split())  # "em tuan nay di" is a week
_TIMED = frozenset(("tuan", "thu", "nam"))
_NO_NAME = _bare("gì j ai chi nào sao đâu không ko thật đầy đủ what who in not a the and va của")
_PEOPLES = _bare("tiếng người nước châu tây chữ quốc tịch bên")  # "tiếng Hoa", "người Nga" are nobody's names
_SELVES = _bare("tôi em cháu con mình tớ tui anh chị nó i")
_LONGEST_NAME = 4  # words

# What stands before the name of a spot. Two words are looked up as "khách sạn".
_SPOTS = frozenset(
    "đường phố ngõ ngách hẻm kiệt thôn xóm bản ấp sóc buôn làng phường xã huyện quận trường quán chợ chùa tiệm karaoke spa xưởng "
    "lớp thpt thcs ubnd kcn bar massage duong thon xom ap phuong huyen quan truong cho chua street road school hotel ward district "
    "village pho".split()
) | {"thị trấn", "thị xã", "khách sạn", "khach san", "nhà nghỉ", "nha nghi", "nhà hàng", "nha hang", "bệnh viện", "benh vien",
     "nhà thờ", "bến xe", "ben xe", "khu phố", "khu pho", "chung cư", "công an xã", "cửa hàng", "quán bar", "tiểu học", "tieu hoc",
     "mầm non", "cơ sở", "khu công", "tòa nhà", "thi tran", "thi xa"}  # fmt: skip
# Behind these also small letters are a name; the rest are too often other words ("đường dây", "chợ đen", "trường hợp").
_SURE_SPOTS = frozenset("thôn xóm ấp phường huyện quận thon xom huyen".split()) | {"thị trấn", "thi tran", "xã"}
_NO_SPOT = Listed.of(
    "em tôi mình này nay đó kia nào nao do ở có của bên con ai khác trên dưới thì là không ko cho với và hay hoặc để bị được đi về "
    "rồi hội nhà anh chị bà ông cô chú họ người mà nó tao tui mới cũ ni nớ đang sẽ gần xa x lan 1 em hỏi giúp hoi giup muốn"
)
_LONGEST_SPOT = 5  # words with capitals


def names(words: Sequence[Word], usual: Known, others: set[int]) -> set[int]:
    """The places of words that are, or may be, parts of a person's name; `others` are known to be none."""
    found: set[int] = set()
    for place in range(len(words)):
        if place in found | others:
            continue
        if length := _family(words, place, usual) or _introduced(words, place) or _given(words, place, usual):
            found |= set(range(place, _end(words, place, length, usual)))
    return found


def spots(words: Sequence[Word], usual: Known) -> set[int]:
    """The places of words that name a street, a village, a school, a house: all that is smaller than a province."""
    found: set[int] = set()
    for place in range(1, len(words)):
        kind = words[place - 1].low
        two = f"{words[place - 2].low} {kind}" if place > 1 else ""
        if place in found or words[place].opens or not {kind, two} & _SPOTS:
            continue
        end = place
        while end < min(place + _LONGEST_SPOT, len(words)) and _named(words[end]):
            end += 1
        if end == place and {kind, two} & _SURE_SPOTS and _small_spot(words, place, usual):
            end = place + 1
            if end < len(words) and _second(words, end, usual):
                end += 1
        found |= set(range(place, end))
    return found


def _named(word: Word) -> bool:
    """Written as a part of a name: a capital, or an abbreviation such as THPT."""
    return not word.opens and word.said[0].isupper() and not _NO_SPOT.has(word)


def _small_spot(words: Sequence[Word], place: int, usual: Known) -> bool:
    word = words[place]
    return not _NO_SPOT.has(word) and word.bare not in _DOES and not usual(f"{words[place - 1].low} {word.low}")


def _second(words: Sequence[Word], place: int, usual: Known) -> bool:
    """Goes on with the name, rather than with what follows it."""
    word = words[place]
    behind = words[place + 1].low if place + 1 < len(words) else ""
    return not word.opens and not _NO_SPOT.has(word) and word.bare not in _DOES and not usual(f"{word.low} {behind}")


def _family(words: Sequence[Word], place: int, usual: Known) -> int:
    """How many words a name has that begins here with a family's name; 0: none does."""
    word, before, behind = words[place], _before(words, place), _behind(words, place)
    if not _FAMILIES.has(word):
        return 0
    third = _behind(words, place + 1) if behind else None
    if behind and behind.low in _MIDDLE and (not usual(f"{word.low} {behind.low}") or (third and _GIVEN.has(third))):
        return 3
    if word.capital and (not word.opens or (behind and behind.capital)):
        return int(not _are_usual(word, behind, usual) and not (before and before.bare in _PEOPLES))
    if word.low == "nguyen" and behind and behind.low in _NO_NGUYEN:
        return 0
    if (
        word.low in _NEVER_WORDS
        and not _are_usual(word, behind, usual)
        and not (before and _are_usual(before, word, usual))
    ):
        return 2 if behind and behind.bare not in _NO_NAME | _DOES else 1
    if not behind or not _GIVEN.has(behind) or usual(f"{word.low} {behind.low}"):
        return 0
    sure = word.bare in _SURE_FAMILIES or (word.bare not in _BUSY_FAMILIES and not _GIVEN.doubts(behind))
    return 2 if sure else 0


def _introduced(words: Sequence[Word], place: int) -> int:
    """Behind "tên là", "my name is": whatever is no question. Behind "tên" alone: what may be a name."""
    word, before = words[place], [each.bare for each in words[max(0, place - 3) : place]]
    if word.opens or word.bare in _NO_NAME or word.low == "là":
        return 0
    if before[-2:] in (["ten", "la"], ["name", "is"], ["name", "s"]) or before in (
        ["ten", "em", "la"],
        ["ten", "that", "la"],
    ):
        return 1
    return int(before[-1:] == ["ten"] and (word.capital or (_GIVEN.has(word) and not _GIVEN.doubts(word))))


def _given(words: Sequence[Word], place: int, usual: Known) -> int:
    """A given name behind a title, or with a capital amid a sentence, or opening one in front of what a person does."""
    word, before, behind = words[place], _before(words, place), _behind(words, place)
    does = behind is not None and behind.bare in _DOES
    if before is None:
        likely = _GIVEN.has(word) and does and (word.capital or not _GIVEN.doubts(word))
        return int(likely and behind is not None and not usual(f"{word.low} {behind.low}"))
    if _says_who(words, place) and (word.capital or _GIVEN.has(word)):
        return int(word.capital or does or not _are_usual(word, behind, usual))
    if word.capital and (_TITLES.has(before) or _GIVEN.has(word)):
        everyday = _are_usual(word, behind, usual) or (before.capital and _are_usual(before, word, usual))
        return int(not everyday and before.bare not in _PEOPLES)
    if not _GIVEN.has(word) or (word.bare in _TIMED and behind is not None and behind.low in _TIMES):
        return 0
    if not _TITLES.has(before):
        likely = not _GIVEN.doubts(word) and (does or word.bare not in _LOOSE)
        return int(likely and _is_alone(before, word, behind, usual))
    if _GIVEN.doubts(word):
        return int(does and not usual(f"{before.low} {word.low}"))
    return int(does or not usual(f"{before.low} {word.low}"))


def _says_who(words: Sequence[Word], place: int) -> bool:
    """Behind "tôi là", "em là", "I am"."""
    before = [each.bare for each in words[max(0, place - 2) : place]]
    return len(before) == 2 and before[0] in _SELVES and before[1] in ("la", "am", "m")


def _is_alone(before: Word, word: Word, behind: Word | None, usual: Known) -> bool:
    """People say this word neither behind the one before nor in front of the next: it is no part of an everyday phrase."""
    return behind is not None and not usual(f"{before.low} {word.low}") and not usual(f"{word.low} {behind.low}")


def _before(words: Sequence[Word], place: int) -> Word | None:
    """The word before, in the same sentence."""
    return words[place - 1] if place and not words[place].opens else None


def _behind(words: Sequence[Word], place: int) -> Word | None:
    return words[place + 1] if place + 1 < len(words) and not words[place + 1].opens else None


def _are_usual(word: Word, behind: Word | None, usual: Known) -> bool:
    """Two words of an everyday name such as "Trung tâm", "Công an"."""
    return behind is not None and behind.bare not in _DOES and usual(f"{word.low} {behind.low}")


def _end(words: Sequence[Word], place: int, length: int, usual: Known) -> int:
    """Where the name ends that begins at `place` and has so many words at least: it goes on over capitals and given names."""
    end = place + 1
    while end < min(place + _LONGEST_NAME, len(words)) and not words[end].opens:
        word, last = words[end], words[end - 1]
        small = not words[place].capital and _GIVEN.has(word) and word.bare not in _DOES
        goes_on = word.capital or word.low in _MIDDLE or (small and not usual(f"{last.low} {word.low}"))
        if end >= place + length and not goes_on:
            break
        end += 1
    return end
