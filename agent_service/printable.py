"""Text from anywhere, made fit for one line of a log or a terminal."""


def printable(text: str) -> str:
    """The text with everything escaped that does not print: line breaks, control characters,
    marks that turn the direction of writing."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    return "\\n" if character == "\n" else f"\\u{{{ord(character):x}}}"
