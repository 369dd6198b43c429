"""Drawing papers from the bank, orders by seed, and marks of several markers."""

from collections import Counter
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_service.exams.generation import BankQuestion, TooFew, generated
from agent_service.exams.marks import settled
from agent_service.exams.shuffling import shuffled
from protocol.facts.document import Difficulty
from protocol.facts.exam import QuestionType, Wanted
from protocol.wire.errors import Refused
from protocol.wire.exams import Generated, GeneratePaper
from tests.service.client import Client
from tests.service.exams.exam_requests import ESSAY, SINGLE, asked, issue, paper_of
from tests.service.roster_requests import refusal

BANK = tuple(
    BankQuestion(f"q{number}", 1 + number % 3, category, type, difficulty, 2 + number)
    for number, (category, type, difficulty) in enumerate(
        (category, type, difficulty)
        for category in ("礼仪", "业务")
        for type in (QuestionType.SINGLE, QuestionType.ESSAY)
        for difficulty in (Difficulty.SIMPLE, Difficulty.HARD)
        for _ in range(4)
    )
)
BY_NAME = {each.question: each for each in BANK}
wishes = st.builds(
    Wanted,
    st.sampled_from(["", "礼仪", "业务"]),
    st.sampled_from([QuestionType.SINGLE, QuestionType.ESSAY]),
    st.sampled_from(["", "simple", "hard"]),
    st.integers(1, 3),
)


@given(st.lists(wishes, min_size=1, max_size=3), st.text(max_size=8), st.randoms())
def test_the_same_bank_wishes_and_seed_draw_the_same(
    wanted: list[Wanted], seed: str, random: Random
) -> None:
    try:
        items = generated(BANK, wanted, seed)
    except TooFew as few:
        assert few.there < few.wanted.count
        return
    mixed = list(BANK)
    random.shuffle(mixed)
    assert generated(mixed, wanted, seed) == items
    assert len({item.question for item in items}) == sum(wish.count for wish in wanted)
    left = list(items)
    for wish in wanted:
        some, left = left[: wish.count], left[wish.count :]
        for item in some:
            drawn = BY_NAME[item.question]
            assert (item.version, item.half_points) == (drawn.version, drawn.half_points)
            assert drawn.type is wish.type
            assert wish.category in ("", drawn.category)
            assert wish.difficulty in ("", drawn.difficulty)


def test_another_seed_draws_others() -> None:
    wish = Wanted("礼仪", QuestionType.SINGLE, "simple", 2)
    drawn = {generated(BANK, [wish], str(seed)) for seed in range(200)}
    assert len(drawn) == 12


@given(st.lists(st.text(min_size=1, max_size=3), unique=True), st.text(), st.text())
def test_an_order_holds_each_once_and_stays(names: list[str], seed: str, agent: str) -> None:
    order = shuffled(names, seed, agent)
    assert sorted(order) == sorted(names)
    assert shuffled(names[::-1], seed, agent) == order


def test_every_option_comes_first_about_as_often() -> None:
    first = Counter(shuffled("ABCD", "seed", str(agent))[0] for agent in range(2_000))
    assert all(400 < count < 600 for count in first.values())


@pytest.mark.parametrize(
    ("marks", "points"),
    [
        ([], None),
        ([7], Fraction(7, 2)),
        ([10, 14], Fraction(6)),
        ([10, 13], Fraction(6)),
        ([10, 15], None),
        ([10, 15, 14], Fraction(7)),
        ([0, 20, 11, 12], Fraction(6)),
    ],
)
def test_marks_are_settled(marks: list[int], points: Fraction | None) -> None:
    assert settled(marks, 20) == points


async def test_a_paper_is_drawn_from_what_is_enabled(trainer: Client, wang: Client) -> None:
    _, (single, essay) = await paper_of(trainer, (SINGLE, 6), (ESSAY, 8))
    one = (
        Wanted("", QuestionType.ESSAY, "", 1),
        Wanted(SINGLE.category, QuestionType.SINGLE, "general", 1),
    )
    drawn = await asked(trainer, GeneratePaper(trainer.next_id(), one), Generated)
    assert [item.question for item in drawn.items] == [essay, single]
    assert drawn.generation.wanted == one
    again = GeneratePaper(trainer.next_id(), one, drawn.generation.seed)
    assert (await asked(trainer, again, Generated)).items == drawn.items
    with pytest.raises(Refused) as refused:
        two = (Wanted("礼仪", QuestionType.SINGLE, "hard", 2),)
        await trainer.request(GeneratePaper(trainer.next_id(), two))
    assert refused.value.params == {
        "category": "礼仪",
        "type": "single",
        "difficulty": "hard",
        "count": 2,
        "there": 0,
    }
    assert await refusal(wang.request(GeneratePaper(wang.next_id(), one))) == "not_permitted"
    none = (Wanted("", QuestionType.ESSAY, "", 0),)
    bad = trainer.request(GeneratePaper(trainer.next_id(), none))
    assert await refusal(bad) == "malformed_message"
    assert await refusal(issue(wang, "none")) == "not_permitted"
