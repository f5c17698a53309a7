"""The sandbox's own certificate authority: made at start, trusted by nobody who was not handed its file."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_LONG_AGO = datetime(2020, 6, 1, tzinfo=UTC)
_UNTIL = datetime(2049, 12, 31, tzinfo=UTC)


class Certificate(StrEnum):
    """What kind of certificate a host shows."""

    GOOD = "good"
    EXPIRED = "expired"
    WRONG_NAME = "wrong_name"
    UNKNOWN_CA = "unknown_ca"


class Authority:
    """Issues a certificate per host name on demand and keeps the files in `folder`, which its owner deletes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _subject("Sandbox certificate authority")
        self._certificate = _authority(self._name, self._key)
        self._stranger_key = ec.generate_private_key(ec.SECP256R1())
        self._stranger = _subject("An authority that nobody trusts")
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._contexts: dict[tuple[str, Certificate], ssl.SSLContext] = {}
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))
        self._key_file = folder / "leaf-key.pem"
        self._key_file.touch(mode=0o600)
        self._key_file.write_bytes(
            self._leaf_key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def context(self, host: str, kind: Certificate = Certificate.GOOD) -> ssl.SSLContext:
        """Return the server's TLS context for `host`, made once for each host and kind."""
        found = self._contexts.get((host, kind))
        if found is None:
            found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            found.minimum_version = ssl.TLSVersion.TLSv1_2
            found.load_cert_chain(self._leaf_file(host, kind), self._key_file)
            self._contexts[host, kind] = found
        return found

    def files(self, host: str) -> tuple[Path, Path]:
        """Return the files of a good certificate for `host` and of its key, as a server's settings name them."""
        return self._leaf_file(host, Certificate.GOOD), self._key_file

    def listening_context(self, choose: Callable[[str], Certificate | None]) -> ssl.SSLContext:
        """Return the context to listen with: `choose(host)` says what each handshake gets, None breaks it off."""
        listening = self.context("localhost")

        def on_name(connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> int | None:
            kind = choose((host or "localhost").lower())
            if kind is None:
                return ssl.ALERT_DESCRIPTION_INTERNAL_ERROR
            connection.context = self.context((host or "localhost").lower(), kind)
            return None

        listening.sni_callback = on_name
        return listening

    def _leaf_file(self, host: str, kind: Certificate) -> Path:
        file = self._folder / f"{len(self._contexts)}-{kind}.pem"
        file.write_bytes(self._leaf(host, kind).public_bytes(serialization.Encoding.PEM))
        return file

    def _leaf(self, host: str, kind: Certificate) -> x509.Certificate:
        name = "www.uscourts.example" if kind is Certificate.WRONG_NAME else host
        strange = kind is Certificate.UNKNOWN_CA
        builder = (
            x509.CertificateBuilder()
            .subject_name(_subject(name))
            .issuer_name(self._stranger if strange else self._name)
            .public_key(self._leaf_key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_FROM)
            .not_valid_after(_LONG_AGO if kind is Certificate.EXPIRED else _UNTIL)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        )
        signer = self._stranger_key if strange else self._key
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        return builder.sign(signer, hashes.SHA256())


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _authority(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
