"""The list: danger on top, then newest first, the slow lane behind; what each line says; pages and the choice of a status."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.inbox.kit import Browser, words
from tests.tips.kit import CHEAP, PEPPER, House, picture
from tips.citizen.sealing import seal_for, seal_tip
from tips.code import make_code
from tips.dropbox import TipAddress
from tips.envelope import Kind, derive
from tips.lanes import SLOW, told
from tips.police.inbox import PAGE
from tips.police.status import TipStatus
from tips.report import Report


def deposit(house: House, count: int) -> None:
    """A tip an hour, sealed by the citizens' half, without their talks."""
    for number in range(count):
        put(house, f"Chuyện {number}.")
        house.clock.move(hours=1)


def put(house: House, what: str, lane: str = "", danger: bool = False, why: tuple[str, ...] = ()) -> TipAddress:
    """One tip in a lane; where to add to it."""
    keys = derive(make_code(), PEPPER, CHEAP)
    tip = seal_tip(Report(what=what, danger=danger, danger_why=why), [], house.dropbox.recipients(), keys)
    house.dropbox.deposit(replace(tip, lane=lane))
    return TipAddress(tip.id, tip.tip_key, len(tip.parts))


def test_an_empty_inbox_says_what_to_do_first(lan: Browser) -> None:
    page = words(lan.get())
    assert "Chưa có tin nào" in page
    assert "Việc đầu tiên" in page


def test_danger_is_on_top_then_the_newest(house: House, lan: Browser) -> None:
    for what, danger in (("Tin cũ", False), ("Đang bị nhốt", True), ("Tin giữa", False), ("Tin mới", False)):
        house.tell(what, danger=danger)
        house.clock.move(hours=1)
    lan.sign_in()
    page = lan.get()
    places = [page.text.index(what) for what in ("Đang bị nhốt", "Tin mới", "Tin giữa", "Tin cũ")]
    assert places == sorted(places)
    assert page.text.count("badge life") == 1
    assert "1 tin nói có người đang nguy hiểm" in words(page)
    # Once it is passed on it is a tip like the others, and nothing beats.
    lan.post(f"/inbox/tips/{lan.tips()[0]}/status", to="passed_on")
    page = lan.get()
    assert page.text.index("Tin mới") < page.text.index("Đang bị nhốt")
    assert "badge life" not in page.text
    assert "badge danger" in page.text


def test_a_line_says_what_is_needed_to_choose(house: House, lan: Browser) -> None:
    house.tell("Xe lạ đón người lúc nửa đêm", "bến xe Lào Cai", photos=(picture(), picture()))
    (tip_id,) = lan.tips()
    lan.post(f"/inbox/tips/{tip_id}/answer", text="Cảm ơn bạn.")
    page = words(lan.get())
    assert "Xe lạ đón người lúc nửa đêm Mới 14 giờ hôm nay Lào Cai 2 tệp 1 trả lời" in page


def test_hours_are_said_in_words(house: House, lan: Browser) -> None:
    house.tell("Chuyện ở chợ")
    for days, said in ((1, "14 giờ hôm qua"), (1, "14 giờ 24/11 "), (60, "14 giờ 24/11/2026")):
        house.clock.move(days=days)
        lan.sign_in()
        assert said in words(lan.get())


def test_a_tip_with_files_only(house: House, lan: Browser) -> None:
    house.tell(photos=(picture(),))
    assert "Không có chữ, chỉ có tệp" in words(lan.get())


def test_pages_follow_one_another(house: House, lan: Browser) -> None:
    deposit(house, PAGE + 3)
    lan.sign_in()
    first = lan.get()
    assert len(lan.tips()) == PAGE
    assert "Về trang đầu" not in first.text
    following = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = lan.get(following.replace("&amp;", "&"))
    assert [f"Chuyện {n}." in second.text for n in (0, 1, 2, 3)] == [True, True, True, False]
    assert "Trang sau" not in second.text
    assert "Về trang đầu" in second.text
    # A tip that is read from the second page has the second page beside it.
    tip = lan.get(second.text.split('class="row" href="')[1].split('"')[0].replace("&amp;", "&"))
    assert "Chuyện 0." in tip.text
    assert "Chuyện 40." not in tip.text


@pytest.mark.parametrize("query", ["?after=rubbish", "?status=rubbish", "?after=1-99999999-" + "f" * 32, "?after=%00"])
def test_an_address_that_makes_no_sense_is_no_error(house: House, lan: Browser, query: str) -> None:
    house.tell("Chuyện ở chợ")
    assert lan.get(f"/inbox{query}").status_code == 200


def test_only_tips_of_a_status(house: House, lan: Browser) -> None:
    house.tell("Tin một")
    house.clock.move(minutes=50)
    house.tell("Tin hai")
    lan.sign_in()
    newest = lan.tips()[0]
    lan.post(f"/inbox/tips/{newest}/status", to="closed")
    closed = lan.get("/inbox?status=closed")
    assert "Tin hai" in closed.text
    assert "Tin một" not in closed.text
    assert "Tin một" in lan.get("/inbox?status=open").text
    assert f"/inbox/tips/{newest}?status=closed" in closed.text, "the choice goes along"
    assert "Ở đây không có tin nào" in lan.get("/inbox?status=working").text
    for status in TipStatus:
        assert f'value="{status.value}"' in closed.text


