"""Values of any message, drawn from the message's own types."""

from datetime import UTC
from functools import singledispatch

import hypothesis.strategies as st
import msgspec
from msgspec import inspect

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
"""Any JSON value."""


def messages(union: object) -> st.SearchStrategy[msgspec.Struct]:
    """A value of a type, or of any type of a union."""
    return drawn(inspect.type_info(union))


@singledispatch
def drawn(kind: inspect.Type) -> st.SearchStrategy[object]:
    """Values of one type, as msgspec describes it."""
    raise NotImplementedError(f"no values are known for {kind}")


@drawn.register
def _(kind: inspect.StructType) -> st.SearchStrategy[object]:
    return st.builds(kind.cls, **{field.name: drawn(field.type) for field in kind.fields})


@drawn.register
def _(kind: inspect.UnionType) -> st.SearchStrategy[object]:
    return st.one_of([drawn(member) for member in kind.types])


@drawn.register
def _(kind: inspect.IntType) -> st.SearchStrategy[object]:
    least = -(1 << 63) if kind.ge is None else kind.ge
    most = (1 << 63) - 1 if kind.le is None else kind.le
    return st.integers(least, most)


@drawn.register
def _(kind: inspect.VarTupleType) -> st.SearchStrategy[object]:
    return st.lists(drawn(kind.item_type), max_size=3).map(tuple)


@drawn.register
def _(kind: inspect.FrozenSetType) -> st.SearchStrategy[object]:
    return st.frozensets(drawn(kind.item_type), max_size=3)


@drawn.register(inspect.FloatType)
def _(_: object) -> st.SearchStrategy[object]:
    return st.floats(allow_nan=False, allow_infinity=False)


@drawn.register
def _(kind: inspect.DictType) -> st.SearchStrategy[object]:
    return st.dictionaries(drawn(kind.key_type), drawn(kind.value_type), max_size=3)


@drawn.register
def _(kind: inspect.EnumType) -> st.SearchStrategy[object]:
    return st.sampled_from(kind.cls)


@drawn.register
def _(kind: inspect.StrType) -> st.SearchStrategy[object]:
    return st.text(min_size=kind.min_length or 0, max_size=kind.max_length)


@drawn.register(inspect.BoolType)
def _(_: object) -> st.SearchStrategy[object]:
    return st.booleans()


@drawn.register(inspect.NoneType)
def _(_: object) -> st.SearchStrategy[object]:
    return st.none()


@drawn.register(inspect.DateTimeType)
def _(_: object) -> st.SearchStrategy[object]:
    return st.datetimes(timezones=st.just(UTC))


@drawn.register(inspect.DateType)
def _(_: object) -> st.SearchStrategy[object]:
    return st.dates()


@drawn.register(inspect.RawType)
def _(_: object) -> st.SearchStrategy[object]:
    return JSON.map(lambda value: msgspec.Raw(msgspec.json.encode(value)))
