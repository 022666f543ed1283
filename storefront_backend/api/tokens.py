"""The first look at a query: its tokens, one by one, before a parser recurses into them."""

from __future__ import annotations

from graphql import GraphQLError, Source, Token, TokenKind
from graphql.language import Lexer

# The longest introspection query of the usual tools has some 400 tokens.
MOST_TOKENS = 2_000
_MOST_NESTED = 40  # brackets of any kind; ten levels of fields with arguments need some 25
_LONGEST_NUMBER = 30  # digits; Python refuses to read numbers of thousands
_OPENING = {TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L}
_CLOSING = {TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R}
_NUMBERS = {TokenKind.INT, TokenKind.FLOAT}


def check_tokens(query: str) -> None:
    """Raise GraphQLError where there are too many tokens, nested too deeply, or not readable."""
    lexer = Lexer(Source(query))
    nested = 0
    for _ in range(MOST_TOKENS + 1):
        token = lexer.advance()
        if token.kind is TokenKind.EOF:
            return
        if token.kind in _OPENING:
            nested += 1
            if nested > _MOST_NESTED:
                raise _refused(
                    "query_too_deep", f"Brackets are nested more than {_MOST_NESTED} deep", token
                )
        elif token.kind in _CLOSING:
            nested -= 1
        elif token.kind in _NUMBERS and len(token.value or "") > _LONGEST_NUMBER:
            raise _refused(
                "number_too_large", f"A number has more than {_LONGEST_NUMBER} digits", token
            )
        elif "\0" in (token.value or ""):
            raise _refused("invalid_text", "A text has a NUL character in it", token)
    raise GraphQLError(
        f"Document contains more than {MOST_TOKENS} tokens",
        extensions={"code": "query_too_large", "limit": MOST_TOKENS},
    )


def _refused(code: str, message: str, token: Token) -> GraphQLError:
    return GraphQLError(
        f"{message} (line {token.line}, column {token.column})", extensions={"code": code}
    )
