"""Style sheets that are parsed once for all terminals of a process, and not anew for each."""

from functools import cache

from textual.css import stylesheet
from textual.css.model import RuleSet
from textual.css.tokenize import Token
from textual.css.types import CSSLocation

parse, tokenize_values = stylesheet.parse, stylesheet.tokenize_values


class Tokens(dict[str, list[Token]]):
    """The values of a theme, which are the same ones wherever they are asked for."""

    __hash__ = object.__hash__  # type: ignore[assignment] # it is never changed
    __eq__ = object.__eq__  # type: ignore[assignment] # as above


@cache
def _tokens(variables: frozenset[tuple[str, str]]) -> Tokens:
    return Tokens(tokenize_values(dict(variables)))


@cache
def _rules(
    scope: str,
    css: str,
    read_from: CSSLocation,
    tokens: Tokens,
    is_default_rules: bool,
    tie_breaker: int,
) -> tuple[RuleSet, ...]:
    return tuple(
        parse(
            scope,
            css,
            read_from,
            variable_tokens=tokens,
            is_default_rules=is_default_rules,
            tie_breaker=tie_breaker,
        )
    )


def tokens_once(variables: dict[str, str]) -> Tokens:
    """Takes the place of `textual.css.stylesheet.tokenize_values`."""
    return _tokens(frozenset(variables.items()))


def rules_once(
    scope: str,
    css: str,
    read_from: CSSLocation,
    *,
    variable_tokens: Tokens,
    is_default_rules: bool,
    tie_breaker: int,
) -> tuple[RuleSet, ...]:
    """Takes the place of `textual.css.stylesheet.parse`."""
    return _rules(scope, css, read_from, variable_tokens, is_default_rules, tie_breaker)
