"""Law questions: a round of practice, and contests that women's groups run. Citizens are pseudonyms here.

draw.py draws, matching.py reads typed answers, attempts.py keeps attempts and answers as rows, asking.py makes replies.
practice.py is a round of five. contests.py is a contest's life (draft, open, closed), entrants.py its participants' side,
boards.py what they may look up, ranking.py who stands where, reports.py the figures, results.py the XLSX file.
clock.py opens and closes contests in time. floor.py is the one door for the conversation.
"""
