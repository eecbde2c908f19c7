"""What is told in a flood: ten true tips of real kinds, and junk of several sorts. All of it is invented."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Tale:
    """One tip: who sends it, what is answered to the questions in their order ("" skips one)."""

    sender: str
    answers: Sequence[str]
    true: bool = False
    sort: str = ""


# Long and short, with and without marks, some in danger, one in English, and two that tell one story in words of their own.
TRUE = (
    Tale("t1", ("Cháu gái tôi mười sáu tuổi bị một người quen trên mạng rủ vào Sài Gòn phụ quán cà phê, ba tuần nay không "
                "gọi về, máy tắt.", "Quán ở gần chợ Bình Điền, Thành phố Hồ Chí Minh", "Từ đầu tháng",
                "Cô tên Hoa, chừng ba mươi tuổi", "Tôi là dì của cháu")),
    Tale("t2", ("co nguoi bi nhot o kho hang sau cho", "Lang Son")),
    Tale("t3", ("Em đang bị nhốt trong phòng trọ, nó giữ điện thoại, em dùng máy của bạn", "Móng Cái, Quảng Ninh")),
    Tale("t4", ("Xóm em có bà chuyên gom giấy tờ của mấy đứa con gái, nói đưa qua bên kia làm móng, đứa nào đi rồi cũng mất "
                "liên lạc", "Bản sát biên giới, Lào Cai", "", "", "mẹ một bạn kể")),
    # The same story as t4, from another witness.
    Tale("t5", ("Tôi muốn báo về một phụ nữ ở xã tôi. Chị ta thu căn cước của các cô gái trẻ, hứa lo việc làm nail bên Trung "
                "Quốc lương cao. Ba cô đã đi, gia đình không gọi được cho ai nữa.", "Lào Cai", "Tháng trước")),
    Tale("t6", ("dem qua co xe 16 cho khoang muoi nguoi qua duong mon, co may nguoi khoc, tai xe khong cho xuong",
                "gan cua khau Moc Bai, Tay Ninh", "2 gio sang")),
    Tale("t7", ("I saw two girls who are not allowed to leave a massage shop. A man at the door holds their passports.",
                "near the night market, Đà Nẵng")),
    Tale("t8", ("con trai toi di lam o casino ben campuchia, no bao phai nop 80 trieu moi duoc ve, hom nao khong du chi tieu "
                "la bi danh", "Bavet", "2 thang nay", "cong ty trong mang", "no nhan tin cho toi")),
    Tale("t9", ("Bị bắt làm vợ người ta, không cho về nhà", "Cao Bằng")),
    Tale("t10", ("Trang “Việc nhẹ tháng 30 triệu” nhắn tôi nộp bản sao hộ chiếu rồi ra bến xe Mỹ Đình gặp người đón, tôi nghi "
                 "là lừa đưa sang Myanmar.", "Hà Nội", "tuần này")),
)  # fmt: skip

PLACES = ("Hà Giang", "Sơn La", "An Giang", "Quảng Trị", "Đắk Lắk", "Cà Mau", "Nghệ An", "Lai Châu", "Điện Biên", "Huế")
_KINDS = ("cô gái", "em bé", "thanh niên", "phụ nữ", "học sinh", "công nhân", "người già", "người lạ")
_THINGS = ("xe tải", "xe khách", "nhà trọ", "quán nước", "kho hàng", "ghe lớn", "công trường", "tiệm vàng")
_TEMPLATES = (
    "Tôi thấy {n} {kind} bị đưa lên {thing} ở gần chợ {place} lúc {hour} giờ, biển số {plate}, mong công an xem giúp",
    "Gần nhà tôi ở {place} có một {thing} ngày nào cũng có {n} {kind} ra vào, tôi nghi là có chuyện không bình thường",
    "Hôm qua lúc {hour} giờ có {n} {kind} nhờ tôi gọi giúp về nhà, họ nói bị giữ ở {thing} tại {place} mấy tháng rồi",
    "Báo công an: {thing} biển số {plate} hay chở {kind} đi về hướng {place}, mỗi tuần chừng {n} chuyến vào ban đêm",
    "Có người đăng tin tuyển {kind} đi làm ở {place} lương {n} triệu, đến nơi thì bị thu giấy tờ và nhốt ở {thing}",
    "Em tôi là {kind}, đi làm ở {thing} tại {place} từ lúc {hour} giờ sáng thứ {n}, tới nay không liên lạc được",
)
_SHORT = ("có {kind} bị bắt ở {place}", "{thing} ở {place} có vấn đề", "{n} {kind} mất tích {place}")
_CRIES = ("cứu em với em đang bị nhốt", "cứu tôi với nó đánh tôi ở {place}", "help me they locked me in {place}")
_SAME = (
    "Tất cả là bịa đặt, công an đừng tin ai hết, đây là tin báo giả để làm phiền mọi người suốt ngày hôm nay cho vui",
    "aaa",
)
_LETTERS = "bcdghklmnpqrstvxyzaeiou"


def gibberish(dice: random.Random) -> tuple[str, ...]:
    length = dice.choice((1, 3, 8, 20))
    return (" ".join("".join(dice.choices(_LETTERS, k=dice.randint(2, 9))) for _ in range(length)),)


def same(dice: random.Random) -> tuple[str, ...]:
    return (dice.choice(_SAME),)


def near(dice: random.Random) -> tuple[str, ...]:
    """Copies with a counter, other punctuation, and a word or two that were changed."""
    words = _SAME[0].split()
    words[dice.randrange(len(words))] = dice.choice(_THINGS)
    return (f"{' '.join(words)}{dice.choice(('', '!', '!!!', ' …'))} {dice.randrange(10_000)}",)


def template(dice: random.Random) -> tuple[str, ...]:
    return (_filled(dice.choice(_TEMPLATES), dice), dice.choice(("", dice.choice(PLACES))))


def short(dice: random.Random) -> tuple[str, ...]:
    return (_filled(dice.choice(_SHORT), dice), dice.choice(PLACES))


def cry(dice: random.Random) -> tuple[str, ...]:
    return (_filled(dice.choice(_CRIES), dice),)


_WHO = "bà chị anh ông cô chú người đàn phụ thanh con cháu em bạn hàng chủ thợ tài khách".split()
_DID = "rủ đưa bắt giữ lừa đón chở nhốt hứa bán gọi dẫn ép đánh thu mua thuê trả hẹn nhận".split()
_WHAT = "giấy tờ tiền lương điện thoại xe nhà việc hộ chiếu hàng nợ phòng chợ rừng sông tàu bến vé áo gạo vàng".split()
_WHEN = "hôm qua nay sáng trưa chiều tối đêm tuần tháng năm trước sau lúc mấy hai ba bốn sáu chín mười".split()
_REST = "không còn đang sẽ cũng rất mới vẫn thì mà rồi nên vì nếu để cho với từ về ra vào lên xuống qua".split()


def different(dice: random.Random) -> tuple[str, ...]:
    """Known words, each time another text, as a person with time or a language model could write: not to be told apart."""
    lists = (_WHO, _DID, _WHAT, _WHEN, _REST)
    told = [
        dice.choice(lists[n % 5] if dice.random() < 0.5 else dice.choice(lists)) for n in range(dice.randint(14, 40))
    ]
    return (" ".join(told), dice.choice(PLACES))


type Sorts = dict[str, Callable[[random.Random], tuple[str, ...]]]

JUNK: Sorts = {
    "gibberish": gibberish,
    "the same text": same,
    "near copies": near,
    "templates": template,
    "short templates": short,
}
CRIES: Sorts = {"cries for help": cry}
DIFFERENT: Sorts = {"different, plausible": different}


def flood(junk: int, senders: int, sorts: Sorts, seed: int) -> Iterator[Tale]:
    """`junk` tips of `senders`, each with one sort of its own, and the true ones evenly among them.

    The last true one is of a sender who has sent junk as well, once.
    """
    dice = random.Random(seed)
    names = list(sorts)
    after = {round((n + 1) * junk / (len(TRUE) + 1)): tale for n, tale in enumerate(TRUE)}
    for number in range(junk):
        if number in after:
            tale = after[number]
            yield Tale(tale.sender, tale.answers, True, "true")
        who = dice.randrange(senders)
        sort = names[who % len(names)]
        sender = TRUE[-1].sender if number == junk // 2 else f"j{who}"
        yield Tale(sender, sorts[sort](dice), False, sort)


def _filled(text: str, dice: random.Random) -> str:
    return text.format(
        n=dice.randint(2, 40),
        hour=dice.randint(1, 23),
        plate=f"{dice.randint(11, 99)}B-{dice.randint(10000, 99999)}",
        place=dice.choice(PLACES),
        kind=dice.choice(_KINDS),
        thing=dice.choice(_THINGS),
    )
