"""The desk's key and the token: what they prove, and who can read them."""

import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from agent_client.seat.identity import (
    DeskIdentity,
    SignInRecord,
    keep,
    keep_first,
    new_key,
    public_half,
    read,
)
from protocol.wire.errors import Refused
from protocol.wire.session import proof_text


def test_a_proof_holds_for_its_nonce_and_desk_alone() -> None:
    made = new_key()
    proof = bytes.fromhex(DeskIdentity("d1", made).prove("00ff"))
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_half(made)))
    key.verify(proof, proof_text("00ff", "d1"))
    for text in (proof_text("00fe", "d1"), proof_text("00ff", "d2")):
        with pytest.raises(InvalidSignature):
            key.verify(proof, text)


def test_no_two_keys_are_the_same() -> None:
    assert new_key() != new_key()


def test_what_is_kept_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keep(tmp_path / "desk" / "desk.json", DeskIdentity("d1", "k"))
    finally:
        os.umask(before)
    assert (tmp_path / "desk").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "desk" / "desk.json").stat().st_mode & 0o777 == 0o600
    assert read(tmp_path / "desk" / "desk.json", DeskIdentity) == DeskIdentity("d1", "k")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"token":5}', "\x00"])
def test_a_broken_file_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "x").write_text(content)
    assert read(tmp_path / "x", SignInRecord) is None
    assert read(tmp_path / "nowhere", SignInRecord) is None


def test_a_disk_that_takes_nothing_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused) as refused:
        keep(tmp_path / "file" / "desk.json", SignInRecord("t"))
    assert refused.value.code == "disk_failed"


def test_of_two_that_keep_a_file_first_the_second_gets_what_the_first_wrote(
    tmp_path: Path,
) -> None:
    file = tmp_path / "desk" / "desk-pending.json"
    assert keep_first(file, SignInRecord("a")) == SignInRecord("a")
    assert file.stat().st_mode & 0o777 == 0o600
    assert keep_first(file, SignInRecord("b")) == SignInRecord("a")
    file.write_bytes(b"")
    assert keep_first(file, SignInRecord("c")) is None
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_where_nothing_can_be_kept_first_that_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused) as refused:
        keep_first(tmp_path / "file" / "desk.json", SignInRecord("t"))
    assert refused.value.code == "disk_failed"
