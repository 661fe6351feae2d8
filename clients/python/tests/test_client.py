"""What the clients do when a server is busy, wrong or gone: the same for both, from one table."""

from __future__ import annotations

import asyncio
import unittest
from collections.abc import Callable
from typing import Any

import httpx

from gradus_client import AsyncGradus, Gradus, GradusError

BUSY = httpx.Response(503, json={"code": "overloaded", "detail": "busy"}, headers={"retry-after": "0"})
PAGES = [{"items": [1, 2], "next_cursor": "c"}, {"items": [3], "next_cursor": None}]


class Server:
    """Gives `answers` one after the other, the last for ever, and notes what it was asked."""

    def __init__(self, *answers: httpx.Response | None) -> None:
        self.asked: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self.answer)
        self.answers = answers

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        response = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if response is None:
            raise httpx.ConnectError("broken")
        return httpx.Response(response.status_code, content=response.content, headers=response.headers)

    def ask(self, question: Callable[[Any], Any], **options: Any) -> list[Any]:
        """What both clients get for `question`: what it gives, or the error."""
        return [self._one_by_one(question, options), asyncio.run(self._waiting(question, options))]

    def _one_by_one(self, question: Callable[[Any], Any], options: dict[str, Any]) -> Any:
        self.asked.clear()
        http = httpx.Client(transport=self.transport)
        try:
            answer = question(Gradus("http://test/", http=http, **options))
            return list(answer) if hasattr(answer, "__iter__") and not isinstance(answer, dict) else answer
        except GradusError as error:
            return error

    async def _waiting(self, question: Callable[[Any], Any], options: dict[str, Any]) -> Any:
        self.asked.clear()
        http = httpx.AsyncClient(transport=self.transport)
        try:
            answer = question(AsyncGradus("http://test/", http=http, **options))
            return [item async for item in answer] if hasattr(answer, "__aiter__") else await answer
        except GradusError as error:
            return error


class ClientTest(unittest.TestCase):
    def test_a_busy_server_and_a_broken_connection_are_asked_again(self) -> None:
        server = Server(BUSY, None, httpx.Response(200, json={"generation": "g"}))
        answers = server.ask(lambda gradus: gradus.status(), token=lambda: "secret", max_wait=0.001)
        self.assertEqual(answers, [{"generation": "g"}] * 2)
        self.assertEqual([one.headers["authorization"] for one in server.asked], ["Bearer secret"] * 3)

    def test_retries_end_and_a_wait_that_is_too_long_is_not_waited(self) -> None:
        server = Server(BUSY)
        for error in server.ask(lambda gradus: gradus.status(), retries=2):
            self.assertEqual((error.status, error.code, str(error)), (503, "overloaded", "503: busy"))
        self.assertEqual(len(server.asked), 3)
        for header in ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"]:
            long = Server(httpx.Response(503, text="later", headers={"retry-after": header}))
            for error in long.ask(lambda gradus: gradus.status()):
                self.assertEqual((error.status, error.code), (503, ""))
            self.assertEqual(len(long.asked), 1)

    def test_what_is_refused_is_not_asked_again_and_brings_its_problem(self) -> None:
        problem = {"code": "unknown_concept", "detail": "no such", "suggestions": ["concept:y"]}
        server = Server(httpx.Response(404, json=problem))
        for error in server.ask(lambda gradus: gradus.concept("x/y#z")):
            self.assertEqual((str(error), error.suggestions, error.problem), ("404: no such", ["concept:y"], problem))
        self.assertEqual([one.url.raw_path for one in server.asked], [b"/v1/concepts/x%2Fy%23z"])

    def test_nobody_there_is_an_error_of_status_0(self) -> None:
        for error in Server(None).ask(lambda gradus: gradus.status(), retries=1, max_wait=0.001):
            self.assertEqual((error.status, str(error)), (0, "no answer from http://test/: broken"))

    def test_a_list_gives_every_item_and_asks_page_by_page(self) -> None:
        server = Server(*[httpx.Response(200, json=page) for page in PAGES])
        answers = server.ask(lambda gradus: gradus.guides(tag=["a", "b"], teaches="x"))
        self.assertEqual(answers, [[1, 2, 3]] * 2)
        queries = [one.url.query.decode() for one in server.asked]
        self.assertEqual(queries, ["tag=a&tag=b&teaches=x", "tag=a&tag=b&teaches=x&cursor=c"])
        changed = Server(httpx.Response(200, json=PAGES[0]), httpx.Response(410, json={"code": "cursor_expired", "detail": ""}))
        self.assertEqual([error.status for error in changed.ask(lambda gradus: gradus.topics())], [410, 410])

    def test_a_plan_that_is_too_long_for_a_url_is_sent_as_a_body(self) -> None:
        server = Server(httpx.Response(200, json={"items": []}))
        server.ask(lambda gradus: gradus.plan(target=["a"]))
        self.assertEqual([(one.method, str(one.url)) for one in server.asked], [("GET", "http://test/v1/plan?target=a")])
        server.ask(lambda gradus: gradus.plan(target=["a"], known=[f"concept:{at}" for at in range(2000)]))
        self.assertEqual([(one.method, str(one.url)) for one in server.asked], [("POST", "http://test/v1/plan")])

    def test_flags_are_written_as_the_server_reads_them(self) -> None:
        server = Server(httpx.Response(200, json={"items": []}))
        server.ask(lambda gradus: gradus.search("a b", explain=True))
        self.assertEqual([one.url.query for one in server.asked], [b"q=a+b&explain=true"])


if __name__ == "__main__":
    unittest.main()
