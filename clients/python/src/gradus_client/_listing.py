"""Lists that a server tells page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import Any, Generic, TypeVar, cast

P = TypeVar("P")
"""A page."""
I = TypeVar("I")
"""One of its items."""


def _items(page: Any) -> list[Any]:
    return cast("list[Any]", page["items"])


def _cursor(page: Any) -> str | None:
    return cast("str | None", page.get("next_cursor"))


class Listing(Generic[P, I]):
    """A list: `page()` is its first page; iterated, it gives every item, and asks for a page when the one before is used up.

    Content that changes meanwhile ends it with a `GradusError` of status 410.
    """

    def __init__(self, ask: Callable[[str | None], P]) -> None:
        self._ask = ask

    def page(self) -> P:
        """The first page."""
        return self._ask(None)

    def pages(self) -> Iterator[P]:
        """Every page, the first at first."""
        page = self._ask(None)
        yield page
        while cursor := _cursor(page):
            page = self._ask(cursor)
            yield page

    def __iter__(self) -> Iterator[I]:
        for page in self.pages():
            yield from _items(page)


class AsyncListing(Generic[P, I]):
    """A list: `await` gives its first page, `async for` every item. Otherwise as `Listing`."""

    def __init__(self, ask: Callable[[str | None], Awaitable[P]]) -> None:
        self._ask = ask

    def __await__(self) -> Generator[Any, None, P]:
        return self._ask(None).__await__()

    async def pages(self) -> AsyncIterator[P]:
        """Every page, the first at first."""
        page = await self._ask(None)
        yield page
        while cursor := _cursor(page):
            page = await self._ask(cursor)
            yield page

    async def __aiter__(self) -> AsyncIterator[I]:
        async for page in self.pages():
            for item in _items(page):
                yield item
