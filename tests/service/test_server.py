"""Who may listen in: TLS wherever it is not this machine alone."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from agent_service.certificate import tls_context
from agent_service.settings import Listen, Settings, Tls
from protocol.wire.errors import Refused
from tests.service.client import Client
from tests.service.conftest import SETTINGS, Serve


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_on_loopback_nobody_can_listen_in(host: str) -> None:
    assert tls_context(Settings(listen=Listen(host=host))) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "floor.example"])
def test_elsewhere_a_certificate_is_required_or_the_risk_named(host: str) -> None:
    with pytest.raises(Refused, match="tls_required"):
        tls_context(Settings(listen=Listen(host=host)))
    named = Listen(host=host, insecure_plaintext=True)
    assert tls_context(Settings(listen=named)) is None


def test_a_certificate_that_can_not_be_read_is_a_bad_setting(tmp_path: Path) -> None:
    missing = Settings(tls=Tls(certificate=str(tmp_path / "missing.pem")))
    with pytest.raises(Refused) as refused:
        tls_context(missing)
    assert (refused.value.code, refused.value.params["name"]) == (
        "bad_setting",
        "tls.certificate",
    )


async def test_a_desk_comes_over_tls(serve: Serve, tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    settings = msgspec.structs.replace(SETTINGS, tls=Tls(str(certificate), str(key)))
    trusting = ssl.create_default_context(cafile=certificate)
    async with serve(settings) as service:
        assert service.server.address.startswith("wss://127.0.0.1:")
        async with await Client.open(service.server.address, ssl=trusting) as client:
            await client.hello()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "floor service")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), True)
        .add_extension(x509.BasicConstraints(True, None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False)
        .sign(private, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key = private.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(pem))
    paths[1].write_bytes(key)
    return paths
