"""Seals a told tip. What comes out can be handed to anybody: only the officers named in it can open it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tips.citizen.places import Places
from tips.citizen.steps import Draft, Step
from tips.dropbox import Recipient, SealedGrant, SealedPart, SealedTip, TipAddress
from tips.envelope import CodeKeys, KeyPair, Kind, Label, new_id, seal_original, seal_part, seal_tip_key
from tips.report import Report

Enclosure = tuple[bytes, bytes | None]  # `Attachment.to_bytes`, and the file as it came, if it is one


def report_of(draft: Draft, places: Places, language: str) -> Report:
    """The draft in the shape that the police's half reads."""
    told = {step: draft.answers.get(step, "") for step in Step}
    return Report(
        language=language,
        danger=draft.danger,
        what=told[Step.WHAT],
        where=told[Step.WHERE],
        provinces=tuple(province.name for province in places.find(told[Step.WHERE])),
        when=told[Step.WHEN],
        who=told[Step.WHO],
        how=told[Step.HOW],
        photo_note=told[Step.PHOTOS],
        danger_why=tuple(draft.why),
    )


def seal_tip(
    report: Report,
    files: Iterable[Enclosure],
    recipients: Sequence[Recipient],
    code_keys: CodeKeys,
    *,
    tip_id: str = "",
    lane: str = "",
) -> SealedTip:
    """The tip under a fresh key pair, whose private half is in the grants and nowhere else; `tip_id`: none is a new one."""
    tip_id, keys = tip_id or new_id(), KeyPair.new()
    address = TipAddress(tip_id, keys.public, 0)
    parts = [seal_for(address, Kind.REPORT, report.to_bytes(), 0)]
    for content, original in files:
        parts.append(seal_for(address, Kind.FILE, content, len(parts)))
        if original is not None and len(recipients) > 1:
            parts.append(seal_original_for(parts[-1], original, recipients, len(parts)))
    return SealedTip(
        id=tip_id,
        danger=report.danger,
        lookup=code_keys.lookup,
        reply_key=code_keys.reply.public,
        tip_key=keys.public,
        grants=tuple(
            SealedGrant(r.officer_id, seal_tip_key(keys, r.public_key, code_keys.reply.public)) for r in recipients
        ),
        parts=tuple(replace(part, shares=()) for part in parts),
        lane=lane,
        shares=tuple(share for part in parts for share in part.shares),
    )


def seal_for(address: TipAddress, kind: Kind, content: bytes, position: int, part_id: str = "") -> SealedPart:
    """One part for a tip that is already there, or is being made; `part_id`: none is a new one."""
    label = Label(address.tip_id, part_id or new_id(), kind, position)
    sealed_key, body = seal_part(content, label, address.tip_key)
    return SealedPart(label.piece_id, label.tip_id, kind, position, sealed_key, body)


def seal_original_for(
    clean: SealedPart, original: bytes, officers: Sequence[Recipient], position: int, part_id: str = ""
) -> SealedPart:
    """The file as it came, to its cleaned copy. At least two officers: two open it together, or nobody ever."""
    label = Label(clean.tip_id, part_id or new_id(), Kind.ORIGINAL, position)
    body, shares = seal_original(original, label, officers)
    return SealedPart(label.piece_id, label.tip_id, label.kind, position, b"", body, clean_id=clean.id, shares=shares)
