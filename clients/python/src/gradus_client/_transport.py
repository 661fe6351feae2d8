"""What is sent, and when it is sent again. Every question only reads, so that nothing is done twice."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from ._errors import GradusError

FIRST_WAIT = 0.2
"""Seconds before the second attempt; doubled with each."""
AGAIN = (429, 503)
"""What may go well a little later."""
Pair = str | int | float | bool | None
"""A value of a parameter."""
LONG_URL = 6000
"""A URL longer than this is sent as a body where there is one."""


@dataclass(frozen=True)
class Options:
    """How a server is reached."""

    server: str
    token: str | Callable[[], str] | None = None
    retries: int = 3
    max_wait: float = 10.0
    timeout: float = 30.0
    headers: Mapping[str, str] = field(default_factory=dict)

    def client(self) -> dict[str, Any]:
        """What an `httpx` client is made with."""
        return {"timeout": self.timeout}

    def request(self, sent: Sent) -> dict[str, Any]:
        """What `httpx` sends."""
        headers = {"accept": "application/json, */*;q=0.5"}
        token = self.token() if callable(self.token) else self.token
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        headers.update(self.headers)
        parts: dict[str, Any] = {"method": sent.method, "url": self.server.rstrip("/") + sent.path, "headers": headers}
        if sent.body is not None:
            parts["json"] = sent.body
        if pairs := sent.pairs():
            parts["params"] = pairs
        return parts

    def wait(self, response: httpx.Response | None, attempt: int) -> float | None:
        """Seconds until the next attempt; `None` where there is none. No two clients wait equally long."""
        if attempt >= self.retries or response is not None and response.status_code not in AGAIN:
            return None
        asked = None if response is None else retry_after(response.headers.get("retry-after"))
        if asked is None:
            longest: float = min(FIRST_WAIT * 2**attempt, self.max_wait)
            return longest * random.uniform(0.5, 1.0)
        return None if asked > self.max_wait else asked

    def unreachable(self, error: httpx.TransportError) -> GradusError:
        """The error where no answer came."""
        return GradusError(f"no answer from {self.server}: {error or type(error).__name__}")


@dataclass(frozen=True)
class Sent:
    """A request."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None

    def pairs(self) -> list[tuple[str, Pair]]:
        """The parameters; those of a list stand several times."""
        pairs: list[tuple[str, Pair]] = []
        for name, value in self.query.items():
            for one in value if isinstance(value, (list, tuple)) else [value]:
                if one is not None:
                    pairs.append((name, one))
        return pairs


def plan(query: Mapping[str, Any]) -> Sent:
    """A plan, as a body where its parameters are too long for a URL."""
    sent = Sent("GET", "/v1/plan", query)
    is_long = len(str(httpx.QueryParams(sent.pairs()))) > LONG_URL
    return Sent("POST", "/v1/plan", body=dict(query)) if is_long else sent


def of(page: str, what: str, query: Mapping[str, Any]) -> Sent:
    """A question about a page: a guide where its id says so, a concept otherwise."""
    kind = "guides" if page.startswith("guide:") else "concepts"
    return Sent("GET", f"/v1/{kind}/{quoted(page)}/{what}", query)


def quoted(text: str) -> str:
    """`text` as one segment of a path."""
    return quote(text, safe=":")


def retry_after(header: str | None) -> float | None:
    """The seconds of a `Retry-After`, which may also be a date."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (date - datetime.now(timezone.utc)).total_seconds())


def refusal(response: httpx.Response) -> GradusError:
    """The error that `response` tells of."""
    status = response.status_code
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if isinstance(problem, dict) and "code" in problem and "detail" in problem:
        return GradusError(f"{status}: {problem['detail']}", status, problem)  # type: ignore[arg-type]
    return GradusError(f"{status}: {response.text.strip()[:200] or response.reason_phrase}", status)
