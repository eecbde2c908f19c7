"""Law questions: a round of practice, and contests that women's groups run. Citizens are pseudonyms here.

draw.py draws, matching.py reads typed answers, attempts.py keeps attempts and answers as rows, asking.py makes replies.
practice.py is a round of five. contests.py is a contest's life (draft, open, closed); joining.py lets people in under a
name (names.py: what a name may be; nicknames.py: which are taken), taking.py is their way through the questions,
boards.py what they may look up, telling.py its words. ranking.py is who stands where, reports.py the figures,
results.py the XLSX file. clock.py opens and closes contests in time. floor.py is the one door for the conversation.
"""
