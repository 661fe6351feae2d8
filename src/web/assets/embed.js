// <gradus-search>, <gradus-prereqs>, <gradus-related> and <gradus-path> for any page, over the HTTP API of a server or from the files
// of `gradus build`.
// No dependency, and no inline style: sheets are constructed, so a strict Content-Security-Policy holds.
// docs/embed.md describes attributes, events, parts, custom properties and texts.

import { answer } from "./files.js";

const HERE = new URL(import.meta.url);
// `gradus build` writes "files" for "server": where the module comes from there is nobody to ask then.
const ORIGIN = "gradus-origin:server";

// Colours are the page's own: where its theme names them (Docusaurus, Material for MkDocs, Starlight, VitePress) by these names, else as
// `dress` finds them. What is only paler than the text is mixed with nothing, so that it is right on any ground.
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
:host{display:block;font:inherit;color:inherit;--_ink:var(--gradus-text,var(--ifm-font-color-base,var(--md-default-fg-color,var(--sl-color-text,var(--vp-c-text-1,currentColor)))));--_bg:var(--gradus-background,var(--ifm-background-surface-color,var(--md-default-bg-color,var(--sl-color-bg,var(--vp-c-bg,var(--_page,Canvas))))));--_accent:var(--gradus-accent,var(--ifm-link-color,var(--md-typeset-a-color,var(--sl-color-text-accent,var(--vp-c-brand-1,var(--_link,LinkText))))));--_soft:var(--gradus-muted,color-mix(in oklab,var(--_ink) 84%,var(--_bg)));--_line:var(--gradus-border,color-mix(in oklab,var(--_ink) 24%,var(--_bg)));--_round:var(--gradus-radius,.5rem)}
:host(:not(gradus-search)){margin-block:1.25rem}
:host([hidden]),[hidden]{display:none}
*{box-sizing:border-box}
ul,ol{list-style:none;margin:0;padding:0}
li+li{margin-block-start:.5rem}
li,.pop{line-height:1.5}
a{color:var(--_accent);font-weight:600}
h2{font:inherit;font-weight:700;margin:0 0 .4rem}
section+section{margin-block-start:1.1rem}
small,.soft{color:var(--_soft);font-size:.875em}
small{display:block}
.row{display:flex;justify-content:space-between;gap:.75rem;align-items:baseline}
.row small{white-space:nowrap}
input{width:100%;min-height:44px;font:inherit;color:var(--_ink);background:var(--_bg);border:1px solid color-mix(in oklab,var(--_ink) 55%,var(--_bg));border-radius:var(--_round);padding:.35rem .8rem}
input:focus-visible,a:focus-visible,summary:focus-visible{outline:3px solid var(--_accent);outline-offset:2px}
.box{color:var(--_ink)}
.pop{position:fixed;inset:auto;margin:0;inline-size:min(24rem,90vw);z-index:1000;color:inherit;background:var(--_bg);border:1px solid var(--_line);border-radius:var(--_round);box-shadow:0 8px 30px #0003;max-height:min(70vh,30rem);overflow:auto;padding:.3rem}
[role=option]{padding:.45rem .6rem;border-radius:.35rem;cursor:pointer;min-height:44px;overflow-wrap:anywhere}
.sub{margin-inline-start:.6rem;border-inline-start:2px solid var(--_line)}
[aria-selected=true]{background:color-mix(in oklab,var(--_accent) 14%,var(--_bg));outline:2px solid var(--_accent);outline-offset:-2px}
[aria-disabled]{cursor:default}
b{font-weight:600}
mark{background:color-mix(in oklab,#ffc933 24%,var(--_bg));color:var(--_ink)}
summary{cursor:pointer;min-height:44px;display:flex;align-items:center;font-weight:600}
summary::before{content:"▸";margin-inline-end:.5rem;color:var(--_soft)}
details[open]>summary::before{content:"▾"}
ol{counter-reset:n}
ol>li{counter-increment:n;padding-inline-start:2rem;position:relative}
ol>li::before{content:counter(n) ".";position:absolute;inset-inline-start:0;color:var(--_soft);font-variant-numeric:tabular-nums}
.inf{border:1.5px dotted currentColor;border-radius:1em;padding:0 .5em;white-space:nowrap}
.vh{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}
@media(forced-colors:active){[aria-selected=true]{outline-color:Highlight}.pop{border-color:CanvasText}}
`);

// Texts of the elements; `{}` is a number, and a text whose name ends with 1 is that of one. `data-KEY` on an element replaces a text.
const TEXTS = {
  en: {
    label: "Search", placeholder: "Search", results: "Results", found: "{} results", found1: "1 result", empty: "Nothing found",
    meant: "Did you mean {}?", failed: "Search does not answer", locked: "For Pro readers", recent: "Searched before",
    before: "Before this: {} ({})", ready: "You know all that this needs", known: "known",
    readBefore: "Read before", similar: "Similar", readNext: "Read next", inferred: "inferred, {} %", steps: "{} steps, {}", steps1: "{} step, {}", min: "{} min", hours: "{} h {}",
  },
  de: {
    label: "Suche", placeholder: "Suchen", results: "Treffer", found: "{} Treffer", empty: "Nichts gefunden",
    meant: "Meintest du {}?", failed: "Die Suche antwortet nicht", locked: "Für Pro", recent: "Zuletzt gesucht",
    before: "Davor: {} ({})", ready: "Du kennst alles, was es braucht", known: "bekannt",
    readBefore: "Davor lesen", similar: "Ähnlich", readNext: "Danach lesen", inferred: "erschlossen, {} %", steps: "{} Schritte, {}", steps1: "{} Schritt, {}", min: "{} Min.", hours: "{} Std. {}",
  },
};

// What this browser keeps: what the reader knows, which pages of the server share, and the last searches.
const kept = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key) || "[]");
  } catch {
    return [];
  }
};
const keep = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A private window, or a host that forbids it: nothing is kept.
  }
};

const create = (tag, attributes = {}, ...inside) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) node.setAttribute(name, value);
  node.append(...inside.filter((part) => part != null && part !== ""));
  return node;
};

// A passage with what matched in it; places are counted in characters, not in UTF-16.
const marked = ({ text, highlights }) => {
  const chars = [...text];
  const parts = [];
  let at = 0;
  for (const [from, to] of highlights) {
    parts.push(chars.slice(at, from).join(""), create("mark", {}, chars.slice(from, to).join("")));
    at = to;
  }
  return [...parts, chars.slice(at).join("")];
};

// Elements look at their page's colours again when it changes its own: by the system's, or by a mark at its root.
const shown = new Set();
const dressAll = () => shown.forEach((element) => element.dress());
matchMedia("(prefers-color-scheme:dark)").addEventListener("change", dressAll);
for (const root of [document.documentElement, document.body])
  if (root) new MutationObserver(dressAll).observe(root, { attributes: true });

class Element extends HTMLElement {
  static observedAttributes = ["server", "page", "lang", "limit", "target", "base", "include", "static"];
  // A token for readers with an account, sent as `Authorization: Bearer`.
  token = null;
  #request;
  #queued = false;
  #colours = new CSSStyleSheet();

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).adoptedStyleSheets = [SHEET, this.#colours];
    this.shadowRoot.replaceChildren(create("slot"));
    shown.add(this);
    this.#startSoon();
  }
  disconnectedCallback() {
    shown.delete(this);
    this.#request?.abort();
  }
  // Takes the colours of what is behind the element, and of a link where it stands.
  dress() {
    // Beside the element: what is in it is shown nowhere, and has no colour, once there is an answer.
    const link = create("a", { href: "", hidden: "" });
    this.before(link);
    const { color } = getComputedStyle(link);
    link.remove();
    let behind = this;
    const ground = () => getComputedStyle(behind).backgroundColor;
    while (/[,/] ?0\)$|^transparent$/.test(ground()) && behind.parentElement) behind = behind.parentElement;
    const page = behind.parentElement ? `--_page:${ground()};` : "";
    this.#colours.replaceSync(`:host{${page}--_link:${color || "LinkText"}}`);
  }
  attributeChangedCallback() {
    if (this.isConnected) this.#startSoon();
  }
  #startSoon() {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(async () => {
      this.#queued = false;
      if (!this.isConnected) return;
      try {
        await this.start();
      } catch (error) {
        this.fail(error);
      }
    });
  }

  get server() {
    return new URL(this.getAttribute("server") || ".", HERE);
  }
  // Whether `server` names files that `gradus build` has written.
  get isStatic() {
    return this.hasAttribute("static") || (ORIGIN.endsWith(":files") && !this.hasAttribute("server"));
  }
  // Addresses of answers that are no whole URLs are those of the server, or of `base`.
  href(page) {
    return new URL(page.url, this.getAttribute("base") ? new URL(this.getAttribute("base"), location) : this.server).href;
  }
  get reference() {
    return this.getAttribute("page") || `url:${location.href.split(/[?#]/)[0]}`;
  }
  text(key, ...inserts) {
    const lang = this.closest("[lang]")?.getAttribute("lang")?.split(/[-_]/)[0].toLowerCase();
    const texts = TEXTS[lang] ?? TEXTS.en;
    const text = this.dataset[key] ?? ((inserts[0] === 1 && texts[`${key}1`]) || texts[key]);
    return inserts.reduce((filled, insert) => filled.replace("{}", insert), text);
  }
  minutes(minutes) {
    const hours = Math.floor(minutes / 60);
    return hours ? this.text("hours", hours, String(minutes % 60).padStart(2, "0")) : this.text("min", minutes);
  }
  get known() {
    return new Set(kept("gradus.known"));
  }

  // One question at a time: a newer one breaks an older one off.
  async ask(path, parameters = {}) {
    this.#request?.abort();
    const { signal } = (this.#request = new AbortController());
    const told = await (this.isStatic ? answer(this.server, path, parameters) : this.#askServer(path, parameters, signal));
    // A file that others need as well is not broken off.
    signal.throwIfAborted();
    return told;
  }
  async #askServer(path, parameters, signal) {
    const url = new URL(path, this.server);
    for (const [name, value] of Object.entries(parameters)) if (value !== "") url.searchParams.set(name, value);
    const headers = { accept: "application/json" };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    const response = await fetch(url, { signal, headers });
    if (response.ok) return response.json();
    const problem = await response.json().catch(() => ({}));
    throw Object.assign(new Error(problem.detail || response.statusText), { status: response.status, problem });
  }
  // The full id of the page that this element is about, guide or concept.
  async resolve() {
    const { items } = await this.ask("v1/resolve", { ref: this.reference });
    return items[0];
  }

  fill(...nodes) {
    this.dress();
    this.shadowRoot.replaceChildren(...nodes);
  }
  // What stands in the element stays where there is no answer.
  fail(error) {
    if (error.name === "AbortError") return;
    this.fill(create("slot"));
    this.tell("gradus-error", error);
  }
  tell(name, detail, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable, bubbles: true, composed: true }));
  }
  // The line that speaks for a prerequisite that nobody has declared.
  said(edges, id) {
    const edge = edges.find(({ from, origin }) => from === id && (origin ?? "inferred") === "inferred");
    return edge && create("small", {}, create("span", { class: "inf" }, this.text("inferred", Math.round(edge.confidence * 100))), " ", create("q", {}, edge.reason));
  }
  link(page, ...after) {
    const known = this.known.has(page.id) ? ` ✓ ${this.text("known")}` : "";
    const time = page.minutes == null ? null : create("small", {}, this.minutes(page.minutes) + known);
    const lock = page.locked ? ` 🔒` : "";
    const anchor = create("a", { href: this.href(page), part: "link" }, page.title);
    return create("li", {}, create("div", { class: "row" }, create("span", {}, anchor, lock), time), ...after);
  }
}

// What moves a box while its list is open.
const MOVES = [[window, "scroll"], [window, "resize"]];

class Search extends Element {
  #options = [];
  #marked = -1;
  #timer;

  start() {
    const list = "list";
    this.input = create("input", {
      type: "search", role: "combobox", autocomplete: "off", spellcheck: "false", part: "input",
      placeholder: this.text("placeholder"), "aria-label": this.text("label"), "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": list,
      "aria-keyshortcuts": this.hasAttribute("no-shortcut") ? null : "/ Control+K Meta+K",
    });
    this.list = create("div", { role: "listbox", id: list, "aria-label": this.text("results"), class: "pop", part: "list", popover: "manual", hidden: "" });
    this.status = create("div", { role: "status", class: "vh" });
    this.input.addEventListener("input", () => this.#askSoon());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("focus", () => this.input.value || this.#showRecent());
    this.input.addEventListener("blur", () => {
      clearTimeout(this.#timer);
      this.#close();
    });
    // The list takes no focus, so that a click on it comes before the box loses its own.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(this.#nodes().indexOf(option));
    });
    this.fill(create("div", { class: "box", part: "box" }, this.input, this.list, this.status));
    document.removeEventListener("keydown", this.#shortcut);
    if (!this.hasAttribute("no-shortcut")) document.addEventListener("keydown", this.#shortcut);
  }
  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#shortcut);
  }

  #shortcut = (event) => {
    const target = event.composedPath()[0];
    const isTyping = target?.isContentEditable || /^(input|textarea|select)$/i.test(target?.tagName ?? "");
    const isChord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const isSlash = event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isChord && !isSlash) return;
    event.preventDefault();
    this.input.focus();
    this.input.select();
  };

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), 80);
  }
  async #ask() {
    const q = this.input.value.trim();
    if (!q) return this.#showRecent();
    try {
      const found = await this.ask("v1/search", { q, limit: this.getAttribute("limit") || 8, lang: this.getAttribute("content-lang") || "" });
      // Who has emptied the box meanwhile is offered what was searched for before.
      if (this.input.value.trim()) this.#show(found);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#close();
      this.status.textContent = this.text("failed");
      this.tell("gradus-error", error);
    }
  }

  #show({ items, total, answer, did_you_mean: meant }) {
    const known = this.known;
    // A concept that the query names stands first, with what it needs.
    const needs = answer?.prerequisites.total;
    const brief = needs ? this.text("before", needs, this.minutes(answer.prerequisites.minutes ?? 0)) : "";
    const groups = items.map((hit) => {
      const sections = hit.sections.filter((section) => section.title !== hit.title).slice(0, 2);
      const says = hit.description || hit.snippet.text;
      const own = this.#option(hit, known.has(hit.id) ? `${hit.title} ✓` : hit.title, [says]);
      if (brief && hit.id === answer.id) own.append(create("small", {}, create("b", {}, brief)));
      const below = sections.map((section) =>
        this.#option(section, section.title, section.locked ? [this.text("locked")] : marked(section.snippet), "sub"),
      );
      return create("div", { role: "group", "aria-label": hit.title }, own, ...below);
    });
    this.#options = items.flatMap((hit) => [hit, ...hit.sections.filter((section) => section.title !== hit.title).slice(0, 2)]);
    if (!items.length) {
      const text = meant ? this.text("meant", meant) : this.text("empty");
      this.#options = meant ? [{ query: meant }] : [];
      groups.push(create("div", { role: "option", "aria-selected": "false", "aria-disabled": meant ? null : "true" }, text));
    }
    this.#open(groups, this.text("found", total));
  }
  #option(target, title, says, kind) {
    return create("div", { role: "option", "aria-selected": "false", part: "option", class: kind }, create("b", {}, title), create("small", {}, ...says));
  }
  #showRecent() {
    const recent = kept("gradus.recent");
    if (!recent.length) return this.#close();
    this.#options = recent.map((query) => ({ query }));
    const options = recent.map((query) => create("div", { role: "option", "aria-selected": "false" }, query));
    this.#open([create("div", { role: "group", "aria-label": this.text("recent") }, ...options)], this.text("recent"));
  }
  #open(nodes, status) {
    this.list.replaceChildren(...nodes);
    this.#nodes().forEach((node, n) => (node.id = `option-${n}`));
    this.#marked = -1;
    this.dress();
    this.list.hidden = false;
    // Above everything: a side bar that scrolls would cut it off.
    this.list.togglePopover?.(true);
    this.#place();
    for (const [target, event] of MOVES) target.addEventListener(event, this.#place, true);
    this.input.setAttribute("aria-expanded", "true");
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = status;
  }
  // The list is below the box, as wide at least, and within the window; that of a box at the right grows to the left.
  #place = () => {
    const { left, right, bottom, width } = this.input.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    const { style } = this.list;
    [style.minWidth, style.top] = [`${width}px`, `${bottom + 5}px`];
    const own = this.list.offsetWidth;
    const start = (left + right) / 2 > room / 2 ? right - own : left;
    style.left = `${Math.max(0, Math.min(start, room - own))}px`;
  };
  #close() {
    for (const [target, event] of MOVES) target.removeEventListener(event, this.#place, true);
    this.list.togglePopover?.(false);
    this.list.hidden = true;
    this.#marked = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
  #nodes() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  #mark(n) {
    const nodes = this.#nodes();
    if (!this.#options.length) return;
    nodes[this.#marked]?.setAttribute("aria-selected", "false");
    this.#marked = (n + nodes.length) % nodes.length;
    const node = nodes[this.#marked];
    node.setAttribute("aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", node.id);
  }
  #choose(n) {
    const chosen = this.#options[n];
    if (!chosen) return;
    if (chosen.query) {
      this.input.value = chosen.query;
      return this.#ask();
    }
    const recent = kept("gradus.recent").filter((query) => query !== this.input.value.trim());
    keep("gradus.recent", [this.input.value.trim(), ...recent].slice(0, 5));
    if (this.tell("gradus-select", chosen, true)) location.assign(this.href(chosen));
  }
  #key(event) {
    const isOpen = !this.list.hidden;
    switch (event.key) {
      case "ArrowDown":
        event.preventDefault();
        return isOpen ? this.#mark(this.#marked + 1) : this.#ask();
      case "ArrowUp":
        event.preventDefault();
        return isOpen && this.#mark(this.#marked < 0 ? -1 : this.#marked - 1);
      case "Enter":
        if (!isOpen) return;
        event.preventDefault();
        return this.#choose(Math.max(this.#marked, 0));
      case "Escape":
        if (isOpen) event.preventDefault();
        return isOpen ? this.#close() : (this.input.value = "");
    }
  }
}

