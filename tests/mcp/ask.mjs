// Asks a running Gradus with the official TypeScript clients, over HTTP and standard input and output, in both eras of the
// protocol, and counts tokens with the tokeniser o200k_base. Prints a line for each thing that holds, fails at the first that
// does not. Usage: node ask.mjs URL PROGRAM [SOURCE]
import assert from "node:assert/strict";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { countTokens as count } from "gpt-tokenizer/encoding/o200k_base";

const [url, program, source] = process.argv.slice(2);
const LIST_TOKENS = 1500;
const ANSWER_TOKENS = 2000;
// A guide may quote what a tokeniser takes for a sign of its own.
const countTokens = (text) => count(text, { disallowedSpecial: new Set() });
const info = { name: "gradus-tests", version: "1" };

const http = () => new StreamableHTTPClientTransport(new URL("/mcp", url));
const stdio = () => new StdioClientTransport({ command: program, args: source ? ["mcp", source] : ["mcp"] });
const modern = { versionNegotiation: { mode: { pin: "2026-07-28" } } };
const ways = [
  ["HTTP, 2026 era", new Client(info, modern), http()],
  ["HTTP, first era", new Client(info), http()],
  ["stdio, 2026 era", new Client(info, modern), stdio()],
  ["stdio, first era", new Client(info), stdio()],
  ["HTTP, first version of the SDK", new OldClient(info), new OldHttp(new URL("/mcp", url))],
];

const text = (answer) => answer.content.map((part) => part.text).join("\n");
let longest = 0;
const call = async (client, name, args) => {
  const answer = await client.callTool({ name, arguments: args });
  const n = countTokens(text(answer));
  longest = Math.max(longest, n);
  assert.ok(n <= ANSWER_TOKENS, `${name} ${JSON.stringify(args)}: ${n} tokens`);
  return answer;
};

for (const [way, client, transport] of ways) {
  await client.connect(transport);
  const { tools } = await client.listTools();
  const n = countTokens(JSON.stringify(tools));
  assert.ok(n <= LIST_TOKENS, `tools/list: ${n} tokens`);
  assert.deepEqual(tools.map((tool) => tool.name), ["search", "fetch", "learning_path", "neighbors", "whats_next"]);
  const hits = JSON.parse(text(await call(client, "search", { query: "attention", limit: 20 })));
  assert.ok(hits.results.length > 0);
  const id = hits.results[0].id;
  await call(client, "fetch", { id, max_tokens: 1600 });
  await call(client, "learning_path", { target: hits.results.slice(0, 3).map((hit) => hit.id), max_steps: 30 });
  for (const relation of ["prerequisites", "unlocks", "related", "taught_by"])
    await call(client, "neighbors", { id, relation, limit: 30 });
  await call(client, "whats_next", { known: [], limit: 20 });
  const unknown = await call(client, "fetch", { id: "kv-chache" });
  assert.ok(unknown.isError && /Nearest: concept:kv-cache\.$/.test(text(unknown)), text(unknown));
  console.log(`ok ${way}: tools/list ${n} tokens, longest answer ${longest}`);
  await client.close();
}

// Every guide whole: the pieces that are the longest answers there can be.
const client = new Client(info);
await client.connect(http());
let cursor;
let n = 0;
do {
  const page = await client.listResources(cursor ? { cursor } : {});
  for (const { name } of page.resources.filter((one) => one.name.startsWith("guide:"))) {
    let next;
    do {
      const piece = JSON.parse(text(await call(client, "fetch", { id: name, max_tokens: 1600, ...(next && { cursor: next }) })));
      next = piece.next_cursor;
      n += 1;
    } while (next);
  }
  cursor = page.nextCursor;
} while (cursor);
await client.close();
console.log(`ok every guide in ${n} pieces, longest answer ${longest} tokens`);
