"""What is wrong with the texts of a document: pure. Texts come without blanks around them."""

from protocol.wire.documents import MAX_NAME, DocumentFault, DocumentField, bad_document
from protocol.wire.texts import TextFault, fault_of

_FAULTS = {
    TextFault.EMPTY: DocumentFault.TEXT_MISSING,
    TextFault.TOO_LONG: DocumentFault.TOO_LONG,
    TextFault.UNREADABLE: DocumentFault.UNREADABLE,
}


def check_name(name: str) -> None:
    """One line that has to be there. Raises `Refused` with `bad_document`."""
    if not name:
        raise bad_document(DocumentField.NAME, DocumentFault.NAME_MISSING)
    check_text(DocumentField.NAME, name, MAX_NAME, lines=False)


def check_optional(field: DocumentField, text: str, most: int, *, lines: bool = True) -> None:
    """As `check_text`, but it may be empty."""
    if text:
        check_text(field, text, most, lines=lines)


def check_text(field: DocumentField, text: str, most: int, *, lines: bool = True) -> None:
    """A text that has to be there, with or without newlines and tabs. Raises `Refused` with
    `bad_document`."""
    fault = fault_of(text.replace("\t", " ") if lines else text, most)
    if fault is None and not lines and "\n" in text:
        fault = TextFault.UNREADABLE
    if fault is not None:
        raise bad_document(field, _FAULTS[fault], most)
