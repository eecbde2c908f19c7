"""Seals a told tip. What comes out can be handed to anybody: only the officers named in it can open it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tips.citizen.drafts import Draft, Step
from tips.citizen.places import Places
from tips.dropbox import Recipient, SealedGrant, SealedPart, SealedTip, TipAddress
from tips.envelope import CodeKeys, KeyPair, Kind, Label, new_id, seal_part, seal_tip_key
from tips.report import Report


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
    )


def seal_tip(
    report: Report, photos: Iterable[bytes], recipients: Sequence[Recipient], code_keys: CodeKeys
) -> SealedTip:
    """The tip under a fresh key pair, whose private half is in the grants and nowhere else."""
    tip_id, keys = new_id(), KeyPair.new()
    address = TipAddress(tip_id, keys.public, 0)
    return SealedTip(
        id=tip_id,
        danger=report.danger,
        lookup=code_keys.lookup,
        reply_key=code_keys.reply.public,
        tip_key=keys.public,
        grants=tuple(SealedGrant(r.officer_id, seal_tip_key(keys, r.public_key)) for r in recipients),
        parts=(
            seal_for(address, Kind.REPORT, report.to_bytes(), 0),
            *(seal_for(address, Kind.PHOTO, photo, position) for position, photo in enumerate(photos, 1)),
        ),
    )


def seal_for(address: TipAddress, kind: Kind, content: bytes, position: int) -> SealedPart:
    """One part for a tip that is already there, or is being made."""
    label = Label(address.tip_id, new_id(), kind, position)
    sealed_key, body = seal_part(content, label, address.tip_key)
    return SealedPart(label.piece_id, label.tip_id, kind, position, sealed_key, body)
