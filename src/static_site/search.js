// The search of a site without a server: names first, then descriptions; every word must begin a word of the page.
const form = document.querySelector("form.big");
const q = new URLSearchParams(location.search).get("q") ?? "";
const words = fold(q);

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** How well a page answers: 0 where a word is in none of its texts. */
function score(page) {
  const names = [page.t, ...page.n].map(fold);
  const told = fold(page.d);
  let sum = names.some((name) => name.join(" ") === words.join(" ")) ? 100 : 0;
  for (const word of words) {
    const isNamed = names.some((name) => name.some((own) => own.startsWith(word)));
    const isTold = told.some((own) => own.startsWith(word));
    if (!isNamed && !isTold) return 0;
    sum += isNamed ? 10 : 1;
  }
  return sum;
}

function hit(page) {
  const item = document.createElement("li");
  const heading = item.appendChild(document.createElement("h2"));
  heading.className = "hit";
  const link = heading.appendChild(document.createElement("a"));
  link.href = `../${page.u}`;
  link.textContent = page.t;
  item.appendChild(document.createElement("p")).textContent = page.d;
  return item;
}

if (words.length > 0) {
  for (const input of document.querySelectorAll("input[name=q]")) input.value = q;
  const pages = await (await fetch("../search.json")).json();
  const found = pages.map((page) => [score(page), page]).filter(([points]) => points > 0);
  found.sort(([a], [b]) => b - a);
  const status = document.querySelector("[role=status]");
  if (status) status.textContent = `${found.length} · ${q}`;
  const list = document.querySelector("ol.hits") ?? form.parentElement.appendChild(document.createElement("ol"));
  list.className = "hits";
  list.replaceChildren(...found.slice(0, 50).map(([, page]) => hit(page)));
  document.querySelectorAll("a[rel=next], .facets, section.brief").forEach((part) => part.remove());
}
