"""What only has a meaning with the talk before it, and what stands alone."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from nlu.talk.followups import Kind, follow_up

FOLLOW_UPS = {
    Kind.CASE: (
        "còn bên Lào thì sao?", "rứa còn bên Lào", "dzậy còn con nít thì sao", "the con nit thi sao", "con ben lao thi sao",
        "what about Laos?", "and in Myanmar?", "nếu là đàn ông thì sao", "neu la dan ong thi sao", "what if it is a man?",
        "còn con gái thì sao", "trẻ em có bị vậy không", "ở Thái cũng vậy hả", "thế còn trẻ em", "the con mien dien",
        "how about children?", "thế con nít thì sao",
    ),
    Kind.IF: ("nếu họ giữ lương thì sao", "lỡ nó đòi thêm tiền thì sao", "neu ho giu luong thi sao"),
    Kind.ABOUT: ("còn nhận con nuôi thì sao", "the con ban than thi sao", "thế còn bán thận", "what about organ trade?"),
    Kind.BLAME: (
        "vậy tôi có bị phạt không", "thế con tôi có bị bắt không ạ", "the con toi co bi bat khong", "em có bị đi tù không",
        "nạn nhân có bị xử phạt không", "minh co bi lien luy gi khong", "will i be arrested?", "can i go to jail for this",
    ),
    Kind.PENALTY: (
        "họ có bị đi tù không", "vậy họ bị phạt thế nào",
        "thế phạt bao nhiêu?", "vậy mấy năm tù", "the phat bao nhieu", "bị tù mấy năm rứa", "how many years in prison?",
        "what's the punishment?", "thế phạt bao nhiêu vậy bạn", "vậy tội này phạt sao",
    ),
    Kind.RECOGNISE: ("làm sao nhận biết", "dấu hiệu là gì", "lam sao nhan ra", "how do I recognise it?"),
    Kind.AVOID: ("phòng tránh kiểu gì", "lam sao de tranh", "how can I avoid it?"),
    Kind.CALL: ("vậy gọi ai bây giờ", "gọi số nào", "rứa gọi mô", "who should I call?"),
    Kind.REPORT: ("vậy báo ở đâu", "bao cho ai vay", "how do I report it?"),
    Kind.MORE: (
        "nói rõ hơn", "kể thêm đi", "ví dụ?", "more", "more details please", "còn gì nữa không", "rứa còn chi nữa không",
        "kể chi tiết hơn được không", "noi ro hon di ad",
    ),
    Kind.NOT_THAT: (
        "không phải cái nào", "khong phai cai nao", "ko phải ý đó", "hổng phải cái nào hết", "ý mình không phải vậy",
        "none of these", "not that", "that's not what I meant", "không cái nào đúng cả",
    ),
    Kind.NO: ("không", "không phải", "sai rồi", "nope"),
}  # fmt: skip
ALONE = (
    "mua bán người là gì", "tội mua bán người bị phạt tù bao nhiêu năm", "buôn người phạt bao nhiêu năm tù",
    "báo sai có bị phạt không", "báo sai thì sao", "làm sao để không bị lừa bán", "số điện thoại công an là số mấy",
    "tôi muốn báo tin", "cảm ơn bạn", "chào bạn", "ừ", "có", "không phải cái nào cũng là lừa đảo", "thứ hai tôi đi Lào", "113",
    "số 113", "con tôi bị bắt rồi", "con gái tôi đi Lào", "con gai toi di lao", "con toi bi bat roi", "đi Lào có sao không",
    "dấu hiệu nhận biết nạn nhân là gì", "gọi 111 có mất tiền không", "tôi muốn biết thêm về luật", "A", "and you?", "", "…",
    "trẻ em bị mua bán phải gọi ai", "con em mất tích rồi thì sao", "mình ở lào", "hello",
)  # fmt: skip
PLACES = {
    "cái thứ hai": 2, "số 2": 2, "mục 3": 3, "cái đầu": 1, "cái cuối cùng": -1, "ý thứ ba": 3, "the second one": 2,
    "câu 2 ở trên": 2, "cai thu 2": 2, "so 2 nha": 2, "last one": -1, "option 3": 3, "cho em xem cái thứ hai đi": 2,
    "cái thứ tư": 4, "muc so 5": 5, "cái đầu tiên ấy": 1, "number two please": 2, "mục 12": 12,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in FOLLOW_UPS.items() for text in texts])
def test_what_goes_on_about_the_talk(kind: Kind, text: str) -> None:
    for form in ("NFC", "NFD"):
        found = follow_up(unicodedata.normalize(form, text))
        assert found is not None
        assert found.kind is kind


@pytest.mark.parametrize("text", ALONE)
def test_what_stands_alone(text: str) -> None:
    assert follow_up(text) is None


@pytest.mark.parametrize(("text", "place"), PLACES.items())
def test_places_in_a_list(text: str, place: int) -> None:
    found = follow_up(text)
    assert found is not None
    assert (found.kind, found.place) == (Kind.PICK, place)


def test_the_case_is_named_as_content_names_it() -> None:
    found = follow_up("còn trẻ em bên Campuchia thì sao")
    assert found is not None
    assert [case.found[0] for case in found.cases] == ["trẻ", "Campuchia"]


def test_what_is_asked_about_in_passing_is_given_as_typed() -> None:
    found = follow_up("Thế còn nhận Con Nuôi thì sao?")
    assert found is not None
    assert found.rest == "nhận Con Nuôi"


def test_messages_that_were_written_to_stand_alone_hardly_ever_go_on() -> None:
    """The held-out sentences and the ones with two wishes; of those few that do, the engine is asked first or there is a topic."""
    here = Path(__file__).parent
    files = [here / "two_wishes.jsonl", *here.glob("heldout*.jsonl"), *here.glob("heldout/*.jsonl")]
    texts = [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    taken = [text for text in texts if (found := follow_up(text)) and found.kind is not Kind.NO]
    assert len(taken) / len(texts) <= 0.005, taken
