import type * as document from "./document.js";
import type { operations } from "./document.js";
import { Listing, type Page } from "./listing.js";
import { Transport, type CallOptions, type GradusOptions, type Sent } from "./transport.js";

export type * from "./document.js";
export { GradusError } from "./problem.js";
export { Listing, type ItemOf, type Page } from "./listing.js";
export type { CallOptions, GradusOptions } from "./transport.js";

/** The parameters of an operation of the OpenAPI document, without those that stand in its path and its cursor. */
export type Query<Name extends keyof operations> = Omit<
  NonNullable<operations[Name]["parameters"]["query"]>,
  "cursor" | "fields" | "format"
>;

/** The formats of an export. */
export type ExportFormat = NonNullable<NonNullable<operations["export"]["parameters"]["query"]>["format"]>;
/** The formats of a neighbourhood that are pictures or files of others. */
export type GraphFormat = Exclude<NonNullable<NonNullable<operations["graph"]["parameters"]["query"]>["format"]>, "json">;

/** A URL longer than this is sent as a body where there is one. */
const LONG_URL = 6000;

/** A server of Gradus. Each method is one question of its HTTP API, whose document describes parameters and answers. */
export class Gradus {
  readonly #transport: Transport;

  /** `server` is its address, such as `http://localhost:4747`. */
  constructor(server: string, options: GradusOptions = {}) {
    this.#transport = new Transport(server, options);
  }

  /** Search guides and concepts. */
  search(query: Query<"search">, call: CallOptions = {}): Listing<document.SearchAnswer> {
    return this.#list("/v1/search", query, call);
  }

  /** Complete a name that is being typed. */
  suggest(query: Query<"suggest">, call: CallOptions = {}): Promise<document.ListSuggestItem> {
    return this.#get("/v1/suggest", query, call);
  }

  /** List concepts. */
  concepts(query: Query<"list_concepts"> = {}, call: CallOptions = {}): Listing<document.ListPageItem> {
    return this.#list("/v1/concepts", query, call);
  }

  /** List guides, also those that teach or need something, or belong to a series. */
  guides(query: Query<"list_guides"> = {}, call: CallOptions = {}): Listing<document.ListPageItem> {
    return this.#list("/v1/guides", query, call);
  }

  /** A concept, by its id, name, path or address. */
  concept(id: string, call: CallOptions = {}): Promise<document.ConceptAnswer> {
    return this.#get(`/v1/concepts/${encodeURIComponent(id)}`, {}, call);
  }

  /** A guide, by its id, name, path or address. */
  guide(id: string, call: CallOptions = {}): Promise<document.GuideAnswer> {
    return this.#get(`/v1/guides/${encodeURIComponent(id)}`, {}, call);
  }

  /** A section, by the id of its page, `#`, and its anchor. */
  section(id: string, call: CallOptions = {}): Promise<document.SectionAnswer> {
    return this.#get(`/v1/sections/${encodeURIComponent(id)}`, {}, call);
  }

  /** Which page a slug, title, name, path or URL means. */
  resolve(ref: string, call: CallOptions = {}): Promise<document.ResolveAnswer> {
    return this.#get("/v1/resolve", { ref }, call);
  }

  /** What a concept or guide needs, in levels: its whole closure, or `depth` levels of it. */
  prerequisites(
    id: string,
    query: Query<"concept_prerequisites"> = {},
    call: CallOptions = {},
  ): Promise<document.PrerequisitesAnswer> {
    return this.#of(id, "prerequisites", query, call);
  }

  /** What needs a concept or guide, in levels. */
  unlocks(id: string, query: Query<"unlocks"> = {}, call: CallOptions = {}): Promise<document.PrerequisitesAnswer> {
    return this.#of(id, "unlocks", query, call);
  }

  /** What belongs to a concept or guide, and why. */
  related(id: string, query: Query<"concept_related"> = {}, call: CallOptions = {}): Promise<document.ListRelatedItem> {
    return this.#of(id, "related", query, call);
  }

