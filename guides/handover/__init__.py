"""The hand-over to the local Women's Union: what a person wants, where, how to be reached; nothing without a plain yes.

answers.py holds what was answered, reading.py finds answers in a text, wording.py says it, guide.py leads through the talk
(guides/port.py), wishes.py keeps what was agreed to, sealed, for the Union's own people (organiser/wishes.py).
"""

from guides.handover.guide import HandoverGuide
from guides.handover.wishes import Wishes

__all__ = ["HandoverGuide", "Wishes"]
