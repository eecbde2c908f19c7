"""The citizen's half of a tip.

It asks (`conversation`), keeps an unfinished tip sealed (`drafts`), has attachments cleaned (`files`), seals (`sealing`) and
deposits once (`sending`), and with the code reads answers and adds to the tip (`followup`).

It runs outside Rasa, knows a person only by a pseudonym (`ref`), and never sees a key that opens a tip.
"""
