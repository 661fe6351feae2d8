// A site of another origin that embeds the elements, under a strict policy: at `/` those of a server, at `/files` those of files.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { CURRICULUM, FILES, HOST } from "./servers.mjs";

const policy = (source) => `default-src 'none'; style-src 'self'; img-src data:; script-src ${source}; connect-src ${source}`;
const PATHS = { "/": ["index.html", "text/html"], "/files": ["index.html", "text/html"], "/host.css": ["host.css", "text/css"] };

createServer((request, response) => {
  const [name, type] = PATHS[request.url] ?? [];
  if (!name) return response.writeHead(404).end();
  const source = request.url === "/files" ? FILES : CURRICULUM;
  response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "content-security-policy": policy(source) });
  response.end(readFileSync(fileURLToPath(new URL(`host/${name}`, import.meta.url)), "utf8").replace(CURRICULUM, source));
}).listen(new URL(HOST).port, "127.0.0.1");
