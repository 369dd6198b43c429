"""TLS by configuration, as an operator sets it up: from the seat's side, with real certificates."""

import asyncio
import signal
import ssl
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidMessage

from tests.service.client import Client
from tests.service.processes import Process, run, serving


class Operator:
    """Somebody with a certificate authority, who writes the files that the settings name."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.certificate = folder / "certificate.pem"
        self.key = folder / "key.pem"
        self.config = folder / "service.toml"
        self.config.write_text(
            f'[tls]\ncertificate = "{self.certificate}"\nkey = "{self.key}"\n', encoding="utf-8"
        )
        self.renew()

    def renew(self) -> str:
        """A new certificate in the place of the old; its serial number."""
        issued = self.authority.issue_cert("127.0.0.1")
        self.key.write_bytes(issued.private_key_pem.bytes())
        self.certificate.write_bytes(issued.cert_chain_pems[0].bytes())
        return serial(issued.cert_chain_pems[0].bytes())

    def trusted(self) -> ssl.SSLContext:
        """What a seat with this authority's `ca` goes by."""
        return ssl.create_default_context(cadata=self.authority.cert_pem.bytes().decode())


def serial(pem: bytes) -> str:
    return f"{x509.load_pem_x509_certificate(pem).serial_number:X}"


async def presented(url: str, context: ssl.SSLContext) -> str:
    """The serial number of the certificate that the service shows."""
    async with connect(url, ssl=context, proxy=None) as connection:
        shown = connection.transport.get_extra_info("peercert")
    return str(shown["serialNumber"]).lstrip("0")


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


async def test_a_seat_with_the_right_authority_comes_and_another_does_not(
    data: Path, operator: Operator, tmp_path: Path
) -> None:
    async with serving(data, "--config", str(operator.config)) as service:
        assert service.url.startswith("wss://127.0.0.1:")
        async with await Client.open(service.url, ssl=operator.trusted()) as client:
            await client.hello()
        other = tmp_path / "other"
        other.mkdir()
        with pytest.raises(ssl.SSLCertVerificationError):
            await Client.open(service.url, ssl=Operator(other).trusted())
        with pytest.raises(InvalidMessage):
            await Client.open(service.url.replace("wss:", "ws:"))
        assert await service.end(signal.SIGTERM) == 0


async def test_nothing_older_than_tls_1_2_is_spoken(data: Path, operator: Operator) -> None:
    old = operator.trusted()
    old.set_ciphers("ALL:@SECLEVEL=0")
    async with serving(data, "--config", str(operator.config)) as service:
        with pytest.warns(DeprecationWarning):
            old.minimum_version = ssl.TLSVersion.TLSv1
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            await Client.open(service.url, ssl=old)
        old.maximum_version = old.minimum_version = ssl.TLSVersion.TLSv1_2
        async with await Client.open(service.url, ssl=old) as client:
            await client.hello()


async def test_a_certificate_is_renewed_without_a_connection_lost(
    data: Path, operator: Operator
) -> None:
    async with serving(data, "--config", str(operator.config)) as service:
        context = operator.trusted()
        before = await presented(service.url, context)
        async with await Client.open(service.url, ssl=context) as client:
            await client.hello()
            renewed = operator.renew()
            assert renewed != before
            service.process.send_signal(signal.SIGHUP)
            await told(service, "certificate_reloaded")
            assert await presented(service.url, context) == renewed
            operator.certificate.write_text("half a cert")
            service.process.send_signal(signal.SIGHUP)
            await told(service, "certificate_refused")
            assert await presented(service.url, context) == renewed
            assert client.connection.close_code is None
        assert await service.end(signal.SIGTERM) == 0


async def test_without_a_certificate_it_does_not_listen_to_others_unless_told_by_name(
    data: Path,
) -> None:
    code, _, err = await run("serve", "--data", str(data), "--listen", "0.0.0.0:0")
    assert code == 1
    assert "[tls_required]" in err
    async with serving(data, "--listen", "0.0.0.0:0", "--insecure-plaintext") as service:
        assert service.url.startswith("ws://0.0.0.0:")


@pytest.mark.parametrize("missing", ["certificate", "key"])
async def test_a_certificate_that_can_not_be_used_is_named(
    data: Path, operator: Operator, missing: str
) -> None:
    getattr(operator, missing).unlink()
    code, out, err = await run(
        *("serve", "--data", str(data), "--listen", "127.0.0.1:0"),
        *("--config", str(operator.config)),
    )
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].endswith("[bad_setting]")
    assert "tls.certificate" in err


async def told(service: Process, event: str) -> None:
    """Wait until the log has an event."""
    async with asyncio.timeout(10):
        while event not in service.log.read_text():
            await asyncio.sleep(0.02)
