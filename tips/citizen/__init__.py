"""The citizen's half of a tip.

It asks (`conversation`), keeps an unfinished tip sealed (`drafts`), cleans photos (`photos`), seals and deposits
(`sealing`), and with the code reads answers and adds to the tip (`followup`).

It runs outside Rasa, knows a person only by a pseudonym (`ref`), and never sees a key that opens a tip.
"""
