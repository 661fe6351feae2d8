// Reads `all.mermaid` of a folder with Mermaid's own parser and compares its counts with `status.json`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";

const folder = process.argv[2];
const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, maxTextSize: 10_000_000, maxEdges: 1_000_000 });

const text = readFileSync(join(folder, "all.mermaid"), "utf8");
const { counts } = JSON.parse(readFileSync(join(folder, "status.json"), "utf8"));
const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
const told = { nodes: db.getVertices().size, edges: db.getEdges().length };
const expected = {
  nodes: counts.kinds.concept + counts.kinds.guide,
  edges: (counts.relations.requires ?? 0) + (counts.relations.assumes ?? 0),
};
if (JSON.stringify(told) !== JSON.stringify(expected)) {
  throw new Error(`Mermaid reads ${JSON.stringify(told)}, not ${JSON.stringify(expected)}`);
}
console.log(`mermaid: ${told.nodes} nodes, ${told.edges} edges`);
