"""The firm's own certificate: who may read its key, which suites are spoken, and what doctor says of it."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.clock import SystemClock
from bot.errors import WrongSetting
from bot.front import certificate
from bot.sandbox.authority import Authority
from bot.settings import read_settings
from tests.test_cli import cli
from tests.test_doctor import finding

HOST = "link.firm.example"


def files(folder: Path, host: str = HOST, ends: timedelta = timedelta(days=90), mode: int = 0o600) -> dict[str, str]:
    """A certificate of its own for `host` that ends so long from now, and its key, as settings name them."""
    key, now = ec.generate_private_key(ec.SECP256R1()), SystemClock().now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bot")])
    known: x509.GeneralName = x509.DNSName(host)
    if host[0].isdigit():
        known = x509.IPAddress(ip_address(host))
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(now + ends)
    made = builder.add_extension(x509.SubjectAlternativeName([known]), critical=False).sign(key, hashes.SHA256())
    cert, secret = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kind, open_ = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, open_))
    secret.chmod(mode)
    return {"LINK_ECF_TLS_CERT": str(cert), "LINK_ECF_TLS_KEY": str(secret)}


@pytest.mark.parametrize("mode", [0o666, 0o644, 0o604, 0o620, 0o660, 0o601])
def test_a_key_that_others_can_read_or_a_group_can_change_stops_the_start(tmp_path: Path, mode: int) -> None:
    given = files(tmp_path, mode=mode)
    with pytest.raises(WrongSetting, match=r"^LINK_ECF_TLS_KEY is wrong: .* run chmod 640 on it[^\n]*$"):
        certificate(read_settings(given))


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o640, 0o440])
def test_a_key_that_its_owner_and_a_group_can_read_is_taken(tmp_path: Path, mode: int) -> None:
    """As many systems keep them: root's, and readable for a group of the servers."""
    given = files(tmp_path, mode=mode)
    assert certificate(read_settings(given)) is not None


def test_only_suites_that_seal_and_sign_in_one_are_spoken(tmp_path: Path) -> None:
    cert, key = Authority(tmp_path).files("localhost")
    context = certificate(read_settings({"LINK_ECF_TLS_CERT": str(cert), "LINK_ECF_TLS_KEY": str(key)}))
    assert context is not None
    suites = context.get_ciphers()
    assert all(suite["aead"] for suite in suites)
    assert {suite["protocol"] for suite in suites} == {"TLSv1.2", "TLSv1.3"}
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    ("host", "ends", "address", "well", "said"),
    [
        (HOST, timedelta(days=90), f"https://{HOST}", True, f"is for {HOST} and good until"),
        ("*.firm.example", timedelta(days=90), f"https://{HOST}:8443", True, "good until"),
        ("10.0.0.5", timedelta(days=90), "https://10.0.0.5", True, "good until"),
        (HOST, timedelta(days=13), f"https://{HOST}", True, "only until"),
        (HOST, -timedelta(days=1), f"https://{HOST}", False, "is over"),
        ("other.firm.example", timedelta(days=90), f"https://{HOST}", False, f"is not for {HOST}"),
        ("10.0.0.6", timedelta(days=90), "https://10.0.0.5", False, "is not for 10.0.0.5"),
    ],
)
async def test_doctor_looks_at_the_host_and_the_end_of_the_certificate(
    tmp_path: Path, host: str, ends: timedelta, address: str, well: bool, said: str
) -> None:
    given = {**files(tmp_path, host, ends), "LINK_ECF_STATE_DIR": str(tmp_path), "PUBLIC_URL": address}
    found = finding(await cli("doctor", "--json", **given), "certificate")
    assert found["ok"] is well
    assert said in str(found["found"])
    assert bool(found["fix"]) is (not well or said == "only until")


async def test_doctor_names_a_key_that_is_open_to_others(tmp_path: Path) -> None:
    given = {**files(tmp_path, mode=0o666), "LINK_ECF_STATE_DIR": str(tmp_path), "PUBLIC_URL": f"https://{HOST}"}
    found = finding(await cli("doctor", "--json", **given), "page")
    assert not found["ok"]
    assert "LINK_ECF_TLS_KEY" in str(found["found"])
