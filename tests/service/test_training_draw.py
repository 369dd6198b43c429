"""What must always hold of a draw."""

from hypothesis import given
from hypothesis import strategies as st

from agent_service.training.draw import draw


@given(st.lists(st.integers(), unique=True), st.text(), st.data())
def test_a_draw_is_the_beginning_of_one_order(
    contents: list[int], seed: str, data: st.DataObject
) -> None:
    everything = draw(contents, len(contents), seed)
    count = data.draw(st.integers(0, len(contents)))
    shuffled = data.draw(st.permutations(contents))
    assert draw(shuffled, count, seed) == everything[:count]
    assert sorted(everything, key=int) == sorted(contents)
