"""Is this offer a trap? At most eight questions, then what speaks for and against it, how sure, what to do, whom to call.

Questions, words that answer them, rules and weights are data (content/offer). reading.py finds answers in a text, weighing.py
counts what speaks for and against, wording.py says it, guide.py leads through the talk (guides/port.py). docs/offers.md.
"""

from guides.offer.guide import OfferGuide

__all__ = ["OfferGuide"]