  /** The cheapest chains of prerequisites from one page up to another. */
  path(from: string, to: string, query: Omit<Query<"path">, "from" | "to"> = {}, call: CallOptions = {}): Promise<document.PathAnswer> {
    return this.#get("/v1/path", { from, to, ...query }, call);
  }

  /** Plan what to learn. What is too long for a URL is sent as a body. */
  plan(query: Query<"plan">, call: CallOptions = {}): Promise<document.PlanAnswer> {
    const sent: Sent = { method: "GET", path: "/v1/plan", query };
    const isLong = this.#transport.address(sent).length > LONG_URL;
    return this.#transport.json(isLong ? { method: "POST", path: "/v1/plan", body: query } : sent, call);
  }

  /** What can be learned now. */
  next(query: Query<"next"> = {}, call: CallOptions = {}): Promise<document.ListNextItem> {
    return this.#get("/v1/next", query, call);
  }

  /** Quiz and interview questions: all, those of a guide, or those on a concept. */
  questions(query: Query<"list_all_questions"> = {}, call: CallOptions = {}): Listing<document.ListExerciseItem> {
    return this.#list("/v1/questions", query, call);
  }

  /** Concepts that have more to do with each other than with others. */
  topics(query: Query<"topics"> = {}, call: CallOptions = {}): Listing<document.TopicsAnswer> {
    return this.#list("/v1/topics", query, call);
  }

  /** The concepts that connect one topic with another, or with all others. */
  bridges(query: Query<"bridges">, call: CallOptions = {}): Listing<document.ListBridgeItem> {
    return this.#list("/v1/bridges", query, call);
  }

  /** What stands around a page. */
  graph(center: string, query: Omit<Query<"graph">, "center"> = {}, call: CallOptions = {}): Promise<document.GraphAnswer> {
    return this.#get("/v1/graph", { center, ...query }, call);
  }

  /** What stands around a page, as a picture or in a format of others. */
  drawing(
    center: string,
    format: GraphFormat,
    query: Omit<Query<"graph">, "center"> = {},
    call: CallOptions = {},
  ): Promise<string> {
    return this.#transport.text({ method: "GET", path: "/v1/graph", query: { center, ...query, format } }, call);
  }

  /** Everything, in one of the formats. */
  export(format: ExportFormat = "jsonl", call: CallOptions = {}): Promise<string> {
    return this.#transport.text({ method: "GET", path: "/v1/export", query: { format } }, call);
  }

  /** What is being served. */
  status(call: CallOptions = {}): Promise<document.StatusAnswer> {
    return this.#get("/v1/status", {}, call);
  }

  /** Up to a hundred reads, such as `/v1/concepts/kv-cache`, from one snapshot. */
  batch(requests: string[], call: CallOptions = {}): Promise<document.BatchAnswer> {
    return this.#transport.json({ method: "POST", path: "/v1/batch", body: { requests } }, call);
  }

  /** Of any question, only these `fields` of its answer, such as `items.id`. Its path is written whole: `/v1/concepts/kv-cache`. */
  fields(path: string, fields: string[], query: Record<string, unknown> = {}, call: CallOptions = {}): Promise<unknown> {
    return this.#get(path, { ...query, fields }, call);
  }

  #get<T>(path: string, query: object, call: CallOptions): Promise<T> {
    return this.#transport.json<T>({ method: "GET", path, query }, call);
  }

  #list<P extends Page<unknown>>(path: string, query: object, call: CallOptions): Listing<P> {
    return new Listing((cursor) => this.#get<P>(path, { ...query, cursor }, call));
  }

  /** A question about a page: a guide where its id says so, a concept otherwise. */
  #of<T>(id: string, what: string, query: object, call: CallOptions): Promise<T> {
    const kind = id.startsWith("guide:") ? "guides" : "concepts";
    return this.#get(`/v1/${kind}/${encodeURIComponent(id)}/${what}`, query, call);
  }
}
