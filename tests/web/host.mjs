// A site of another origin that embeds the elements, under a strict policy.
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { CURRICULUM, HOST } from "./servers.mjs";

const POLICY = `default-src 'none'; style-src 'self'; img-src data:; script-src ${CURRICULUM}; connect-src ${CURRICULUM}`;
const FILES = { "/": ["index.html", "text/html"], "/host.css": ["host.css", "text/css"] };

createServer((request, response) => {
  const [name, type] = FILES[request.url] ?? [];
  if (!name) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "content-security-policy": POLICY });
  createReadStream(fileURLToPath(new URL(`host/${name}`, import.meta.url))).pipe(response);
}).listen(new URL(HOST).port, "127.0.0.1");
