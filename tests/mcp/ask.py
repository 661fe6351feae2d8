"""Asks a running Gradus with the official Python client, over HTTP and standard input and output, in both eras.

Usage: ask.py URL PROGRAM [SOURCE]
"""

import asyncio
import json
import sys

from mcp import Client, StdioServerParameters, stdio_client


async def main(url: str, program: str, source: list[str]) -> None:
    stdio = StdioServerParameters(command=program, args=["mcp", *source])
    for name, server in [("HTTP", lambda: url + "/mcp"), ("stdio", lambda: stdio_client(stdio))]:
        for mode in ["legacy", "2026-07-28"]:
            async with Client(server(), mode=mode) as client:
                tools = (await client.list_tools()).tools
                assert [tool.name for tool in tools] == ["search", "fetch", "learning_path", "neighbors", "whats_next"]
                found = await client.call_tool("search", {"query": "attention"})
                hits = json.loads(found.content[0].text)["results"]
                assert hits, found
                plan = await client.call_tool("learning_path", {"target": [hits[0]["id"]]})
                assert not plan.is_error, plan
                unknown = await client.call_tool("fetch", {"id": "atention mechanizm"})
                assert unknown.is_error and "Nearest: " in unknown.content[0].text, unknown
                print(f"ok {name}, {mode}: {client.protocol_version}")


asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
