"""Taking part: answers are noted, the clock closes, ties are broken, the board shows."""

from __future__ import annotations

import pytest

from quiz.contests import State
from tests.quiz.kit import HOA, LAN, MAI, World, payloads, text


def test_nothing_is_said_about_right_and_wrong_before_the_end(world: World) -> None:
    world.contest()
    world.enter(LAN, "Lan")
    for position in range(4):
        right, question = position % 2 == 0, world.question(LAN, position)
        told = text(world.press(LAN, position, right))
        assert f"Đã ghi câu {position + 1}" in told
        assert "Đúng rồi" not in told
        assert "Chưa đúng" not in told
        assert question.why.vi not in told
    world.later(minutes=3, seconds=5)
    outcome = world.press(LAN, 4)
    assert outcome.floor == ""
    assert "Bạn đúng 3/5 câu, làm trong 3 phút 5 giây" in text(outcome)
    assert "đứng thứ 1 trong 1" in text(outcome)
    assert "Thứ hạng còn đổi" in text(outcome)


def test_three_people_with_a_tie(world: World) -> None:
    contest = world.contest("Ba người thi")
    world.play(LAN, "Lan", right=4, seconds=60)
    world.play(HOA, "Hoa", right=4, seconds=50)
    last = world.play(MAI, "Mai", right=5, seconds=200)
    assert "đứng thứ 1 trong 3" in text(last), "right answers come before time"
    board = text(world.floor.board(LAN, "vi"))
    assert "1. Mai: 5/5 câu, 3 phút 20 giây\n2. Hoa: 4/5 câu, 50 giây\n3. Lan: 4/5 câu, 1 phút 0 giây (bạn)" in board
    assert "Còn thi đến" in board
    world.later(days=1)
    assert "Kết quả cuối cùng" in text(world.floor.press(HOA, "vi", f"contest:board:{contest.id}"))
    assert "đứng thứ 2 trong 3" in text(world.floor.my_score(HOA, "vi"))


def test_an_old_button_changes_nothing(world: World) -> None:
    world.contest()
    world.enter(LAN, "Lan")
    old = world.payload(LAN, 0)
    world.press(LAN, 0, right=False)
    outcome = world.floor.press(LAN, "vi", old)
    assert "Câu 1 đã ghi rồi" in text(outcome)
    assert "Câu 2/5" in text(outcome)
    assert [answer.correct for answer in world.answers()] == [False]


def test_one_attempt_each(world: World) -> None:
    contest = world.contest()
    world.play(LAN, "Lan", right=2, seconds=30)
    again = world.floor.press(LAN, "vi", f"contest:enter:{contest.id}")
    assert "mỗi người chỉ thi một lần" in text(again)
    assert "2/5" in text(again)
    assert again.floor == ""
    assert "mỗi người chỉ thi một lần" in text(world.floor.press(LAN, "vi", world.payload(LAN, 4)))
    assert len(world.answers()) == 5


def test_the_clock_closes_also_when_no_job_ran(world: World) -> None:
    world.contest(hours=1)
    world.enter(LAN, "Lan")
    world.press(LAN, 0)
    world.later(minutes=59, seconds=59)
    world.press(LAN, 1)
    world.later(seconds=1)
    outcome = world.press(LAN, 2)
    assert outcome.floor == ""
    assert "đã đóng lúc 11:00, 24/11/2026" in text(outcome)
    assert "không kịp ghi" in text(outcome)
    assert "đúng 2/5" in text(outcome), "what was answered counts"
    assert len(world.answers()) == 2


def test_a_typed_answer_after_the_end(world: World) -> None:
    world.contest(hours=1)
    world.enter(LAN, "Lan")
    world.later(hours=2)
    assert "đã đóng" in text(world.floor.hear(LAN, "vi", "quiz", "câu a"))
    assert world.floor.hear(LAN, "vi", "quiz", "số điện thoại công an") is None
    nobody = world.floor.hear(HOA, "vi", "quiz", "B")
    assert "không có câu nào đang chờ" in text(nobody)


def test_the_unfinished_count_when_it_closes(world: World) -> None:
    contest = world.contest(hours=1)
    world.enter(LAN, "Lan")
    world.later(seconds=20)
    world.press(LAN, 0)
    world.enter(HOA, "Hoa")
    world.play(MAI, "Mai", right=0, seconds=10)
    assert [standing.result.name for standing in world.reports.board(contest).standings] == ["Mai"]
    world.later(hours=1)
    world.contests.sweep()
    after = world.contests.get(contest.id)
    assert after is not None and after.state == State.CLOSED
    board = world.reports.board(after).standings
    assert [(s.place, s.result.name, s.result.right, s.result.seconds) for s in board] == [
        (1, "Lan", 1, 20),
        (2, "Mai", 0, 10),
        (3, "Hoa", 0, None),
    ]
    assert "chưa trả lời câu nào" in text(world.floor.board(HOA, "vi"))


def test_leaving_and_coming_back(world: World) -> None:
    contest = world.contest()
    world.enter(LAN, "Lan")
    world.press(LAN, 0)
    paused = world.floor.hear(LAN, "vi", "quiz", "dừng lại")
    assert paused is not None and paused.floor == ""
    assert "Đồng hồ vẫn chạy" in text(paused)
    assert payloads(paused) == [f"contest:enter:{contest.id}", f"contest:submit:{contest.id}", "say:help"]
    world.restart()
    back = world.floor.join(LAN, "vi")
    assert back.floor == "quiz"
    assert "Câu 2/5" in text(back)


