// What the client does when a server is busy, wrong, slow or gone. Run on what `npm run build` made.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { Gradus, GradusError } from "../dist/index.js";

/** A server that gives `answers` one after the other, the last for ever, and notes what it was asked. */
async function serving(t, answers) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, method: request.method, headers: request.headers });
    const [status, body, headers = {}] = answers[Math.min(asked.length, answers.length) - 1];
    if (status === 0) request.socket.destroy();
    if (status > 0) response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, address: `http://127.0.0.1:${server.address().port}` };
}

const BUSY = [503, { code: "overloaded", detail: "busy" }, { "retry-after": "0" }];

test("a busy server and a broken connection are asked again", async (t) => {
  const { asked, address } = await serving(t, [BUSY, [429, {}, { "retry-after": "0" }], [0], [200, { generation: "g" }]]);
  const status = await new Gradus(address, { token: async () => "secret", maxWaitMs: 5 }).status();
  assert.equal(status.generation, "g");
  assert.equal(asked.length, 4);
  assert.ok(asked.every((one) => one.headers.authorization === "Bearer secret"));
});

test("retries end, and a wait that is too long is not waited", async (t) => {
  const { asked, address } = await serving(t, [BUSY]);
  await assert.rejects(new Gradus(address, { retries: 2 }).status(), { status: 503, code: "overloaded", name: "GradusError" });
  assert.equal(asked.length, 3);
  const long = await serving(t, [[503, {}, { "retry-after": "3600" }]]);
  await assert.rejects(new Gradus(long.address).status(), { status: 503 });
  assert.equal(long.asked.length, 1);
});

test("what is refused is not asked again, and brings its problem", async (t) => {
  const problem = { code: "unknown_concept", detail: "no concept is called 'x'", suggestions: ["concept:y"] };
  const { asked, address } = await serving(t, [[404, problem], [502, "no problem document"]]);
  const error = await new Gradus(address).concept("x/y").then(assert.fail, (error) => error);
  assert.ok(error instanceof GradusError);
  assert.deepEqual([error.message, error.suggestions, error.problem], [`404: ${problem.detail}`, ["concept:y"], problem]);
  assert.equal(asked[0].url, "/v1/concepts/x%2Fy");
  await assert.rejects(new Gradus(address).status(), { status: 502, code: "" });
});

test("nobody there is an error of status 0", async () => {
  const closed = new Gradus("http://127.0.0.1:1", { retries: 1, maxWaitMs: 1 });
  await assert.rejects(closed.status(), { status: 0, name: "GradusError" });
});

test("a signal ends a request and a wait with its own reason", async (t) => {
  const silent = await serving(t, [[-1]]);
  const reason = new Error("gone");
  const ending = new AbortController();
  const asked = new Gradus(silent.address).status({ signal: ending.signal });
  ending.abort(reason);
  await assert.rejects(asked, reason);
  const busy = await serving(t, [[503, {}, { "retry-after": "9" }]]);
  const waiting = new AbortController();
  const waited = new Gradus(busy.address).status({ signal: waiting.signal });
  while (busy.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
  waiting.abort(reason);
  await assert.rejects(waited, reason);
});

test("a silent server is given up after the time", async (t) => {
  const { address } = await serving(t, [[-1]]);
  const error = await new Gradus(address, { timeoutMs: 20, retries: 0 }).status().catch((error) => error);
  assert.match(error.message, /no answer within 20 ms/);
});

test("a list is a page, its pages, and its items", async (t) => {
  const pages = [[200, { items: [1, 2], next_cursor: "c" }], [200, { items: [3], next_cursor: null }]];
  const { asked, address } = await serving(t, [...pages, ...pages, pages[0], [410, { code: "cursor_expired", detail: "changed" }]]);
  const gradus = new Gradus(`${address}/`);
  const items = [];
  for await (const item of gradus.guides({ tag: ["a", "b"], teaches: "x" })) items.push(item);
  assert.deepEqual(items, [1, 2, 3]);
  assert.deepEqual(asked.map((one) => one.url), ["", "&cursor=c"].map((end) => `/v1/guides?tag=a&tag=b&teaches=x${end}`));
  const sizes = [];
  for await (const page of gradus.guides().pages()) sizes.push(page.items.length);
  assert.deepEqual(sizes, [2, 1]);
  const rest = gradus.guides()[Symbol.asyncIterator]();
  assert.deepEqual([(await rest.next()).value, (await rest.next()).value], [1, 2]);
  await assert.rejects(rest.next(), { status: 410, code: "cursor_expired" });
});

test("a plan that is too long for a URL is sent as a body", async (t) => {
  const { asked, address } = await serving(t, [[200, { items: [] }]]);
  const gradus = new Gradus(address);
  await gradus.plan({ target: ["a"] });
  await gradus.plan({ target: ["a"], known: Array.from({ length: 2000 }, (_, at) => `concept:${at}`) });
  assert.deepEqual(asked.map((one) => [one.method, one.url]), [["GET", "/v1/plan?target=a"], ["POST", "/v1/plan"]]);
});
