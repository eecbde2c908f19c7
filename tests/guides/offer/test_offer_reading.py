"""What a text answers and what it does not: words with two senses, negations, sums, days, several places."""

from __future__ import annotations

from datetime import date

import pytest

from guides.offer.model import Tables
from guides.offer.reading import read

TODAY = date(2026, 11, 24)


def heard(tables: Tables, text: str) -> set[str]:
    return {f"{q}.{o}" for q, options in read(tables, text, TODAY).given.items() for o in options}


@pytest.mark.parametrize(
    "text, answers",
    [
        ("Họ kêu em đưa căn cước bản gốc rồi mới cho đi làm", {"papers.kept"}),
        ("ben tuyen dung doi giu cmnd cua em", {"papers.kept"}),
        ("they want my original passport before giving me the job", {"papers.kept"}),
        ("chua co hop dong gi ca", {"papers.nocontract"}),
        ("hứa qua đó mới ký hợp đồng", {"papers.later"}),
        ("Chị kia nhắn bảo đi Hàn hái dâu, đóng trước 20 triệu", {"money.before", "where.other"}),
        ("Đi tàu cá cho ứng 15 triệu luôn", {"money.advance", "job.hard", "what.home"}),
        ("họ bắt ký giấy nợ", {"money.penalty"}),
        (
            "Em được mời đi Singapore làm phục vụ, vé máy bay họ lo hết",
            {"money.free", "job.plain", "where.other", "what.abroad"},
        ),
        ("ký xong mới đóng phí, có biên lai", {"money.receipt"}),
        ("The agent told me not to tell my parents", {"forbid.hide", "who.broker"}),
        ("chỉ cần không nói với gia đình", {"forbid.hide"}),
        ("họ hối đi ngay trong đêm nay", {"forbid.rush"}),
        ("họ nói đẻ thuê trả 300 triệu", {"job.surrogacy", "pay.reward"}),
        ("Có người hỏi mua thận của em", {"job.organ"}),
        ("xin nhận con nuôi, làm ở ủy ban xã", {"job.child", "papers.office"}),
        ("vuot bien qua song ban dem", {"route.trail"}),
        ("người xưng công an gọi Zoom", {"who.police"}),
        ("sang Tam giác Vàng trông máy tính", {"where.belt", "job.screen"}),
        ("được mời dự tuyển ở Nhật, chưa nói đi đâu làm", {"where.other", "what.abroad"}),
    ],
)
def test_what_is_heard(tables: Tables, text: str, answers: set[str]) -> None:
    assert answers <= heard(tables, text)


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("bạn thân rủ em đi làm", "job.organ"),  # bạn thân, bán thận
        ("ban than ru em di lam", "job.organ"),
        ("bạn bè bảo đừng đi", "job.child"),  # bạn bè, bán bé
        ("lời mời cho con gái tôi đi học", "job.child"),
        ("bao vé hết, đi Malaysia", "job.plain"),  # bao vé, bảo vệ
        ("em thấy có gì sai sai", "who.official"),  # thấy có, thầy cô
        ("họ lo hết viện phí ở bệnh viện", "who.official"),
        ("uỷ ban nằm gần nhà em", "who.official"),
        ("người môi giới giục em", "what.marriage"),  # môi giới, mai mối
        ("em được mời ký hợp đồng", "papers.later"),  # mời ký, mới ký
        ("công ty có hợp đồng không", "papers.contract"),  # a question is no answer
        ("có phải đóng cọc không", "money.before"),
        ("em không phải đặt cọc gì", "money.before"),
        ("họ không giữ giấy tờ", "papers.kept"),
        ("làm cskh bao ăn", "papers.nocontract"),
        ("đi casino bên Phi 30tr", "money.before"),  # Phi(lippines), phí
        ("mỗi chuyến 4 triệu", "money.before"),  # chuyến, chuyển
        ("cuối tháng đi", "what.marriage"),  # cuối, cưới
        ("làm 1 tuần thử", "money.before"),
    ],
)
def test_what_is_not_heard(tables: Tables, text: str, wrong: str) -> None:
    assert wrong not in heard(tables, text)


@pytest.mark.parametrize(
    "text, millions",
    [
        ("lương 30tr", 30),
        ("lương 20-25 triệu một tháng", 25),
        ("$1000 a month", 26),
        ("ngày 800 nghìn", 21),
        ("2.5 million dong a day", 65),
        ("lương 25 triệu, công ty lo", 25),
        ("nộp 50 triệu tiền cọc", 0),
        ("cho vay 10 triệu", 0),
        ("lương 20 triệu, họ ứng trước 10 triệu", 20),
        ("phải trả 30 triệu tiền chuộc", 0),
    ],
)
def test_sums(tables: Tables, text: str, millions: int) -> None:
    assert read(tables, text, TODAY).pay == millions


@pytest.mark.parametrize(
    "text, minor",
    [
        ("em 15 tuổi", True),
        ("em học lớp 9", True),
        ("bạn học cấp ba rủ em", False),
        ("em 20 tuổi", False),
        ("làm lớp 2 ca", False),
    ],
)
def test_the_young(tables: Tables, text: str, minor: bool) -> None:
    assert read(tables, text, TODAY).minor is minor


def test_the_place_abroad_counts_beside_a_place_at_home(tables: Tables) -> None:
    found = read(tables, "lên Lạng Sơn rồi qua Trung Quốc", TODAY)
    assert "china" in found.given["where"] and "vietnam" not in found.given["where"] and found.country == "CN"