class Prereqs extends Element {
  async start() {
    const { id, kind } = await this.resolve();
    const include = this.getAttribute("include") || "";
    const { items, edges } = await this.ask(`v1/${kind}s/${encodeURIComponent(id)}/prerequisites`, { depth: 1, reduce: true, include });
    this.hidden = !items.length;
    if (this.hidden) return;
    const known = this.known;
    const left = items.filter((page) => !known.has(page.id));
    const minutes = left.reduce((sum, page) => sum + page.minutes, 0);
    const line = left.length ? this.text("before", left.length, this.minutes(minutes)) : this.text("ready");
    this.fill(create("details", { part: "box" }, create("summary", { part: "summary" }, line), create("ul", {}, ...items.map((page) => this.link(page, this.said(edges, page.id))))));
  }
}

class Related extends Element {
  async start() {
    const { id, kind } = await this.resolve();
    const { items } = await this.ask(`v1/${kind}s/${encodeURIComponent(id)}/related`, { limit: this.getAttribute("limit") || 6 });
    const groups = [["before", "readBefore"], ["similar", "similar"], ["after", "readNext"]];
    const section = ([group, title]) => {
      const pages = items.filter((page) => page.group === group);
      const lines = pages.map((page) => this.link(page, page.reasons[0] && create("small", {}, page.reasons[0].text)));
      return lines.length ? [create("section", { part: group }, create("h2", {}, this.text(title)), create("ul", {}, ...lines))] : [];
    };
    this.fill(...groups.flatMap(section));
  }
}

class Path extends Element {
  async start() {
    const plan = await this.ask("v1/plan", { target: this.getAttribute("target") || this.reference, known: [...this.known].join(","), include: this.getAttribute("include") || "" });
    const step = ({ concepts, guide, section, minutes, locked }) => {
      const lesson = section ?? guide ?? concepts[0];
      const title = concepts.map((concept) => concept.title).join(", ") || lesson.title;
      const read = lesson.title === title ? null : create("small", {}, lesson.title);
      return this.link({ url: lesson.url, title, minutes, locked }, read, this.said(plan.inferred, (concepts[0] ?? guide).id));
    };
    this.fill(
      create("p", { class: "soft" }, this.text("steps", plan.steps.length, this.minutes(plan.minutes_total))),
      create("ol", { part: "steps" }, ...plan.steps.map(step)),
    );
  }
}

for (const [name, type] of Object.entries({ search: Search, prereqs: Prereqs, related: Related, path: Path }))
  customElements.get(`gradus-${name}`) ?? customElements.define(`gradus-${name}`, type);
