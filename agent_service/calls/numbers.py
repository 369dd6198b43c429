"""One spelling for a customer's number, however the network wrote it: pure."""

import re
import unicodedata

_dialled = re.compile(r"[\d +().\-/]+")
_COUNTRY = "86"
_LEAST_WITH_AREA = 10
"""Digits of the shortest number that a country code can stand before."""
_MOST = 32


def normalise(peer: str) -> str:
    """The digits of a number without the codes that only tell how it was dialled: `+86 138 0013
    8000`, `008613800138000` and `013800138000` are all `13800138000`. Of an address such as
    `sip:138…@host`, the part before the `@`. Empty for what is no number."""
    user = peer.partition("@")[0].strip().removeprefix("sip:").removeprefix("sips:")
    if not _dialled.fullmatch(user):
        return ""
    digits = "".join(str(unicodedata.digit(character)) for character in user if character.isdigit())
    return _without_codes(digits)[:_MOST]


def _without_codes(digits: str) -> str:
    """Without the prefix of a call abroad, the country's own code, and that of a long-distance
    call. A number of zeros alone stays as it is."""
    national = digits.lstrip("0")
    rest = national.removeprefix(_COUNTRY)
    if rest != national and len(rest.lstrip("0")) >= _LEAST_WITH_AREA:
        national = rest.lstrip("0")
    return national or digits
