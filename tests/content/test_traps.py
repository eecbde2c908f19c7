"""Each of the ten traps of the law is found, in Vietnamese and in English, in every kind of file; what is right is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.traps import traps_in
from tests.content.kit import lead, rules

WRONG = {
    "T1": (
        "Theo Luật 66/2011/QH12, bạn có quyền này.",
        "Luật phòng, chống mua bán người năm 2011 nói vậy.",
        "The trafficking law of 2011 says so.",
    ),
    "T2": (
        "Bạn đến Công an huyện nhé.",
        "Đến Ủy ban nhân dân quận để xin giấy.",
        "Phòng Lao động lo việc này.",
        "Go to the district police.",
        "Ask the district People's Committee.",
    ),
    "T3": (
        "Bộ Lao động – Thương binh và Xã hội lo việc này.",
        "Hỏi Sở LĐ-TBXH nhé.",
        "Ask MOLISA.",
        "The Ministry of Labour, Invalids and Social Affairs helps.",
    ),
    "T4": (
        "Tổng đài 111 chỉ dành cho trẻ em.",
        "Chỉ trẻ em mới gọi được 111.",
        "Gọi 18001567 nhé.",
        "111 is only for children.",
    ),
    "T5": ("Tra ở dolab.gov.vn nhé.", "Look it up at www.dolab.gov.vn."),
    "T6": (
        "Chỉ người dưới 16 tuổi mới được bảo vệ.",
        "Em 17 tuổi mà tự nguyện đi thì không phải là nạn nhân.",
        "Trẻ em là người dưới 16 tuổi.",
        "At 17, whoever consents is not a victim.",
        "A child is anybody under 16.",
    ),
    "T7": (
        "Bán bào thai là tội mua bán người.",
        "Bán con từ trong bụng mẹ bị phạt tù theo Điều 151.",
        "Selling an unborn child means prison under Article 151.",
    ),
    "T8": ("Nghị định 144/2021 phạt nặng.", "Theo NĐ 13/2023 về dữ liệu.", "Decree 144/2021 fines this."),
    "T9": (
        "Bạn sẽ không bị xử lý.",
        "Nạn nhân không bao giờ bị phạt.",
        "Nạn nhân bị ép phạm tội thì không bị truy cứu.",
        "Victims are never punished.",
        "You have immunity.",
    ),
    "T10": (
        "Nạn nhân được hỗ trợ 3 triệu đồng.",
        "Mức trợ cấp là 70.000 đồng mỗi ngày.",
        "Victims get support of 3 million đồng.",
    ),
    "promise": (
        "Danh tính của bạn được bảo mật tuyệt đối.",
        "Mình bảo đảm an toàn cho bạn.",
        "You are completely anonymous here.",
    ),
}
RIGHT = [
    "Luật này thay Luật 66/2011/QH12.",
    "Từ 2025 không còn Công an huyện: bạn đến Công an xã.",
    "Trước đây Bộ Lao động – Thương binh và Xã hội lo việc này; nay là Bộ Y tế.",
    "Luật 86/2025 bỏ vai trò cấp huyện trong tiếp nhận nạn nhân.",
    "The district police no longer exist; go to the commune police.",
    "Số cũ 18001567 nay là 111.",
    "111 không chỉ dành cho trẻ em: người lớn cũng gọi được.",
    "111 is not only for children.",
    "Tra ở www.dolab.moha.gov.vn.",
    "Mua bán người dưới 16 tuổi: Điều 151.",
    "Người 16–17 tuổi dù tự nguyện vẫn là nạn nhân.",
    "Thỏa thuận mua bán bào thai bị nghiêm cấm.",
    "Bộ luật Hình sự chưa có tội riêng cho việc bán bào thai.",
    "Nghị định 282/2025 thay Nghị định 144/2021.",
    "Nạn nhân có thể không bị xử lý nếu bị ép làm.",
    "Victims may not be punished for what they were forced to do.",
    "Mức hỗ trợ: bạn hỏi Sở Y tế hoặc 111.",
    "Bạn được vay đến 100 triệu đồng để hỗ trợ việc làm.",
    "Không ai bảo đảm an toàn tuyệt đối được.",
]


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in WRONG.items() for text in texts])
def test_a_trap_is_found(rule: str, text: str) -> None:
    assert rule in {found.split()[0] for found, _ in traps_in(text)}


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert traps_in(text) == ()


@pytest.mark.parametrize("rule", [rule for rule in WRONG if rule.startswith("T")])
def test_each_trap_is_found_by_the_check_in_both_languages(folder: Path, rule: str) -> None:
    for vietnamese, english in ((WRONG[rule][0], "Fine."), ("Được.", WRONG[rule][-1])):
        lead(folder, vietnamese, english)
        assert rule in {found.split()[0] for found in rules(folder)}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("phrases/talk.yml", 'extra: {vi: "Bạn đến Công an huyện nhé.", en: "Go there."}'),
        (
            "hotlines.yml",
            '"7": {title: {vi: a, en: b}, about: {vi: "Của Công an huyện.", en: c}, dial: "7", sources: []}',
        ),
        ("lessons/x.yml", 'cards: [{text: {vi: "Được.", en: "Go to the district police."}}]'),
        ("offer/x.yml", 'signs: {visa: {says: {vi: "Hỏi Công an huyện.", en: "Ask."}}}'),
        (
            "questions/luat.yml",
            '- {id: luat-99, level: D, text: {vi: "Công an huyện ở đâu?", en: a}, options: ["1", "2"], answer: 0, '
            "why: {vi: b, en: b}, article: {vi: c, en: c}, sources: [F1.01]}",
        ),
        (
            "questions/luat.yml",
            '- {id: luat-99, level: D, text: {vi: a, en: a}, options: ["1", "2"], answer: 0, '
            'why: {vi: b, en: "Ask the district police."}, article: {vi: c, en: c}, sources: [F1.01]}',
        ),
    ],
)
def test_traps_are_looked_for_in_every_kind_of_file(folder: Path, file: str, text: str) -> None:
    (folder / file).parent.mkdir(exist_ok=True)
    with (folder / file).open("a", encoding="utf-8") as opened:
        opened.write(f"{text}\n")
    assert "T2 district office" in rules(folder, file)
