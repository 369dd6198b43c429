"""Looking for people on a floor by what is typed."""

import pytest

from agent_client.terminal.floor_search import matcher
from agent_client.terminal.wording import Wording
from protocol.facts.agent import Reason, State
from protocol.i18n import load
from tests.terminal.scenes import row

ENGLISH, CHINESE = Wording(load("en")), Wording(load("zh_CN"))
SOMEBODY = row("1001", State.NOT_READY, 1, reason=Reason.MEAL, name="Li Wang", team="Night shift")


@pytest.mark.parametrize(
    ("needle", "found"),
    [
        ("", True),
        ("night wang", True),
        ("NIGHT li", True),
        ("night chen", False),
        ("ready", True),
        ("state:ready", False),
        ("state:not", True),
        ("state:NOT_READY", True),
        ("state:meal", True),
        ("team:night", True),
        ("team:wang", False),
        ("team:night state:talk", False),
        ("nothing:night", False),
        ("meal", True),
    ],
)
def test_in_english(needle: str, found: bool) -> None:
    assert matcher(needle, ENGLISH)(SOMEBODY) is found


@pytest.mark.parametrize(
    ("needle", "found"),
    [
        ("就餐", True),
        ("状态:示忙", True),
        ("状态：就餐", True),
        ("班组：night", True),
        ("状态:示闲", False),
    ],
)
def test_in_chinese_with_either_colon(needle: str, found: bool) -> None:
    assert matcher(needle, CHINESE)(SOMEBODY) is found
