"""Understanding: what a person means, and where the talk goes.

data/ holds the training sentences by topic; normalise.py, features.py, classifier.py are the Rasa components (each a
pure function; components.py has their thin adapters); danger.py is the net for words that mean "help me now"; engine.py
is the port behind which Rasa works, rasa_engine.py the adapter; compat.py lets Rasa live here. This room imports no
other room.
"""
