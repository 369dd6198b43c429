"""The seal: a password opens it, nothing else does, and guessing is slow."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from agent_client.seat import sealed as sealed_module
from agent_client.seat.sealed import LONGEST_WAIT_S, Seal, Sealed, Tries, _wait_s
from protocol.wire.errors import Code, Refused
from tests.phone.clock import in_no_time
from tests.seat.rig import signed_in

PASSWORD = "pa55word"
SERVER = "ws://floor:7420"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_module, "COST", 4)


def seal_in(folder: Path, server: str = SERVER, agent: str = "1001") -> Seal:
    return Seal(folder / "sealed.json", folder / "tries.json", server, agent)


async def refusal(seal: Seal, password: str) -> str:
    with pytest.raises(Refused) as refused:
        await seal.open(password)
    return refused.value.code


async def test_the_password_opens_it_also_after_a_restart_and_the_token_is_not_in_it(
    tmp_path: Path,
) -> None:
    await seal_in(tmp_path).keep(signed_in(), PASSWORD)
    opened = await seal_in(tmp_path).open(PASSWORD)
    assert opened == msgspec.structs.replace(signed_in(), token="")


async def test_only_its_owner_can_read_the_file_and_nothing_in_it_is_readable(
    tmp_path: Path,
) -> None:
    await seal_in(tmp_path).keep(signed_in(), PASSWORD)
    file = tmp_path / "sealed.json"
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes() + bytes.fromhex(msgspec.json.decode(file.read_bytes())["content"])
    for secret in (PASSWORD.encode(), "王丽".encode(), b"1001"):
        assert secret not in content


@pytest.mark.parametrize(("server", "agent"), [("ws://other", "1001"), (SERVER, "1002")])
async def test_it_is_good_for_one_person_at_one_server(
    tmp_path: Path, server: str, agent: str
) -> None:
    await seal_in(tmp_path).keep(signed_in(), PASSWORD)
    assert await refusal(seal_in(tmp_path, server, agent), PASSWORD) == Code.BAD_CREDENTIALS


async def test_without_one_there_is_nothing_to_open(tmp_path: Path) -> None:
    assert await refusal(seal_in(tmp_path), PASSWORD) == Code.NOT_KEPT


async def test_a_file_that_somebody_changed_opens_for_nobody(tmp_path: Path) -> None:
    file = tmp_path / "sealed.json"
    await seal_in(tmp_path).keep(signed_in(), PASSWORD)
    sealed = msgspec.json.decode(file.read_bytes(), type=Sealed)
    changes: list[dict[str, str | int]] = [
        {"content": "00" + sealed.content[2:]},
        {"salt": "xx"},
        {"cost": 1},
    ]
    for change in changes:
        file.write_bytes(msgspec.json.encode(msgspec.structs.replace(sealed, **change)))
        assert await refusal(seal_in(tmp_path), PASSWORD) == Code.BAD_CREDENTIALS
    file.write_bytes(b"{}")
    assert await refusal(seal_in(tmp_path), PASSWORD) == Code.NOT_KEPT


async def test_a_new_password_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    seal = seal_in(tmp_path)
    await seal.keep(signed_in(), PASSWORD)
    await seal.keep(signed_in(), "another")
    assert await refusal(seal, PASSWORD) == Code.BAD_CREDENTIALS
    await seal.open("another")


async def test_what_is_forgotten_is_gone(tmp_path: Path) -> None:
    seal = seal_in(tmp_path)
    await seal.keep(signed_in(), PASSWORD)
    seal.forget()
    assert await refusal(seal, PASSWORD) == Code.NOT_KEPT
    assert not (tmp_path / "sealed.json").exists()


def tries(folder: Path) -> int:
    file = folder / "tries.json"
    return msgspec.json.decode(file.read_bytes(), type=Tries).wrong if file.exists() else 0


def test_each_wrong_password_makes_the_next_try_wait_longer_also_after_a_restart(
    tmp_path: Path,
) -> None:
    async def guess() -> list[float]:
        loop, waits = asyncio.get_running_loop(), list[float]()
        await seal_in(tmp_path).keep(signed_in(), PASSWORD)
        for _ in range(7):
            began = loop.time()
            assert await refusal(seal_in(tmp_path), "wrong") == Code.BAD_CREDENTIALS
            waits.append(round(loop.time() - began))
        assert tries(tmp_path) == 7
        await seal_in(tmp_path).open(PASSWORD)
        return waits

    assert in_no_time(guess()) == [0, 0, 0, 1, 2, 4, 8]
    assert tries(tmp_path) == 0


def test_no_wait_is_longer_than_the_longest() -> None:
    assert [_wait_s(wrong) for wrong in (0, 2, 3, 8, 10**6)] == [0, 0, 1, 30, LONGEST_WAIT_S]


def test_a_try_counts_though_nobody_waited_for_its_end(tmp_path: Path) -> None:
    async def give_up() -> None:
        seal = seal_in(tmp_path)
        await seal.keep(signed_in(), PASSWORD)
        seal._note(5)
        trying = asyncio.create_task(seal.open("wrong"))
        await asyncio.sleep(1)
        trying.cancel()
        await asyncio.wait({trying})
        assert tries(tmp_path) == 6

    in_no_time(give_up())


async def test_on_a_disk_that_refuses_it_is_kept_as_long_as_the_seat_runs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "records"
    folder.mkdir(mode=0o755)  # the desk keeps no secret where others can look
    folder.chmod(0o755)
    seal = seal_in(folder)
    await seal.keep(signed_in(), PASSWORD)
    assert "folder_not_private" in caplog.text
    assert (await seal.open(PASSWORD)).person == signed_in().person
    assert PASSWORD not in caplog.text


async def test_what_another_version_sealed_is_not_kept(tmp_path: Path) -> None:
    seal = seal_in(tmp_path)
    seal._sealed = sealed_module._close(b'{"re":1}', PASSWORD, seal._bound_to)
    assert await refusal(seal, PASSWORD) == Code.NOT_KEPT
