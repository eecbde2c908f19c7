"""Certificates for two machines that trust each other and nobody else: the police's (intake) and the bot's.

A small authority signs one certificate for each side. Its key signs once and stays with the police's machine; the bot's
machine gets the folder `bot` and nothing more.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=730)
_CLOCKS_DIFFER = timedelta(hours=1)  # the other machine's clock may be behind


class CertificateError(Exception):
    """Certificates cannot be made or read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the certificates lie: `authority` stays closed, `police` is for the intake, `bot` goes to the bot's machine."""

    authority: Path
    police: Path
    bot: Path


@dataclass(frozen=True, slots=True)
class _Signed:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def make_certificates(folder: Path, hosts: Sequence[str], now: datetime | None = None) -> Folders:
    """Makes an authority, a server's and a client's certificate (EC P-256, two years), each file with mode 0600.

    `hosts`: the names and addresses under which the bot's machine reaches the police's. `now`: the moment from which they
    count (aware; default: the present). Raises CertificateError if a host is none, or if there is anything in one of the
    folders: nothing is ever overwritten.
    """
    folders = Folders(folder / "authority", folder / "police", folder / "bot")
    names = [_general_name(host) for host in hosts]
    if not names:
        raise CertificateError("name at least one host under which the police's machine is reached")
    for taken in (folders.authority, folders.police, folders.bot):
        if taken.exists():
            raise CertificateError(f"{taken} is there already: name a new folder, nothing is overwritten")
    start = now or datetime.now(UTC)
    authority = _authority(start)
    server = _issue(authority, "Lá Chắn intake", ExtendedKeyUsageOID.SERVER_AUTH, start, names)
    client = _issue(authority, "Lá Chắn bot", ExtendedKeyUsageOID.CLIENT_AUTH, start)
    _write(folders.authority, {"authority.pem": authority.pem(), "authority.key": authority.key_pem()})
    _write(
        folders.police,
        {"authority.pem": authority.pem(), "server.pem": server.pem(), "server.key": server.key_pem()},
    )
    _write(folders.bot, {"authority.pem": authority.pem(), "client.pem": client.pem(), "client.key": client.key_pem()})
    return folders


def days_left(path: Path, now: datetime | None = None) -> int:
    """How many whole days a certificate (PEM) still counts; negative when it is over. Raises CertificateError."""
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except FileNotFoundError:
        raise CertificateError(f"{path} is missing: make it with `lachan admin make-certificates`") from None
    except ValueError:
        raise CertificateError(f"{path} is no certificate") from None
    return (certificate.not_valid_after_utc - (now or datetime.now(UTC))).days


def certificates(
    folder: Annotated[Path, typer.Argument(help="A new folder for them.")],
    host: Annotated[
        list[str], typer.Argument(help="Names and addresses under which the bot's machine reaches the police's.")
    ],
) -> None:
    """Make the certificates with which the bot's machine and the police's machine know each other. Run it on the latter."""
    try:
        made = make_certificates(folder, host)
    except (CertificateError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{made.police}: stays here; LACHAN_INTAKE_CERTIFICATES of the police's machine")
    typer.echo(f"{made.bot}: move it to the bot's machine; LACHAN_INTAKE_CERTIFICATES there")
    typer.echo(f"{made.authority}: lock it away; whoever has its key can pass for either machine")
    typer.echo(f"They count for {days_left(made.police / 'server.pem')} days.")


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        ascii_host = host.encode("idna").decode()
    except UnicodeError:
        ascii_host = ""
    if not ascii_host or not all(c.isalnum() or c in "-." for c in ascii_host):
        raise CertificateError(f"{host!r} is neither a host name nor an address")
    return x509.DNSName(ascii_host)


def _authority(start: datetime) -> _Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Lá Chắn authority")
    builder = (
        _begun(name, name, key, start)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
    )
    return _Signed(key, builder.sign(key, hashes.SHA256()))


def _issue(
    authority: _Signed, name: str, usage: x509.ObjectIdentifier, start: datetime, hosts: Sequence[x509.GeneralName] = ()
) -> _Signed:
    """A certificate for one use only: the server's cannot ask, the client's cannot answer."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _begun(_name(name), authority.certificate.subject, key, start)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
    return _Signed(key, builder.sign(authority.key, hashes.SHA256()))


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, start: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - _CLOCKS_DIFFER)
        .not_valid_after(start + LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, mode=0o700)
    for name, content in files.items():
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
