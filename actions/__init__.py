"""What the dialogue can ask for. Each action is thin: it asks content/ for words, or gives the floor to a service.

An action gets an `Ask` and gives a `Told` (nlu/engine.py). What it says are JSON values: a reply (content/reply.py,
`to_dict`), or `{"do": …}`, by which the conversation gives the floor to a tip, a code, the quiz or a contest.
"""
