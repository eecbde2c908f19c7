"""The figures, and the spreadsheet opened again."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from db.citizen import Attempt
from quiz import nicknames
from quiz.results import file_name, workbook
from tests.quiz.kit import HOA, LAN, MAI, World

GROUP = "Hội Phụ nữ xã Đại Phước"


def book(world: World, contest_id: int) -> Workbook:
    contest = world.contests.get(contest_id)
    assert contest is not None
    return load_workbook(io.BytesIO(workbook(world.reports.report(contest), GROUP, world.at)))


def rename(world: World, participant: str, name: str) -> None:
    """As if a rule of names.py were not there: the file must be safe by itself."""
    with world.store.begin() as session:
        session.query(Attempt).filter_by(participant=participant).update({"nickname": name})


def test_three_sheets(world: World) -> None:
    contest = world.contest("Ba người thi")
    world.play(LAN, "Lan", right=4, seconds=60)
    world.play(HOA, "Hoa", right=5, seconds=50)
    world.enter(MAI, "Mai")
    made = book(world, contest.id)
    assert made.sheetnames == ["Xếp hạng", "Từng câu", "Thông tin"]
    rows = list(made["Xếp hạng"].iter_rows(values_only=True))
    assert rows[0][:4] == ("Hạng", "Tên trên bảng", "Đúng", "Đã trả lời")
    assert [row[:6] for row in rows[1:]] == [
        (1, "Hoa", 5, 5, 5, 50),
        (2, "Lan", 4, 5, 5, 60),
        (3, "Mai", 0, 0, 5, None),
    ]
    assert [row[8] for row in rows[1:]] == ["Rồi", "Rồi", "Chưa"]
    assert str(rows[2][6]) == "2026-11-24 10:00:00", "Vietnam's wall clock"
    about = {row[0]: row[1] for row in made["Thông tin"].iter_rows(min_row=2, values_only=True)}
    assert about["Tên cuộc thi"] == "Ba người thi"
    assert about["Đơn vị tổ chức"] == GROUP
    assert (about["Số người vào thi"], about["Số người làm xong"]) == (3, 2)
    assert about["Tỷ lệ đúng trung bình (người làm xong)"] == pytest.approx(0.9)
    assert "Hạng" in str(made["Xếp hạng"]["A1"].value)
    assert made["Xếp hạng"].freeze_panes == "A2"


def test_each_question_with_its_most_chosen_wrong_option(world: World) -> None:
    contest = world.contest(count=30)
    for number, person in enumerate((LAN, HOA, MAI)):
        world.play(person, f"Người {number}", right=0, seconds=60, count=30)
    figures = world.reports.report(contest).questions
    assert sum(one.asked for one in figures) == 90
    assert figures == sorted(figures, key=lambda one: one.right - one.asked)
    for one in figures:
        question = world.the_library.questions[one.question]
        assert (one.right, one.share, one.worst_count) == (0, 0, one.asked)
        assert one.worst_option == question.options[(question.answer + 1) % len(question.options)].vi
        assert one.text == question.text.vi
    rows = list(book(world, contest.id)["Từng câu"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(figures)
    assert rows[0][4] == 0


def test_a_question_that_left_the_bank_keeps_its_figures(world: World) -> None:
    contest = world.contest()
    world.play(LAN, "Lan", right=0, seconds=10)
    world.the_library = type(world.the_library)(**{**vars(world.the_library), "questions": {}})
    figures = world.reports.report(contest).questions
    assert len(figures) == 5
    assert all(one.text == one.question and one.worst_option == "" for one in figures)


@pytest.mark.parametrize("name", ["=1+1", "+84912", "-2", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_what_people_typed_is_never_a_formula(world: World, name: str) -> None:
    contest = world.contest(f"{name} cuộc thi")
    world.play(LAN, "Lan", right=1, seconds=10)
    rename(world, LAN, name)
    made = book(world, contest.id)
    for cell, value in ((made["Xếp hạng"]["B2"], name), (made["Thông tin"]["B2"], f"{name} cuộc thi")):
        assert cell.value == value
        assert cell.data_type == "s"
        assert cell.quotePrefix


def test_no_pseudonym_leaves_the_house(world: World) -> None:
    contest = world.contest()
    world.play(LAN, "Lan", right=1, seconds=10)
    cells = [cell for sheet in book(world, contest.id) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert LAN not in map(str, cells)


def test_an_empty_contest_has_a_file_too(world: World) -> None:
    contest = world.contest()
    made = book(world, contest.id)
    assert made["Xếp hạng"].max_row == 1
    assert world.reports.report(contest).average is None


def test_the_file_name_is_plain(world: World) -> None:
    report = world.reports.report(world.contest("Đồng Nai: thi “luật” 2026/27 ~ 中文"))
    assert file_name(report) == "ket-qua-dong-nai-thi-luat-2026-27-2026-11-25.xlsx"
    assert file_name(world.reports.report(world.contest("中文中文中文"))).startswith("ket-qua-2-")


def test_hiding_a_name(world: World) -> None:
    contest, other = world.contest(), world.contest("Cuộc khác")
    world.enter(LAN, "Tên xấu", contest)
    attempt = world.attempt(LAN).id
    nicknames.hide(world.store, world.the_library, other.id, attempt)
    assert world.attempt(LAN).nickname == "Tên xấu", "not of that contest"
    nicknames.hide(world.store, world.the_library, contest.id, attempt)
    assert world.attempt(LAN).nickname.startswith("Người chơi ")
    nicknames.hide(world.store, world.the_library, contest.id, 999)
