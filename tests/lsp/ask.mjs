// Holds a session with `gradus lsp` by the client library that Visual Studio Code is built on: its types of requests, its framing, and
// its way of applying edits. Prints a line for each thing that holds, fails at the first that does not.
// Usage: node ask.mjs PROGRAM FOLDER
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as protocol from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";

const [program, folder] = process.argv.slice(2);
const server = spawn(program, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
const ended = new Promise((resolve) => server.on("exit", resolve));
const connection = protocol.createProtocolConnection(
  new protocol.StreamMessageReader(server.stdout),
  new protocol.StreamMessageWriter(server.stdin),
);
const told = new Map();
let wake = () => {};
connection.onNotification(protocol.PublishDiagnosticsNotification.type, (params) => {
  told.set(`${params.uri} ${params.version}`, params.diagnostics);
  wake();
});
let registered = [];
connection.onRequest(protocol.RegistrationRequest.type, (params) => {
  registered = params.registrations.map((one) => one.method);
  wake();
});
connection.listen();
const until = async (get) => {
  for (;;) {
    const value = get();
    if (value) return value;
    await new Promise((resolve) => (wake = resolve));
  }
};
const ok = (what) => console.log(`ok ${what}`);

const capabilities = {
  workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
  general: { positionEncodings: ["utf-16"] },
};
const root = pathToFileURL(folder).href;
const started = await connection.sendRequest(protocol.InitializeRequest.type, {
  processId: process.pid,
  rootUri: root,
  workspaceFolders: [{ uri: root, name: "content" }],
  capabilities,
});
assert.equal(started.capabilities.positionEncoding, protocol.PositionEncodingKind.UTF16);
await connection.sendNotification(protocol.InitializedNotification.type, {});
assert.deepEqual(await until(() => registered.length > 0 && registered), ["workspace/didChangeWatchedFiles"]);
ok("initialize");

const uri = pathToFileURL(join(folder, "guides/serving.md")).href;
let document = TextDocument.create(uri, "markdown", 1, readFileSync(join(folder, "guides/serving.md"), "utf8"));
await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, {
  textDocument: { uri, languageId: "markdown", version: 1, text: document.getText() },
});
assert.deepEqual(await until(() => told.get(`${uri} 1`)), []);
ok("open");

// Typed letter by letter, each change a range of its own; emoji and Chinese stand before it.
const before = document.getText();
const typed = " 🎓学 [[KV chache]]";
let offset = before.indexOf("[[KV cache]]") + "[[KV cache]]".length;
for (const letter of typed) {
  const at = document.positionAt(offset);
  const change = { range: { start: at, end: at }, text: letter };
  document = TextDocument.update(document, [change], document.version + 1);
  await connection.sendNotification(protocol.DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: document.version },
    contentChanges: [change],
  });
  offset += letter.length;
}
const findings = await until(() => told.get(`${uri} ${document.version}`));
assert.equal(findings.length, 1, JSON.stringify(findings));
assert.equal(document.getText(findings[0].range), "[[KV chache]]");
ok("change");

const at = (text, shift = 0) => ({ textDocument: { uri }, position: document.positionAt(document.getText().indexOf(text) + shift) });
const offered = await connection.sendRequest(protocol.CompletionRequest.type, at("KV chache", 4));
const edited = TextDocument.applyEdits(document, [offered.items[0].textEdit]);
assert.ok(edited.includes("🎓学 [[KV cachehache]]"), edited);
ok("completion");

const hover = await connection.sendRequest(protocol.HoverRequest.type, at("KV cache", 2));
assert.equal(document.getText(hover.range), "KV cache");
assert.ok(hover.contents.value.includes("Keys and values kept."), hover.contents.value);
ok("hover");

const place = await connection.sendRequest(protocol.DefinitionRequest.type, at("KV cache", 2));
const other = pathToFileURL(join(folder, "concepts/kv-cache.md")).href;
assert.equal(place.uri, other);
ok("definition");

const named = await connection.sendRequest(protocol.ReferencesRequest.type, {
  ...at("KV cache", 2),
  context: { includeDeclaration: false },
});
assert.deepEqual(
  named.filter((one) => one.uri === uri).map((one) => document.getText(one.range)),
  ["kv-cache", "KV cache", "key-value cache", "[there](../concepts/kv-cache.md)"],
);
ok("references");

const prepared = await connection.sendRequest(protocol.PrepareRenameRequest.type, at("KV cache", 2));
assert.equal(prepared.placeholder, "KV cache");
const renamed = await connection.sendRequest(protocol.RenameRequest.type, { ...at("KV cache", 2), newName: "Schlüssel 🔑" });
const declared = TextDocument.create(other, "markdown", 1, readFileSync(join(folder, "concepts/kv-cache.md"), "utf8"));
assert.ok(TextDocument.applyEdits(declared, renamed.changes[other]).includes('title: "Schlüssel 🔑"\n'));
assert.ok(TextDocument.applyEdits(document, renamed.changes[uri]).includes("[[Schlüssel 🔑]] 🎓学 [["));
ok("rename");

const cancelled = new protocol.CancellationTokenSource();
const asked = connection.sendRequest(protocol.HoverRequest.type, at("KV cache", 2), cancelled.token);
cancelled.cancel();
// The answer may have been on its way.
await asked.then(
  () => {},
  (error) => assert.equal(error.code, protocol.LSPErrorCodes.RequestCancelled),
);
ok("cancel");

assert.equal(await connection.sendRequest(protocol.ShutdownRequest.type), null);
await connection.sendNotification(protocol.ExitNotification.type);
assert.equal(await ended, 0);
ok("shutdown");