def test_handing_in_early(world: World) -> None:
    contest = world.contest()
    world.enter(LAN, "Lan")
    world.later(seconds=12)
    world.press(LAN, 0)
    outcome = world.floor.press(LAN, "vi", f"contest:submit:{contest.id}")
    assert "Bạn đúng 1/5 câu, làm trong 12 giây" in text(outcome)
    assert "đứng thứ 1 trong 1" in text(outcome)
    assert "mỗi người chỉ thi một lần" in text(world.floor.press(LAN, "vi", f"contest:submit:{contest.id}"))
    assert "mỗi người chỉ thi một lần" in text(world.press(LAN, 1))


def test_one_contest_at_a_time(world: World) -> None:
    first, second = world.contest("Cuộc thứ nhất"), world.contest("Cuộc thứ hai")
    world.enter(LAN, "Lan", first)
    busy = world.enter(LAN, "Lan", second)
    assert "đang làm dở cuộc thi “Cuộc thứ nhất”" in text(busy)
    world.floor.press(LAN, "vi", f"contest:submit:{first.id}")
    assert "Câu 1/5" in text(world.enter(LAN, "Lan", second))


def test_a_contest_ends_a_round_of_practice_so_that_a_letter_means_one_question(world: World) -> None:
    world.contest()
    world.enter(LAN, "Lan")
    entered = world.attempt(LAN)
    world.floor.start(LAN, "vi")
    world.floor.hear(LAN, "vi", "quiz", "A")
    assert world.answers()[0].attempt_id != entered.id, "practice was asked last"
    world.floor.join(LAN, "vi")
    world.floor.hear(LAN, "vi", "quiz", "A")
    assert world.answers()[0].attempt_id == entered.id
    assert world.floor._attempts.open_practice(LAN) is None


def test_own_place_below_the_first_ten(world: World) -> None:
    world.contest(count=3)
    for number in range(12):
        world.play(f"{number:032d}", f"Người {number}", right=3, seconds=10 + number, count=3)
    board = text(world.floor.board(f"{11:032d}", "vi"))
    assert "10. Người 9" in board
    assert "11. " not in board
    assert "Bạn (Người 11) đứng thứ 12 trong 12" in board


def test_boards_that_are_empty(world: World) -> None:
    assert "Chưa có cuộc thi nào" in text(world.floor.board(LAN, "vi"))
    contest = world.contest()
    board = world.floor.board(LAN, "vi", floor="quiz")
    assert "Bạn có thể là người đầu tiên" in text(board)
    assert board.floor == "quiz", "who only looks keeps the floor"
    assert f"contest:enter:{contest.id}" in payloads(board)
    world.contests.close(contest.id)
    assert "không có ai dự" in text(world.floor.board(LAN, "vi"))
    draft = world.contests.create(world.organiser, world.plan(wait=1))
    assert "Chưa có cuộc thi nào" in text(world.floor.board(LAN, "vi", draft.id))


def test_own_score(world: World) -> None:
    assert "chưa làm câu nào" in text(world.floor.my_score(LAN, "vi"))
    world.floor.start(LAN, "vi")
    for position in range(5):
        world.press(LAN, position, position < 3)
    world.contest("Đang thi")
    world.enter(LAN, "Lan")
    told = text(world.floor.my_score(LAN, "vi"))
    assert "“Đang thi”: bạn đang ở câu 1/5" in told
    assert "Vòng luyện tập gần nhất: 3/5" in told


def test_rules(world: World) -> None:
    told = text(world.floor.rules("vi"))
    assert "không bao giờ thu tiền" in told
    assert "chưa có cuộc thi nào mở" in told
    world.contests.create(world.organiser, world.plan("Sắp tới", wait=5))
    assert "Sắp tới" in text(world.floor.rules("vi"))
    world.contest("Đang mở")
    outcome = world.floor.press(LAN, "vi", "contest:rules", "quiz")
    assert "• Đang mở" in text(outcome)
    assert "contest:enter" in payloads(outcome)
    assert outcome.floor == "quiz"


def test_others_see_the_chosen_name_only(world: World) -> None:
    world.contest()
    world.play(LAN, "Lan", right=1, seconds=9)
    board = world.floor.board(HOA, "vi")
    assert LAN not in str(board)
    assert "(bạn)" not in text(board)


def test_a_board_that_is_slow_to_make_is_kept_but_ones_own_place_is_fresh(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.reports.SLOW", -1)
    monkeypatch.setattr("quiz.reports.PAUSE", 10**6)
    contest = world.contest()
    world.play(LAN, "Lan", right=2, seconds=30)
    world.play(HOA, "Hoa", right=1, seconds=30)
    last = world.play(MAI, "Mai", right=3, seconds=30)
    assert "đứng thứ 1 trong 2" in text(last), "Hoa is not on the kept board, Mai's own place is right"
    assert "1. Lan: 2/5 câu, 30 giây\n\nBạn (Mai) đứng thứ 1 trong 2" in text(world.floor.board(MAI, "vi"))
    world.contests.close(contest.id)
    final = text(world.floor.board(MAI, "vi"))
    assert "1. Mai: 3/5" in final, "the final board is made anew"
    assert "3. Hoa" in final
