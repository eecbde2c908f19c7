"""The talk as a person has it: sentences in, bubbles out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.library import Library
from content.reply import Reply
from db.stores import Store
from guides.company.guide import CompanyGuide
from guides.company.matching import Difference, Entry, Finding, Near
from guides.company.register import Listing, Register
from guides.company.telling import LONGEST_BUBBLE, LONGEST_TITLE, Teller
from guides.port import Step
from tests.guides.company.conftest import NOW, PUBLISHED

REAL = [
    Entry(
        0,
        "0001/AB-GP",
        "Công ty TNHH Gió Nồm Xa",
        "licensed",
        "GIONOM",
        "Còn hiệu lực",
        date(2020, 3, 12),
        "Số 1",
        "gionom.example",
    ),
    Entry(0, "0002/AB-GP", "Công ty CP Gió Nồm Gần", "withdrawn", "", "Quyết định thu hồi"),
    Entry(0, "0003/AB-GP", "Công ty CP Quýt Hồng Non", "suspended", "", "Tạm đình chỉ"),
    Entry(0, "0004/AB-GP", "Công ty CP Nghé Ọ Đồng", "unknown"),
]


@pytest.fixture
def real(library: Library, register: Register) -> CompanyGuide:
    register.replace(REAL, "Cục Mẫu, Bộ Nội vụ", PUBLISHED, sample=False)
    return CompanyGuide(library, register)


def _said(step: Step | None) -> str:
    assert step is not None
    return "\n".join(reply.body for reply in step.replies)


def _payloads(step: Step) -> list[str]:
    return [button.payload for reply in step.replies for button in reply.buttons]


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("cty tnhh xkld doi gio hu co giay phep ko", "0024/MAU-GP"),
        ("Công ty Cổ phần Nhân lực Cánh Buồm Giấy có uy tín không?", "0010/MAU-GP"),
        ("tra giúp em cty vịt trời bay với ạ", "0066/MAU-GP"),
        ("cho mình hỏi Ghe Lúa Chín có được đưa người đi Nhật không", "0087/MAU-GP"),
        ("is Cogose Manpower licensed?", "0262/MAU-GP"),
        ("check cong ty ho sen nguoc giup e", "0234/MAU-GP"),
        ("họ bảo giấy phép số 45 là thật, đúng không", "0045/MAU-GP"),
        ("lá bàng đỏ", "0052/MAU-GP"),
        ("CTY CON SE NAU CO LUA DAO KHONG", "0038/MAU-GP"),
        ("con em nộp tiền cho “Bến Đò Xưa” rồi, có sao không", "0213/MAU-GP"),
    ],
)
def test_a_company_in_a_sentence_is_looked_up_at_once(guide: CompanyGuide, text: str, licence: str) -> None:
    step = guide.begin("vi", text)
    assert licence in _said(step)
    assert step.kept is None
    assert not step.urgent
    assert step.tip == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "công ty này có giấy phép không",
        "Tra cứu giấy phép xuất khẩu lao động ở đâu?",
        "cong ty nao co phep di han",
        "Công ty con trai tôi đang theo học có uy tín không",
        "how do I check a recruitment agency's license",
        "công ty nhân lực quốc tế có giấy phép không",
    ],
)
def test_a_question_without_a_name_is_asked_back(guide: CompanyGuide, text: str) -> None:
    step = guide.begin("vi", text)
    assert "gõ tên công ty" in _said(step)
    assert step.kept == {"asks": True}
    assert "guide:company:unknown" in _payloads(step)
    assert [call.url for call in step.replies[0].calls] == ["https://www.dolab.moha.gov.vn"]


@pytest.mark.parametrize(
    "text",
    [
        "cong ty hat suong mai ha noi co giay phep khong",
        "cty tnhh canh buom giay phuong nam uy tin ko",
        "Công ty Đồi Gió Hú Việt Hưng có giấy phép không?",
        "cty tnhh vit troi bay moi co phep ko",
        "lá bàng đỏ sài gòn có giấy phép không",
    ],
)
def test_a_longer_name_in_a_sentence_is_not_the_listed_one(guide: CompanyGuide, text: str) -> None:
    step = guide.begin("vi", text)
    assert "Có phải" in _said(step)
    assert "còn hiệu lực: " not in _said(step)


def test_without_a_list_the_official_address_is_given(library: Library, register: Register) -> None:
    guide = CompanyGuide(library, register)
    for step in (
        guide.begin("vi", "cty cánh buồm giấy có giấy phép không"),
        guide.press(None, "vi", "again"),
        guide.press(None, "vi", "7"),
        guide.hear({"asks": True}, "vi", "cánh buồm giấy"),
    ):
        assert "chưa có danh sách" in _said(step)
        assert "www.dolab.moha.gov.vn" in _said(step)
        assert step is not None
        assert step.kept is None


def test_a_licensed_company_is_told_with_all_that_was_asked_for_and_never_called_safe(real: CompanyGuide) -> None:
    step = real.begin("vi", "cty tnhh gió nồm xa có giấy phép không")
    said = _said(step)
    assert said.startswith("Có trong danh sách, giấy phép còn hiệu lực: Công ty TNHH Gió Nồm Xa.")
    for part in (
        "0001/AB-GP",
        "12/03/2020",
        "Cục Mẫu, Bộ Nội vụ",
        "01/11/2026",
        "www.dolab.moha.gov.vn",
        "đọc kỹ hợp đồng",
    ):
        assert part in said
    assert "sau khi đã ký" in said
    assert "mượn tên" in said
    assert "an toàn" not in said
    assert "Điều 23" in step.replies[0].note  # the fee only after signing: F3.07
    assert [call.url or call.number for call in step.replies[0].calls] == ["https://www.dolab.moha.gov.vn", "111"]
    assert "THỬ" not in said


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("gió nồm gần", "ĐÃ BỊ THU HỒI"),
        ("quýt hồng non", "ĐANG BỊ TẠM DỪNG"),
        ("nghé ọ đồng", "Có tên trong danh sách, nhưng không rõ"),
    ],
)
def test_trouble_with_the_licence_comes_first(real: CompanyGuide, text: str, begins: str) -> None:
    said = _said(real.begin("vi", f"cty {text} có giấy phép không"))
    assert said.startswith(begins)
    assert "Khoan nộp tiền" in said.splitlines()[1]


def test_not_found_says_what_it_means_and_what_to_do(real: CompanyGuide) -> None:
    step = real.begin("vi", "cty tnhh Khế Rụng Vườn có giấy phép không")
    said = _said(step)
    assert said.splitlines()[:2] == [
        "Mình không thấy “cty tnhh Khế Rụng Vườn” trong danh sách.",
        "Khoan nộp tiền, khoan đưa giấy tờ.",
    ]
    for part in ("tên giả", "danh sách đã cũ", "Sở Nội vụ", "111", "www.dolab.moha.gov.vn", "01/11/2026"):
        assert part in said
    assert step.kept is None


def test_every_answer_from_a_sample_says_that_it_is_made_up(guide: CompanyGuide) -> None:
    begins = ("BẢN CHẠY THỬ", "TRIAL ONLY")
    for language, begin in zip(("vi", "en"), begins, strict=True):
        for text in ("cty cánh buồm giấy", "cty lá bàng", "cty khế rụng vườn", "cty con sẻ nâu"):
            assert _said(guide.begin(language, text)).startswith(begin)
        picked = guide.press(None, language, "100000")
        assert _said(picked).startswith(begin)


def test_an_old_list_says_how_old_it_is(library: Library, store: Store) -> None:
    register = Register(store, lambda: datetime(2027, 3, 1, tzinfo=UTC))
    register.replace(REAL, "Cục Mẫu", PUBLISHED, sample=False)
    assert "120 ngày" in _said(CompanyGuide(library, register).begin("vi", "cty gió nồm xa"))


def test_near_names_are_buttons_with_the_difference(guide: CompanyGuide) -> None:
    step = guide.begin("vi", "cty lá bàng có giấy phép không")
    said = _said(step)
    assert "Có phải …?" in said
    assert "Tên gần giống, xem kỹ từng chữ" in said
    assert "có thêm “đỏ”" in said
    assert "ĐANG BỊ TẠM DỪNG" in said
    buttons = step.replies[0].buttons
    assert [b.title for b in buttons[:3]] == ["Lá Bàng Đỏ · 0052", "Lá Bàng Tím · 0059", "Không phải các tên này"]
    picked = guide.press(step.kept, "vi", buttons[1].payload.removeprefix("guide:company:"))
    assert "Công ty TNHH Lá Bàng Tím" in _said(picked)
    assert picked.kept is None
    none = guide.press(step.kept, "vi", "none")
    assert "không thấy “cty lá bàng”" in _said(none)


def test_yes_and_no_in_words(guide: CompanyGuide) -> None:
    one = guide.begin("vi", "cty tnhh cánh buồm giấy")
    assert one.kept is not None
    assert "0010/MAU-GP" in _said(guide.hear(one.kept, "vi", "đúng rồi"))
    assert "không thấy" in _said(guide.hear(one.kept, "vi", "không phải"))
    two = guide.begin("vi", "cty lá bàng")
    assert two.kept is not None
    assert guide.hear(two.kept, "vi", "đúng rồi") is None
    assert "Lá Bàng Tím" in _said(guide.hear(two.kept, "vi", "lá bàng tím"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Cánh Buồm Giấy", "0010/MAU-GP"),
        ("minh anh", "không thấy “minh anh”"),
        ("0017/MAU-GP", "Hạt Sương Mai"),
        ("17", "Hạt Sương Mai"),
        ("dạ là cty cầu tre nhỏ ạ", "0045/MAU-GP"),
        ("không biết", "Hỏi tên đầy đủ"),
        ("bỏ qua", "Hỏi tên đầy đủ"),
        ("nhân lực quốc tế", "tên riêng"),
    ],
)
def test_hears_names(guide: CompanyGuide, text: str, says: str) -> None:
    assert says in _said(guide.hear({"asks": True}, "vi", text))


@pytest.mark.parametrize(
    "text",
    [
        "em muốn báo tin",
        "lương 20 triệu có thật không",
        "gọi số nào",
        "cảm ơn bạn",
        "ok",
        "111",
        "113",
        "0912345678",
        "Campuchia",
        "tôi bị lừa rồi",
        "?",
        "how do I report this",
        "xóa hết",
    ],
)
def test_what_is_no_name_is_the_engines(guide: CompanyGuide, text: str) -> None:
    assert guide.hear({"asks": True}, "vi", text) is None


def test_only_a_button_keeps_the_talk_open_for_another_name(guide: CompanyGuide) -> None:
    answer = guide.begin("vi", "cty cánh buồm giấy")
    assert answer.kept is None
    assert {"guide:company:again", "guide:offer", "say:help"} <= set(_payloads(answer))
    again = guide.press(None, "vi", "again")
    assert again.kept == {"asks": True}


def test_buttons_of_a_list_that_is_gone_show_no_other_company(guide: CompanyGuide, filled: Register) -> None:
    filled.replace(REAL, "Cục Mẫu", PUBLISHED, sample=False)
    step = guide.press(None, "vi", "100000")
    assert "Danh sách đã đổi" in _said(step)
    assert step.kept == {"asks": True}
    for rest in ("99999999999999", "-1", "²", "x" * 40, ""):
        assert guide.press(None, "vi", rest).replies


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CompanyGuide]:
    from db.migrate import Kind, upgrade
    from guides.company.importing import read_companies
    from tests.guides.company.conftest import SAMPLE

    store = Store(f"sqlite:///{tmp_path_factory.mktemp('company') / 'citizen.db'}")
    upgrade(store, Kind.CITIZEN)
    register = Register(store, lambda: NOW)
    register.replace(read_companies(SAMPLE, PUBLISHED).entries, "Bảng mẫu", PUBLISHED, sample=True)
    yield CompanyGuide(Library.load(), register)
    store.close()


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from("cty công ty lá bàng cánh buồm gp 17 / có không ?".split())).map(" ".join)
)
def test_anything_typed_gives_bubbles_within_limits(steps: CompanyGuide, text: str) -> None:
    for step in (steps.begin("vi", text), steps.hear({"asks": True}, "en", text)):
        if step is not None:
            _within_limits(step)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("status", ["licensed", "suspended", "withdrawn", "expired", "unknown"])
@pytest.mark.parametrize("sample", [True, False])
def test_the_longest_of_everything_fits(library: Library, language: str, status: str, sample: bool) -> None:
    long = "Ằ" * 400
    entry = Entry(
        2**31 - 1, long[:40], long[:300], status, long[:120], long[:200], date(2020, 12, 30), long, long[:200]
    )
    other = replace(entry, licence="1/" + long[:38])
    listing = Listing(1, long[:200], date(2020, 1, 1), sample)
    teller = Teller(library, language, date(2026, 11, 24))
    near = tuple(
        Near(other, difference, long, long) for difference in (Difference.LETTERS, Difference.NAME, Difference.MORE)
    )
    for finding in (None, Finding(entry, shortened=True, near=near), Finding(entry, by_licence=True)):
        _within_limits(Step((teller.entry(listing, entry, finding),)))
    reply, shown = teller.near(listing, near, long)
    assert shown
    replies: list[Reply] = [
        reply,
        teller.none(listing, long),
        teller.renewed(listing),
        teller.no_list(),
        teller.no_name(),
    ]
    _within_limits(Step((*replies, *(teller.ask(key) for key in ("ask", "ask_again", "vague")))))


def _within_limits(step: Step) -> None:
    for reply in step.replies:
        assert 0 < len(reply.body) <= LONGEST_BUBBLE
        for button in reply.buttons:
            assert 0 < len(button.title) <= LONGEST_TITLE
            assert len(button.payload.encode()) <= 64
    assert len(json.dumps(step.kept)) < 500
