// The page of the search of a site without a server: what is looked for stands in its address.
import { find, place, prepared } from "./find.js";

const form = document.querySelector("form.big");
const q = new URLSearchParams(location.search).get("q") ?? "";

const hit = ({ id, title, description, sections }) => {
  const item = document.createElement("li");
  const link = (to, text, parent) => {
    const anchor = parent.appendChild(document.createElement("a"));
    anchor.href = `../${place(id)}${to}`;
    anchor.textContent = text;
  };
  const heading = item.appendChild(document.createElement("h2"));
  heading.className = "hit";
  link("", title, heading);
  item.appendChild(document.createElement("p")).textContent = description;
  for (const section of sections.slice(0, 2)) link(new URL(section.url, location).hash, section.title, item.appendChild(document.createElement("p")));
  return item;
};

if (q.trim()) {
  for (const input of document.querySelectorAll("input[name=q]")) input.value = q;
  const pages = prepared(await (await fetch("../search.json")).json());
  const { items, total } = find(pages, q, 50);
  const status = document.querySelector("[role=status]");
  const none = document.querySelector("[data-none]");
  if (none) none.hidden = total > 0;
  if (status) status.textContent = total || !none ? `${total} · ${q}` : none.dataset.none.replace("{}", () => q);
  const list = document.querySelector("ol.hits") ?? form.parentElement.appendChild(document.createElement("ol"));
  list.className = "hits";
  list.replaceChildren(...items.map(hit));
  document.querySelectorAll("a[rel=next], .facets, section.brief").forEach((part) => part.remove());
}
