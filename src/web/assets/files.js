// What elements ask, answered from the files that `gradus build` writes: for sites without a server.
import { find, fold, place, prepared } from "./find.js";

const failure = (status, detail) => Object.assign(new Error(detail), { status, problem: { status, detail } });

// Each file is asked for once, whoever needs it; what failed may be asked for again.
const files = new Map();
const load = (server, path, read = (json) => json) => {
  const { href } = new URL(path, server);
  const loading = async () => {
    const response = await fetch(href);
    if (!response.ok) throw failure(response.status, `${href}: ${response.statusText}`);
    return read(await response.json());
  };
  const kept = files.get(href) ?? loading();
  files.set(href, kept);
  kept.catch(() => files.delete(href));
  return kept;
};
const index = (server) => load(server, "search.json", prepared);

// The path of a URL as the list of addresses has it: decoded, without extension, `index` and slash at the end.
const address = (url) => {
  const path = new URL(url, location).pathname.replace(/\.(html?|md|mdx|markdown)$/i, "").replace(/\/(_?index|readme)$/i, "");
  try {
    return decodeURIComponent(path).normalize("NFC").replace(/\/+$/, "") || "/";
  } catch {
    return path;
  }
};

// The full id of the page that `reference` means.
const resolve = async (server, reference) => {
  const { ids, base, addresses } = await load(server, "v1/resolve.json");
  const own = [reference, `concept:${reference}`, `guide:${reference}`].find((id) => ids.includes(id));
  if (own) return own;
  const url = reference.replace(/^url:/, "");
  if (/^\/|:\/\//.test(url)) {
    const key = address(url);
    const at = [key, key.toLowerCase(), base + key].map((key) => addresses[key]).find((at) => at !== undefined);
    if (at !== undefined) return ids[at];
  } else {
    const name = fold(reference).join(" ");
    const named = (await index(server)).filter(({ names }) => names.some((words) => words.join(" ") === name));
    if (name && named.length) return named[0].page.i;
  }
  throw failure(404, `nothing is called '${reference}'`);
};

// The plan for who knows nothing, without the steps of which everything is known and those that only such steps need.
// Another plan may be cheaper then: that is for a server to find.
const left = (plan, known) => {
  const isKnown = ({ concepts, guide }) => (concepts.length ? concepts : guide ? [guide] : []).every(({ id }) => known.has(id));
  const needed = new Set(plan.steps.flatMap((step) => step.needs));
  const wanted = new Set();
  const want = (n) => {
    const step = plan.steps[n - 1];
    if (wanted.has(n) || isKnown(step)) return;
    wanted.add(n);
    step.needs.forEach(want);
  };
  plan.steps.forEach((_, at) => needed.has(at + 1) || want(at + 1));
  const steps = plan.steps.filter((_, at) => wanted.has(at + 1));
  return { ...plan, steps, minutes_total: steps.reduce((sum, step) => sum + step.minutes, 0) };
};

// The answer to what a server would be asked at `path`.
export const answer = async (server, path, { q, limit, ref, target, known, include }) => {
  const [, subject, full, part] = path.split("/");
  if (subject === "search") return find(await index(server), q, limit);
  if (subject === "resolve") {
    const id = await resolve(server, ref);
    return { items: [{ id, kind: id.split(":")[0] }] };
  }
  const { inferred } = await load(server, "v1/resolve.json");
  const ending = inferred && /^(inferred|all)$/.test(include) ? ".inferred.json" : ".json";
  if (subject === "plan") {
    const id = await resolve(server, target).catch((error) => {
      throw target.includes(",") ? failure(501, "a plan for several targets needs a server") : error;
    });
    return left(await load(server, `v1/${place(id)}plan${ending}`), new Set(known.split(",")));
  }
  const told = await load(server, `v1/${place(decodeURIComponent(full))}${part}${part === "related" ? ".json" : ending}`);
  return { ...told, items: told.items.slice(0, limit) };
};
