"""A server of Gradus, asked one question at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, cast

import httpx

from ._listing import Listing
from ._transport import Options, Sent, of, plan, quoted, refusal

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self, Unpack

    from . import document


class Gradus:
    """A server. Each method is one question of its HTTP API, whose document describes parameters and answers.

    `server` is its address, such as `http://localhost:4747`; `token` is sent as a bearer token, and may be a function that gives
    one. A request is sent again up to `retries` times after 429, 503 or a failure of the network, after what `Retry-After` says or longer
    and longer waits, of `max_wait` seconds at most. `http` is a client of your own, which is then yours to close.
    """

    def __init__(
        self,
        server: str,
        *,
        token: str | Callable[[], str] | None = None,
        retries: int = 3,
        max_wait: float = 10.0,
        timeout: float = 30.0,
        headers: Mapping[str, str] | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self._options = Options(server, token, retries, max_wait, timeout, headers or {})
        self._http = http or httpx.Client(**self._options.client())
        self._is_own = http is None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        if self._is_own:
            self._http.close()

    def search(
        self, q: str = "", **query: Unpack[document.SearchParametersQuery]
    ) -> Listing[document.SearchAnswer, document.SearchHit]:
        """Search guides and concepts."""
        return self._list(Sent("GET", "/v1/search", {"q": q, **query}))

    def suggest(self, q: str, **query: Unpack[document.SuggestParametersQuery]) -> document.ListSuggestItem:
        """Complete a name that is being typed."""
        return cast("document.ListSuggestItem", self._json(Sent("GET", "/v1/suggest", {"q": q, **query})))

    def concepts(
        self, **query: Unpack[document.ListConceptsParametersQuery]
    ) -> Listing[document.ListPageItem, document.PageItem]:
        """List concepts."""
        return self._list(Sent("GET", "/v1/concepts", query))

    def guides(self, **query: Unpack[document.ListGuidesParametersQuery]) -> Listing[document.ListPageItem, document.PageItem]:
        """List guides, also those that teach or need something, or belong to a series."""
        return self._list(Sent("GET", "/v1/guides", query))

    def concept(self, page: str) -> document.ConceptAnswer:
        """A concept, by its id, name, path or address."""
        return cast("document.ConceptAnswer", self._json(Sent("GET", f"/v1/concepts/{quoted(page)}")))

    def guide(self, page: str) -> document.GuideAnswer:
        """A guide, by its id, name, path or address."""
        return cast("document.GuideAnswer", self._json(Sent("GET", f"/v1/guides/{quoted(page)}")))

    def section(self, section: str) -> document.SectionAnswer:
        """A section, by the id of its page, `#`, and its anchor."""
        return cast("document.SectionAnswer", self._json(Sent("GET", f"/v1/sections/{quoted(section)}")))

    def resolve(self, ref: str) -> document.ResolveAnswer:
        """Which page a slug, title, name, path or URL means."""
        return cast("document.ResolveAnswer", self._json(Sent("GET", "/v1/resolve", {"ref": ref})))

    def prerequisites(
        self, page: str, **query: Unpack[document.ConceptPrerequisitesParametersQuery]
    ) -> document.PrerequisitesAnswer:
        """What a concept or guide needs, in levels: its whole closure, or `depth` levels of it."""
        return cast("document.PrerequisitesAnswer", self._json(of(page, "prerequisites", query)))

    def unlocks(self, page: str, **query: Unpack[document.UnlocksParametersQuery]) -> document.PrerequisitesAnswer:
        """What needs a concept or guide, in levels."""
        return cast("document.PrerequisitesAnswer", self._json(of(page, "unlocks", query)))

    def related(self, page: str, **query: Unpack[document.ConceptRelatedParametersQuery]) -> document.ListRelatedItem:
        """What belongs to a concept or guide, and why."""
        return cast("document.ListRelatedItem", self._json(of(page, "related", query)))

    def path(self, from_: str, to: str, **query: Unpack[document.PathParametersQuery]) -> document.PathAnswer:
        """The cheapest chains of prerequisites from one page up to another."""
        return cast("document.PathAnswer", self._json(Sent("GET", "/v1/path", {"from": from_, "to": to, **query})))

    def plan(self, **query: Unpack[document.PlanParametersQuery]) -> document.PlanAnswer:
        """Plan what to learn. What is too long for a URL is sent as a body."""
        return cast("document.PlanAnswer", self._json(plan(query)))

    def next(self, **query: Unpack[document.NextParametersQuery]) -> document.ListNextItem:
        """What can be learned now."""
        return cast("document.ListNextItem", self._json(Sent("GET", "/v1/next", query)))

    def questions(
        self, **query: Unpack[document.ListAllQuestionsParametersQuery]
    ) -> Listing[document.ListExerciseItem, document.ExerciseItem]:
        """Quiz and interview questions: all, those of a guide, or those on a concept."""
        return self._list(Sent("GET", "/v1/questions", query))

    def topics(self, **query: Unpack[document.TopicsParametersQuery]) -> Listing[document.TopicsAnswer, document.TopicItem]:
        """Concepts that have more to do with each other than with others."""
        return self._list(Sent("GET", "/v1/topics", query))

    def bridges(
        self, from_: str, **query: Unpack[document.BridgesParametersQuery]
    ) -> Listing[document.ListBridgeItem, document.BridgeItem]:
        """The concepts that connect one topic with another, or with all others."""
        return self._list(Sent("GET", "/v1/bridges", {"from": from_, **query}))

    def graph(self, center: str, **query: Unpack[document.GraphParametersQuery]) -> document.GraphAnswer:
        """What stands around a page."""
        return cast("document.GraphAnswer", self._json(Sent("GET", "/v1/graph", {"center": center, **query})))

    def status(self) -> document.StatusAnswer:
        """What is being served."""
        return cast("document.StatusAnswer", self._json(Sent("GET", "/v1/status")))

    def batch(self, requests: list[str]) -> document.BatchAnswer:
        """Up to a hundred reads, such as `/v1/concepts/kv-cache`, from one snapshot."""
        return cast("document.BatchAnswer", self._json(Sent("POST", "/v1/batch", body={"requests": requests})))

    def drawing(
        self, center: str, format: Literal["svg", "mermaid", "dot", "graphml"], **query: Unpack[document.GraphParametersQuery]
    ) -> str:
        """What stands around a page, as a picture or in a format of others."""
        return (self._send(Sent("GET", "/v1/graph", {"center": center, **query, "format": format}))).text

    def export(self, **query: Unpack[document.ExportParametersQuery]) -> str:
        """Everything, in the `format` that is asked for; JSON Lines where none is."""
        return (self._send(Sent("GET", "/v1/export", query))).text

    def fields(self, path: str, fields: list[str], **query: Any) -> Any:
        """Of any question, only these `fields` of its answer, such as `items.id`. Its path is written whole."""
        return (self._send(Sent("GET", path, {**query, "fields": fields}))).json()

    def _send(self, sent: Sent) -> httpx.Response:
        attempt = 0
        while True:
            response = None
            try:
                response = self._http.request(**self._options.request(sent))
            except httpx.TransportError as error:
                wait = self._options.wait(None, attempt)
                if wait is None:
                    raise self._options.unreachable(error) from error
            else:
                if response.is_success:
                    return response
                wait = self._options.wait(response, attempt)
                if wait is None:
                    raise refusal(response)
            time.sleep(wait)
            attempt += 1

    def _json(self, sent: Sent) -> Any:
        return (self._send(sent)).json()

    def _list(self, sent: Sent) -> Listing[Any, Any]:
        def ask(cursor: str | None) -> Any:
            return self._json(Sent(sent.method, sent.path, {**sent.query, "cursor": cursor}))

        return Listing(ask)