def test_a_tip_that_was_told_more_says_so(house: House, lan: Browser) -> None:
    code = house.tell("Chuyện ở chợ")
    house.codes.hear("c" * 32, "vi", code)
    house.codes.press("c" * 32, "vi", "code:add:text")
    house.codes.hear("c" * 32, "vi", "Còn một chiếc xe nữa")
    page = lan.get()
    assert "1 lần kể thêm" in words(page)
    assert "Còn một chiếc xe" not in page.text


def test_a_row_says_why_it_is_marked_as_danger(house: House, lan: Browser) -> None:
    why = ("Có người đang bị nhốt.", "Có người bị đánh.")
    urgent = put(house, "Tin khẩn", danger=True, why=why).tip_id
    later = put(house, "Tin chậm", lane="many")
    house.dropbox.add(seal_for(later, Kind.ADDITION, b"help", later.next_position), danger=True)
    page = words(lan.get())
    assert "14 giờ hôm nay Nguy hiểm: Có người đang bị nhốt. Tin chậm" in page and "bị đánh" not in page
    assert f"Nguy hiểm: Dấu hiệu nằm ở phần người báo gửi thêm sau này. Làn chậm: {told('many')}" in page
    assert "gửi thêm sau này" in words(lan.get(f"/inbox/tips/{later.tip_id}"))
    lan.post(f"/inbox/tips/{urgent}/status", to="closed")
    assert "bị nhốt" not in words(lan.get())


def test_the_slow_lane_stands_behind_with_its_reason(house: House, lan: Browser) -> None:
    put(house, "Tin thường cũ")
    put(house, "Tin chậm", lane="alike")
    put(house, "Tin chậm kêu cứu", lane="many", danger=True)
    put(house, "Tin khẩn", danger=True)
    put(house, "Tin thường mới")
    put(house, "Tin chậm sau cùng", lane="empty")
    page = lan.get()
    order = ("Tin khẩn", "Tin thường mới", "Tin thường cũ", "Tin chậm kêu cứu", "Tin chậm sau cùng", "Tin chậm<")
    places = [page.text.index(what) for what in order]
    assert places == sorted(places)
    assert page.text.count("badge life") == 1, "what is slow does not beat"
    for lane in ("alike", "many", "empty"):
        assert words(page).count(f"Làn chậm: {told(lane)}") == 1
    assert "1 tin nói có người đang nguy hiểm" in words(page)


def test_how_many_wait_in_the_slow_lane_is_on_top_and_leads_there(house: House, lan: Browser) -> None:
    put(house, "Tin thường")
    assert "làn chậm" not in words(lan.get()).split("Hộp tin làm việc thế nào")[0]
    put(house, "Tin chậm một", lane="alike")
    put(house, "Tin chậm hai", lane="unreadable")
    put(house, "Tin chậm ba", lane="many", danger=True)
    put(house, "Tin chậm đã xong", lane="many", danger=True)
    lan.post(f"/inbox/tips/{lan.tips()[1]}/status", to="closed")
    page = lan.get()
    assert "3 tin trong làn chậm, 1 tin có dấu hiệu nguy hiểm" in words(page)
    link = re.search(r'<p class="lane whole"><a href="([^"]+)"', page.text)
    assert link
    slow = lan.get(link[1].replace("&amp;", "&"))
    assert [f"Tin chậm {which}" in slow.text for which in ("một", "hai", "ba", "đã xong")] == [True, True, True, False]
    assert "Tin thường" not in slow.text
    assert "Xem tất cả tin" in slow.text


def test_the_slow_lane_goes_along_in_the_addresses(house: House, lan: Browser) -> None:
    for number in range(PAGE + 2):
        put(house, f"Chậm {number}.", lane="alike")
        put(house, f"Thường {number}.")
    first = lan.get("/inbox?lane=slow")
    assert first.text.count('class="row"') == PAGE
    following = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = lan.get(following)
    assert "Chậm 0." in second.text and "Chậm 1." in second.text and "Thường" not in second.text
    tip = re.search(r'class="row" href="([^"]+)"', second.text)
    assert tip and "Thường" not in lan.get(tip[1].replace("&amp;", "&")).text


def test_pages_follow_one_another_through_all_four_ranks(house: House, lan: Browser) -> None:
    for number in range(PAGE // 2):
        for lane in ("", SLOW[number % len(SLOW)].value):
            for danger in (True, False):
                put(house, f"Chuyện {number}.", lane, danger)
    seen, path = list[str](), "/inbox"
    while path:
        page = lan.get(path).text
        seen += re.findall(r'class="row[^"]*" href="/inbox/tips/([0-9a-f]{32})', page)
        link = re.search(r'href="([^"]+)" rel="next"', page)
        path = link[1].replace("&amp;", "&") if link else ""
    assert len(seen) == len(set(seen)) == PAGE // 2 * 4


def test_a_reason_that_this_version_does_not_know_hides_nothing(house: House, lan: Browser) -> None:
    put(house, "Tin chậm", lane="alike")
    put(house, "Tin lạ", lane="from-a-later-day")
    put(house, "Tin thường")
    page = lan.get()
    places = [page.text.index(what) for what in ("Tin thường", "Tin lạ", "Tin chậm<")]
    assert places == sorted(places)
    assert words(page).count("Làn chậm:") == 1
