"""What an operator can mend."""


class StartError(RuntimeError):
    """The app cannot start; the message says what to do."""
