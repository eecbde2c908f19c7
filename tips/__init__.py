"""A tip's life, from the first word to the police's answer, without the words ever lying open in a store.

Here is what both halves agree on: the citizen's code (`code`), the sealing (`envelope`), what lies in the envelopes
(`report`), how typed text is cleaned (`text`), how guessing is slowed (`slowdown`), and the way in (`dropbox`).
`tips/citizen/` asks, seals, deposits and follows up; `tips/police/` stores, opens and answers. The halves never import
each other.
"""
