"""Certificates: whole, private, of two years, and never written over others."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import typer
from cryptography import x509
from typer.testing import CliRunner

from lachan.certificates import CertificateError, Folders, certificates, days_left, make_certificates

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_each_side_gets_what_it_needs_and_no_more(tmp_path: Path) -> None:
    made = make_certificates(tmp_path / "new", ["10.0.0.7", "police.example"])
    assert made == Folders(tmp_path / "new/authority", tmp_path / "new/police", tmp_path / "new/bot")
    assert files(made.police) == {"authority.pem", "server.pem", "server.key"}
    assert files(made.bot) == {"authority.pem", "client.pem", "client.key"}
    for path in (tmp_path / "new").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    key = (made.authority / "authority.key").read_bytes()
    assert not any(key in path.read_bytes() for side in (made.police, made.bot) for path in side.iterdir())


def test_names_addresses_and_time(tmp_path: Path) -> None:
    made = make_certificates(tmp_path / "new", ["10.0.0.7", "fd00::7", "công-an.example"], NOW)
    server = x509.load_pem_x509_certificate((made.police / "server.pem").read_bytes())
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("10.0.0.7"), ip_address("fd00::7")]
    assert names.get_values_for_type(x509.DNSName) == ["xn--cng-an-ixa.example"]
    for path in (made.police / "server.pem", made.bot / "client.pem", made.authority / "authority.pem"):
        assert days_left(path, NOW) == 730
        assert days_left(path, NOW + timedelta(days=731)) == -1


@pytest.mark.parametrize("there", ["authority", "police", "bot"])
def test_nothing_is_overwritten(tmp_path: Path, there: str) -> None:
    (tmp_path / there).mkdir()
    with pytest.raises(CertificateError, match="nothing is overwritten"):
        make_certificates(tmp_path, ["10.0.0.7"])
    assert files(tmp_path) == set()


@pytest.mark.parametrize("hosts", [[], ["https://10.0.0.7"], ["a b"], [""], ["10.0.0.7:8443"], ["x" * 70]])
def test_what_is_no_host(tmp_path: Path, hosts: list[str]) -> None:
    with pytest.raises(CertificateError):
        make_certificates(tmp_path, hosts)
    assert not list(tmp_path.iterdir())


def test_days_left_of_what_is_no_certificate(tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match="missing"):
        days_left(tmp_path / "server.pem")
    (tmp_path / "server.pem").write_bytes(b"no")
    with pytest.raises(CertificateError, match="no certificate"):
        days_left(tmp_path / "server.pem")


def test_the_command(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command("make-certificates")(certificates)
    runner = CliRunner()
    done = runner.invoke(app, [str(tmp_path / "new"), "10.0.0.7", "police.example"])
    assert done.exit_code == 0
    assert str(tmp_path / "new" / "bot") in done.output
    assert "PRIVATE" not in done.output
    again = runner.invoke(app, [str(tmp_path / "new"), "10.0.0.7"])
    assert again.exit_code == 1
    assert "nothing is overwritten" in again.output
