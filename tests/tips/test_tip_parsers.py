"""What is read from people and from the store: right things come back as they were, anything else raises one error."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from stdnum.iso7064 import mod_97_10

from db.police import Part
from tests.tips.vault import Vault, make_vault
from tips.attachments import (
    CONTACT_TYPE,
    PLACE_TYPE,
    Attachment,
    AttachmentError,
    contact,
    place,
    read_contact,
    read_place,
)
from tips.code import (
    CODE_DIGITS,
    RANDOM_DIGITS,
    CodeError,
    CodeFault,
    code_attempt,
    count_digits,
    format_code,
    holds_code,
    looks_like_code,
    make_code,
    parse_code,
)
from tips.envelope import Kind, Label, seal_part
from tips.report import Answer, Report, ReportError

slow = settings(deadline=None)
numbers = st.integers(0, 10**RANDOM_DIGITS - 1).map(lambda number: f"{number:0{RANDOM_DIGITS}d}")
codes = numbers.map(lambda number: number + mod_97_10.calc_check_digits(number))
gaps = st.text(alphabet=" .-–/_\n\t\u00a0", max_size=3)
any_text = st.text(alphabet=st.characters(), max_size=200)  # with surrogates and all


@slow
@given(codes, st.lists(gaps, min_size=CODE_DIGITS, max_size=CODE_DIGITS))
def test_a_code_is_read_however_it_is_grouped(code: str, between: list[str]) -> None:
    assert parse_code(code) == parse_code(format_code(code)) == code
    assert parse_code("".join(gap + digit for gap, digit in zip(between, code, strict=True))) == code
    assert looks_like_code(format_code(code)) and holds_code(f"mã là {format_code(code)} nhé")
    assert code_attempt(format_code(code)) and count_digits(format_code(code)) == CODE_DIGITS


@pytest.mark.parametrize("_", range(20))
def test_every_wrong_digit_and_every_swap_of_neighbours_is_caught(_: int) -> None:
    code = make_code()
    slips = {code[:at] + digit + code[at + 1 :] for at in range(CODE_DIGITS) for digit in "0123456789"}
    slips |= {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(CODE_DIGITS - 1)}
    slips.discard(code)
    assert len(slips) >= 9 * CODE_DIGITS
    for slip in slips:
        with pytest.raises(CodeError) as caught:
            parse_code(slip)
        assert (caught.value.reason, caught.value.missing, caught.value.extra) == (CodeFault.WRONG_CHECK, 0, 0)


def test_what_may_stand_between_the_digits_of_a_code() -> None:
    code = make_code()
    for sign in (
        "-",
        "–",
        ".",
        "(",
        "_",
        " ",
        "\n",
        "\u00a0",
        "\u200b",
        "\x00",
    ):  # punctuation, spaces, what cannot be seen
        assert looks_like_code(sign.join(code)), repr(sign)
    for sign in ("a", "đ", "+", "€", "²", "日"):
        assert not looks_like_code(f"{code[:9]}{sign}{code[9:]}"), repr(sign)


@slow
@given(codes, st.integers(1, CODE_DIGITS), st.text(alphabet="0123456789", min_size=1, max_size=30))
def test_how_many_digits_are_missing_or_too_many_is_told(code: str, cut: int, more: str) -> None:
    with pytest.raises(CodeError) as short:
        parse_code(code[:-cut])
    assert (short.value.reason, short.value.missing, short.value.extra) == (CodeFault.TOO_SHORT, cut, 0)
    with pytest.raises(CodeError) as long:
        parse_code(code + more)
    assert (long.value.reason, long.value.missing, long.value.extra) == (CodeFault.TOO_LONG, 0, len(more))


@slow
@given(any_text)
def test_any_text_is_a_code_or_a_code_error(text: str) -> None:
    try:
        assert len(parse_code(text)) == CODE_DIGITS
    except CodeError as error:
        assert str(error) in set(CodeFault)
    for question in (looks_like_code, holds_code, code_attempt):
        assert question(text) in (True, False)


@slow
@given(any_text, codes)
def test_a_right_code_is_found_in_any_text_without_digits(text: str, code: str) -> None:
    around = "".join("x" if character.isnumeric() else character for character in text)
    assert holds_code(f"{around} {format_code(code)} {around}") and code_attempt(around + code)


def test_codes_are_spread_over_their_whole_range(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(secrets, "randbelow", lambda most: asked.append(most) or 7)
    assert make_code() == "0" * 15 + "7" + mod_97_10.calc_check_digits("7")
    assert asked == [10**16]


reports = st.builds(
    Report,
    language=st.sampled_from(["vi", "en"]),
    danger=st.booleans(),
    provinces=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    danger_why=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    **{name: st.text(max_size=100) for name in ("what", "where", "when", "who", "how", "photo_note")},
)
moments = st.builds(
    datetime.fromtimestamp,
    st.integers(946_684_800, 4_102_444_800),
    tz=st.sampled_from([UTC, timezone(timedelta(hours=7))]),
)


@slow
@given(reports)
def test_reports_come_back(report: Report) -> None:
    assert Report.from_bytes(report.to_bytes()) == report
    assert len(report.first_line()) <= 120 and "\n" not in report.first_line()


@slow
@given(st.builds(Answer, st.text(max_size=300), moments))
def test_answers_come_back(answer: Answer) -> None:
    assert Answer.from_bytes(answer.to_bytes()) == answer


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
FIELDS = ("format", "text", "written_at", "coordinates", "media_type", "suffix", *Report.__dataclass_fields__)
nearly = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, json_values))


@slow
@given(
    st.binary(max_size=300)
    | json_values.map(lambda v: json.dumps(v).encode())
    | nearly.map(lambda v: json.dumps({"format": 1, **v}).encode())
)
def test_any_bytes_are_read_or_raise_one_error(data: bytes) -> None:
    readers: list[tuple[Callable[[], object], type[Exception]]] = [
        (lambda: Report.from_bytes(data).first_line(), ReportError),
        (lambda: Answer.from_bytes(data), ReportError),
        (lambda: Attachment.from_bytes(data), AttachmentError),
        (lambda: Attachment.from_bytes(len(data).to_bytes(4) + data), AttachmentError),
        (lambda: read_place(Attachment(PLACE_TYPE, ".geojson", data)), AttachmentError),
        (lambda: read_contact(Attachment(CONTACT_TYPE, ".vcf", data)), AttachmentError),
    ]
    for read, error in readers:
        try:
            read()
        except error as refused:
            assert not data or repr(data) not in str(refused)


@pytest.mark.parametrize("data", [b"[" * 200_000, b'{"a":' * 200_000, b"\xff" * 10, b"1" * 10_000, b""])
def test_hostile_json_raises_the_same(data: bytes) -> None:
    for reader in (Report.from_bytes, Answer.from_bytes):
        with pytest.raises(ReportError):
            reader(data)
    with pytest.raises(AttachmentError):
        read_place(Attachment(PLACE_TYPE, ".geojson", data))


@pytest.mark.parametrize("half", [r"\ud800", r"\udc00 \ud800", r"x\udfff"])
def test_half_a_surrogate_pair_is_refused(half: str) -> None:
    for field in ("language", "what", "photo_note"):
        with pytest.raises(ReportError):
            Report.from_bytes(Report(**{field: "HERE"}).to_bytes().replace(b"HERE", half.encode()))
    for field in ("provinces", "danger_why"):
        with pytest.raises(ReportError):
            Report.from_bytes(Report(**{field: ("HERE",)}).to_bytes().replace(b"HERE", half.encode()))
    with pytest.raises(ReportError):
        Answer.from_bytes(Answer("HERE", datetime.now(UTC)).to_bytes().replace(b"HERE", half.encode()))


def test_a_whole_surrogate_pair_is_a_character() -> None:
    whole = Report.from_bytes(Report(what="HERE").to_bytes().replace(b"HERE", rb"\ud83d\ude00"))
    assert whole == Report(what="😀")


@slow
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_places_come_back_to_a_centimetre(latitude: float, longitude: float) -> None:
    read = read_place(Attachment.from_bytes(place(latitude, longitude).to_bytes()))
    assert read == pytest.approx((latitude, longitude), abs=1e-6)


@slow
@given(st.text(max_size=60), st.text(max_size=60))
def test_cards_are_read_or_were_never_made(name: str, phone: str) -> None:
    try:
        card = contact(name, phone)
    except AttachmentError:
        return
    assert len(card.content.split(b"\r\n")) == 5 + bool(read_contact(card)[1])
    assert contact(*read_contact(card)) == card


@pytest.mark.parametrize("where", [{"what": "\ud800"}, {"provinces": ["\ud800"]}, {"danger_why": ["\ud800"]}])
def test_half_a_surrogate_pair_takes_the_list_from_nobody(
    tmp_path_factory: pytest.TempPathFactory, where: dict[str, object]
) -> None:
    vault: Vault = make_vault(tmp_path_factory.mktemp("police"))
    lan = vault.officer("lan")
    tip_id = vault.tip("Chuyện")
    part = vault.part(tip_id, Kind.REPORT)
    forged = json.dumps(json.loads(Report(what="x").to_bytes()) | where).encode()
    sealed_key, body = seal_part(forged, Label(tip_id, part.id, Kind.REPORT), vault.address(tip_id).tip_key)
    with vault.store.begin() as session:
        session.execute(update(Part).values(sealed_key=sealed_key, body=body))
    (line,) = vault.inbox.list(lan).lines
    assert not line.readable and line.first_line.encode() == b""
    assert vault.inbox.open(lan, tip_id).report is None
    vault.store.close()
