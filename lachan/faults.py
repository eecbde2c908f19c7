"""What the self-check can find, each with a sentence for the operator that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What is wrong. Only these words go into the log."""

    NOBODY_ON_DUTY = "nobody_on_duty"
    NOBODY_CAN_DECRYPT = "nobody_can_decrypt"
    BAD_PUBLIC_KEY = "bad_public_key"
    KEY_FILE_MISSING = "key_file_missing"
    KEY_FILE_WRONG = "key_file_wrong"
    CLOCK_OFF = "clock_off"
    DISK_NEARLY_FULL = "disk_nearly_full"
    STORE_NOT_WRITABLE = "store_not_writable"
    LOCKED_OUT_OFFICER = "locked_out_officer"
    FEW_CUSTODIANS = "few_custodians"
    NO_WAY_BACK = "no_way_back"
    CERTIFICATE_ENDS = "certificate_ends"
    TIPS_WAITING = "tips_waiting"


# With these the line stays open: every tip can be taken and read.
WARNINGS = frozenset(
    {
        FaultKind.LOCKED_OUT_OFFICER,
        FaultKind.FEW_CUSTODIANS,
        FaultKind.NO_WAY_BACK,
        FaultKind.CERTIFICATE_ENDS,
        FaultKind.TIPS_WAITING,
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """`told`: a sentence for the operator; it may hold logins and paths, so it does not go into the log."""

    kind: FaultKind
    told: str

    @property
    def closes(self) -> bool:
        """Whether the line for tips must not be open with it."""
        return self.kind not in WARNINGS
