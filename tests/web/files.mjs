// The built-in curriculum as `gradus build` writes it, behind a server that knows nothing but files: no query, no answer but a file. It
// lets pages of other origins read them, as GitHub Pages does.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { FILES } from "./servers.mjs";

const program = process.env.GRADUS_BIN ?? fileURLToPath(new URL("../../target/debug/gradus", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradus-files-"));
execFileSync(program, ["build", "--out", folder]);

const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json", ".css": "text/css",
  ".svg": "image/svg+xml", ".woff2": "font/woff2",
};

createServer((request, response) => {
  const path = normalize(decodeURIComponent(request.url.split("?")[0]));
  const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
  const type = TYPES[extname(file)] ?? "text/plain; charset=utf-8";
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": type, "access-control-allow-origin": "*" }).end(readFileSync(file));
}).listen(new URL(FILES).port, "127.0.0.1");
