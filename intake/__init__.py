"""The way into the police's own machine: where the bot's machine hands over sealed tips and asks for answers.

routes.py is what can be asked, below `/intake/v1`; body.py reads what is sent, within bounds; tls.py is who may speak at
all: a client whose certificate the one authority signed, over TLS 1.3; listening.py opens the port beside the pages.

Whoever asks sees sealed things only, and so does this room. It writes no line about a request that was done, for its
time would be a citizen's time.
"""

from __future__ import annotations

from intake.listening import IntakeError, Listening, listening
from intake.routes import intake_app

__all__ = ["IntakeError", "Listening", "intake_app", "listening"]
