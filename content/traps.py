"""What is wrong wherever it stands: the ten traps of the law, and promises that nobody may make. A table of patterns.

Patterns are looked for in each sentence alone, in small letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_HISTORY = (  # "luật 66/2011 cũ" is no mistake
    r"\b(thay|trước đây|trước kia|cũ|không còn|đã bỏ|bị bỏ|bỏ (vai trò|cấp)|bãi bỏ|hết hiệu lực|"
    r"replac\w+|formerly|former|no longer|abolished|removed|old|ended|until|repealed)\b"
)
_MAYBE = r"\b(có thể|may|might|can)\b"


@dataclass(frozen=True, slots=True)
class Trap:
    """`unless`: what makes a sentence right in spite of the pattern."""

    rule: str
    remedy: str
    vi: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    unless: str = ""

    @property
    def pattern(self) -> str:
        """An English text may hold Vietnamese names, and the other way about."""
        return "|".join((*self.vi, *self.en))


TRAPS = (
    Trap(
        "T1 old law",
        "the law in force is 53/2024/QH15; name the one of 2011 only as replaced",
        vi=(r"66/2011", r"luật (phòng,? chống mua bán người )?(năm )?2011"),
        en=(r"law of 2011", r"2011 (anti-trafficking |trafficking )?(law|act)"),
        unless=_HISTORY,
    ),
    Trap(
        "T2 district office",
        "districts are gone since 2025: say Công an xã, UBND cấp xã (commune police, commune People's Committee)",
        vi=(
            r"công an (cấp )?(huyện|quận|thị xã)",
            r"(ubnd|[uủ][yỷ] ban nhân dân|[uủ][yỷ] ban)( cấp)? (huyện|quận)",
            r"phòng (lao động|lđ)",
            r"(?<!không )cấp huyện",
        ),
        en=(r"district(-level)? (police|office|authorit|people|committee|government|level)",),
        unless=_HISTORY,
    ),
    Trap(
        "T3 abolished ministry",
        "victims and 111: Bộ Y tế (Ministry of Health); work abroad: Bộ Nội vụ (Ministry of Home Affairs)",
        vi=(r"lao động[ ,–-]+thương binh", r"lđ-?tb&?xh", r"sở lao động"),
        en=(r"molisa", r"labou?r[ ,–-]+(war )?invalids"),
        unless=_HISTORY,
    ),
    Trap(
        "T4 what 111 is",
        "111 is the national hotline for children AND against trafficking, for everybody, of any age; 18001567 is gone",
        vi=(
            r"111[^.]{0,40}(?<!không )\b(chỉ|riêng)\b[^.]{0,25}trẻ em",
            r"(?<!không )\b(chỉ|riêng)\b[^.]{0,30}trẻ em[^.]{0,30}\b111\b",
            r"1800 ?1567",
        ),
        en=(r"111[^.]{0,40}(?<!not )\bonly\b[^.]{0,25}child", r"(?<!not )\bonly\b[^.]{0,30}child[^.]{0,30}\b111\b"),
        unless=_HISTORY,
    ),
    Trap("T5 old address", "the address is www.dolab.moha.gov.vn", vi=(r"dolab\.gov\.vn",), unless=_HISTORY),
    Trap(
        "T6 who is a child",
        "whoever is under 18 can be trafficked without force or deceit; at 16 or 17 “voluntary” changes nothing",
        vi=(
            r"(chỉ|riêng)[^.]{0,25}dưới 16",
            r"trẻ em[^.]{0,5}\b(là|tức là|nghĩa là)\b[^.]{0,20}dưới 16",
            r"(16|17|mười sáu|mười bảy)[^.]{0,50}tự nguyện[^.]{0,50}không (phải )?(là |bị coi là |được coi là )?(nạn nhân|mua bán|bị mua bán)",
        ),
        en=(
            r"only[^.]{0,25}under 16",
            r"child(ren)? (is|are|means)[^.]{0,20}under 16",
            r"(16|17|sixteen|seventeen)[^.]{0,50}(voluntar|consent|willing|agree)[^.]{0,50}(not|no) (a )?(victim|trafficking)",
        ),
        unless=r"không (đúng|còn đúng)|sai rồi|nhầm|wrong|mistake",
    ),
    Trap(
        "T7 a child not yet born",
        "agreeing to trade an unborn child is forbidden (Điều 3); it is no trafficking by Điều 2 and has no punishment of its own",
        vi=(
            r"(bào thai|trong bụng mẹ|chưa sinh ra|thai nhi)[^.]{0,90}(\btù\b|điều 15[01]|đ15[01]|tội mua bán)",
            r"(\btù\b|điều 15[01]|đ15[01]|tội mua bán)[^.]{0,60}(bào thai|trong bụng mẹ|chưa sinh ra|thai nhi)",
        ),
        en=(
            r"(unborn|f[o]?etus)[^.]{0,90}(prison|jail|article 15[01]|crime of trafficking|is trafficking)",
            r"(prison|jail|article 15[01]|crime of trafficking)[^.]{0,60}(unborn|f[o]?etus)",
        ),
        unless=r"chưa có tội|không có tội|tội riêng|chưa có mức|không nằm trong|không phải là tội|no crime|not (a|the) crime|of its own|not part of",
    ),
    Trap(
        "T8 old decree",
        "NĐ 282/2025 (public order); Luật 91/2025 and NĐ 356/2025 (personal data)",
        vi=(r"144/2021", r"\b13/2023"),
        unless=_HISTORY,
    ),
    Trap(
        "T9 promise of immunity",
        "say that it is possible, not certain: “có thể không bị xử lý” (may not be punished), as Điều 4 does",
        vi=(
            r"(chắc chắn|\bsẽ|luôn|hoàn toàn) (được )?(miễn (tội|trách nhiệm)|không bị (xử|phạt|truy|bắt|đi tù))",
            r"không bao giờ (bị )?(xử|phạt|truy|bắt|đi tù)",
            r"nạn nhân[^.]{0,60}\bkhông bị (xử|phạt|truy)",
            r"được miễn (trách nhiệm hình sự|tội|truy cứu)",
        ),
        en=(
            r"(will|are|is)( never| not|n't) (be )?(punish|prosecut|fined|charged|arrest|penali)",
            r"victims?[^.]{0,40}never[^.]{0,20}(punish|prosecut|fined|charged|arrest|penali)",
            r"\bimmun(e|ity)\b",
        ),
        unless=_MAYBE,
    ),
    Trap(
        "T10 amount of support",
        "no amount is confirmed: “hỏi Sở Y tế hoặc 111”",
        vi=(r"(hỗ trợ|trợ cấp)[^.]{0,40}\d[\d.,]*( ?triệu| ?nghìn| ?ngàn| ?đồng| ?đ\b)",),
        en=(
            r"(support|allowance|benefit|grant)[^.]{0,40}\d[\d.,]*( ?million| ?thousand)?( ?đồng| ?dong| ?vnd| ?đ\b)",
            r"(support|allowance|benefit|grant)[^.]{0,40}(\$|usd) ?\d",
        ),
        unless=r"\bvay\b|\bloans?\b|phạt|\bfine|tiền đặt|ký quỹ|deposit",
    ),
    Trap(
        "promise of safety",
        "say honestly what is known to whom",
        vi=(
            r"(?<!không )(?<!chưa )(tuyệt đối (an toàn|bảo mật|bí mật|kín)|(an toàn|bảo mật|bí mật) tuyệt đối)",
            r"(?<!không )(?<!chưa )(đảm bảo|bảo đảm|cam đoan) (bạn |em )?(an toàn|không ai biết)",
            r"an toàn 100",
        ),
        en=(
            r"(absolutely|completely|totally|perfectly|100 ?%) (safe|secure|anonymous|confidential)",
            r"(?<!not )(?<!cannot )(?<!no )guarantee[^.]{0,20}(safe|anonym|secre)",
        ),
        unless=r"\b(không ai|ai nói|nobody|no one|whoever|nothing is)\b",
    ),
)
_COMPILED = {trap.rule: (re.compile(trap.pattern), re.compile(trap.unless)) for trap in TRAPS}
_SENTENCES = re.compile(r"(?<=[.!?…;])\s+|\n+")


def sentences(text: str) -> list[str]:
    """The sentences of a text; a number such as 1.000 is not torn."""
    return [part for part in _SENTENCES.split(text) if part.strip()]


@lru_cache(maxsize=8192)
def traps_in(text: str) -> tuple[tuple[str, str], ...]:
    """The rules that a text breaks, and what to do: each once. Most texts are the same at the next reload."""
    said = [sentence.casefold() for sentence in sentences(text)]
    return tuple((trap.rule, trap.remedy) for trap in TRAPS if any(_falls_into(trap, sentence) for sentence in said))


def _falls_into(trap: Trap, sentence: str) -> bool:
    wrong, right = _COMPILED[trap.rule]
    return bool(wrong.search(sentence)) and not (trap.unless and right.search(sentence))
