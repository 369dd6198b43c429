"""What comes of contents that were read: types and contents that are not there yet, and other
versions of those that are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from agent_service.accounts.staff import OPERATOR
from agent_service.accounts.staff_sheet import Fault
from agent_service.content_files.reading import Placed, Written
from agent_service.documents.checks import checked
from agent_service.documents.register import name_in
from agent_service.documents.row import StoredDocument, encoded, folded
from agent_service.documents.scene import Scene
from protocol.facts.document import (
    AnyBody,
    DocumentKind,
    DocumentPublished,
    TrainingContent,
    TrainingType,
)
from protocol.wire.errors import Code, Refused


class Revision(NamedTuple):
    """Another version of a content."""

    document: str
    base: int
    body: AnyBody


class Plan(NamedTuple):
    """What comes of them."""

    new: Sequence[AnyBody]
    """Types and contents, for `publish_all` under the key that was given."""
    types: int
    """So many of them are types."""
    revised: Sequence[Revision]
    passed: int
    """So many are there already as they were read."""
    faults: Sequence[Fault]


def plan(scene: Scene, placed: Iterable[Placed], key: str) -> Plan:
    """By name and type. What a file does not speak of stays as it is."""
    planner = _Planner(scene, key)
    for each in placed:
        planner.take(each)
    return planner.plan()


def shelves(scene: Scene) -> Iterator[Written]:
    """Every content that is there, type by type, by their places."""
    types = {row.document: row for row in scene.by_kind(DocumentKind.TRAINING_TYPE)}

    def order(row: StoredDocument) -> tuple[int, int, int, int]:
        type_ = types[row.parent]
        return type_.place, type_.number, row.place, row.number

    for row in sorted(scene.by_kind(DocumentKind.TRAINING_CONTENT), key=order):
        body = row.read()
        assert isinstance(body, TrainingContent), "what a document is of never changes"
        name = types[row.parent].name
        yield Written(body.name, name, body.keywords, body.place, body.remark, body.text)


class _Planner:
    """Takes contents, one after the other. The scene learns of what would be published."""

    def __init__(self, scene: Scene, key: str) -> None:
        self._scene = scene
        self._key = key
        types = scene.by_kind(DocumentKind.TRAINING_TYPE)
        self._types = {row.name_key: row.document for row in types}
        self._last_place = max((row.place for row in types), default=0)
        self._contents = {
            (row.parent, row.name_key): row for row in scene.by_kind(DocumentKind.TRAINING_CONTENT)
        }
        self._read: dict[tuple[str, str], Placed] = {}
        self._places: dict[str, int] = {}
        self._new: list[AnyBody] = []
        self._revised: list[Revision] = []
        self._passed = 0
        self._faults: list[Fault] = []

    def plan(self) -> Plan:
        types = sum(isinstance(body, TrainingType) for body in self._new)
        return Plan(self._new, types, self._revised, self._passed, self._faults)

    def take(self, placed: Placed) -> None:
        try:
            self._take(placed)
        except Refused as refused:
            self._faults.append(Fault(placed.line, placed.file, refused.code, refused.params))

    def _take(self, placed: Placed) -> None:
        type_ = self._type(placed.type.strip())
        name = type_, folded(placed.name.strip())
        self._places[type_] = self._places.get(type_, 0) + 1
        first = self._read.setdefault(name, placed)
        if first is not placed:
            raise _twice(first)
        row = self._contents.get(name)
        if row is None:
            self._publish(_begun(placed, type_, self._places[type_]))
            return
        body = checked(_went_on(placed, row), self._scene, row.document)
        if encoded(body) == row.body:
            self._passed += 1
        else:
            self._revised.append(Revision(row.document, row.version, body))

    def _type(self, name: str) -> str:
        """The document of a type, which is made if need be."""
        known = self._types.get(folded(name))
        if known is None:
            known = self._publish(TrainingType(name, self._last_place + 1))
            self._last_place += 1
            self._types[folded(name)] = known
        return known

    def _publish(self, body: AnyBody) -> str:
        body = checked(body, self._scene)
        name = name_in(OPERATOR, self._key, len(self._new))
        self._new.append(body)
        self._scene.add(DocumentPublished(name, 1, 0, body, OPERATOR))
        return name


def _twice(first: Placed) -> Refused:
    if first.file:
        return Refused(Code.CONTENT_FILE_TWICE, file=first.file)
    return Refused(Code.CONTENT_TWICE, line=first.line)


def _begun(placed: Placed, type_: str, at: int) -> TrainingContent:
    return TrainingContent(
        placed.name,
        type_,
        placed.text,
        placed.keywords or (),
        at if placed.place is None else placed.place,
        placed.remark or "",
    )


def _went_on(placed: Placed, row: StoredDocument) -> TrainingContent:
    body = row.read()
    assert isinstance(body, TrainingContent), "what a document is of never changes"
    return replace(
        body,
        name=placed.name,
        text=placed.text,
        keywords=body.keywords if placed.keywords is None else placed.keywords,
        place=body.place if placed.place is None else placed.place,
        remark=body.remark if placed.remark is None else placed.remark,
    )
