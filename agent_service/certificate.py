"""The operator's certificate: required wherever others can listen in, and replaced in flight."""

import ipaddress
import ssl

from agent_service.settings import Settings, Tls
from protocol.wire.errors import Code, Refused


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """TLS 1.2 or newer with the certificate; none only where nobody can listen in, or on
    purpose. Raises `Refused` with `tls_required`, or `bad_setting` for a certificate that can't
    be used."""
    listen, tls = settings.listen, settings.tls
    if not tls.certificate:
        if not listen.insecure_plaintext and not _is_loopback(listen.host):
            raise Refused(Code.TLS_REQUIRED, address=shown(listen.host, listen.port))
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _load(context, tls)
    return context


def reload(context: ssl.SSLContext, settings: Settings) -> None:
    """Take the certificate from its file again, for whoever connects from here on. Raises
    `Refused` with `bad_setting`, and the old one goes on being used."""
    tls_context(settings)  # half of a new certificate must not spoil the context in use
    _load(context, settings.tls)


_NO_PASSPHRASE = ""
"""Of a key that has one: it is refused, rather than that the service waits at a terminal."""


def _load(context: ssl.SSLContext, tls: Tls) -> None:
    try:
        context.load_cert_chain(tls.certificate, tls.key or None, password=_NO_PASSPHRASE)
    except OSError as error:
        raise Refused(Code.BAD_SETTING, name="tls.certificate", detail=str(error)) from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def shown(host: str, port: int) -> str:
    """An address as people write it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
