// Search without a server: in `search.json`, which `gradus build` writes, by names, headings and descriptions.

// Marks that readers leave out when they are in a hurry: those of Latin, Greek and Cyrillic, Hebrew and Arabic.
const OPTIONAL = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f]/gu;
const WORDS = /[\p{L}\p{M}\p{N}]+/gu;
// Scripts that are written without spaces: a word may begin anywhere.
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

// The words of a text as they are compared.
export const fold = (text) => text.normalize("NFKD").replace(OPTIONAL, "").normalize("NFC").toLowerCase().match(WORDS) ?? [];

// Whether one letter added, left out or changed, or two that were swapped make one text of the other.
const isNear = (a, b) => {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const [x, y] = [a.slice(at), b.slice(at)];
  return x.slice(1) === y.slice(1) || x.slice(1) === y || x === y.slice(1) || (x.slice(2) === y.slice(2) && x[0] === y[1] && x[1] === y[0]);
};

// How well the words of a text answer one that is looked for: whole, as a beginning, with a letter wrong.
const match = (words, word) => {
  let best = 0;
  for (const own of words) {
    if (own === word) return 4;
    if (own.startsWith(word) || (UNSPACED.test(word) && own.includes(word))) best = 3;
    else if (best < 1 && word.length > 3 && own[0] === word[0])
      best = [-1, 0, 1].some((more) => isNear(own.slice(0, word.length + more), word)) ? 1 : 0;
  }
  return best;
};

// The pages of `search.json` with their words, made once.
export const prepared = (pages) =>
  pages.map((page) => ({
    page,
    names: [page.t, ...(page.n ?? [])].map(fold),
    told: fold(page.d ?? ""),
    sections: (page.s ?? []).map((section) => ({ section, words: fold(section[1]) })),
  }));

// Where each page lies in a site of files, from its top.
export const place = (id) => {
  const [kind, slug] = id.split(/:(.*)/s);
  return `${kind}s/${encodeURIComponent(slug)}/`;
};

// What a page is worth to who looks for `words`; nothing where a word is in none of its texts.
const worth = ({ names, told, sections }, words) => {
  const named = names.flat();
  let sum = names.some((name) => name.join(" ") === words.join(" ")) ? 1000 : 0;
  for (const word of words) {
    const inSections = Math.max(0, ...sections.map((section) => match(section.words, word)));
    const best = Math.max(10 * match(named, word), 4 * inSections, 2 * match(told, word));
    if (!best) return 0;
    sum += best;
  }
  // Of two that are named alike, the one with the shorter title says more of it.
  return sum + 1 / names[0].length;
};

// What a server would answer, as far as names, headings and descriptions tell.
export const find = (pages, q, limit) => {
  const words = fold(q);
  const found = words.length ? pages.map((page) => [worth(page, words), page]).filter(([points]) => points) : [];
  found.sort(([a], [b]) => b - a);
  const items = found.slice(0, limit).map(([, { page, sections }]) => {
    const url = page.u ?? place(page.i);
    const hits = sections.filter((section) => words.every((word) => match(section.words, word)));
    return {
      id: page.i, title: page.t, url, description: page.d ?? "",
      sections: hits.map(({ section: [anchor, title, locked] }) => ({
        title, url: `${url}#${anchor}`, locked: !!locked, snippet: { text: "", highlights: [] },
      })),
    };
  });
  const named = found.filter(([points, { page }]) => points > 1000 && page.b);
  const [brief] = named.length === 1 ? named.map(([, { page }]) => page) : [];
  const answer = brief && { id: brief.i, prerequisites: { total: brief.b[0], minutes: brief.b[1] } };
  return { items, total: found.length, answer, did_you_mean: null };
};
