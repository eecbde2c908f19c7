"""Who may speak with the police's machine: only a client whose certificate the one authority signed, over TLS 1.3."""

from __future__ import annotations

import ssl
from pathlib import Path


def server_context(folder: Path) -> ssl.SSLContext:
    """For a folder with `authority.pem`, `server.pem` and `server.key` (`lachan admin make-certificates`).

    Raises OSError if a file is missing, ssl.SSLError (an OSError too) if one is none of these.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.num_tickets = 0  # lines stay open; nobody takes one up again by a ticket
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_verify_locations(folder / "authority.pem")
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context
