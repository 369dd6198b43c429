"""What is answered to a plain `GET` beside the websocket."""

from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple


class Answer(NamedTuple):
    """A page as it is sent."""

    status: HTTPStatus
    content_type: str
    body: str


Page = Callable[[], Answer]
"""Made anew for each request."""
