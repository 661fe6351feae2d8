// Everything here is an addition: without it forms are sent, links lead, and the lists read the same.

const KEY = "gradus.known";
const all = (selector) => [...document.querySelectorAll(selector)];
const one = (selector) => document.querySelector(selector);

// What the reader knows: full ids, kept in this browser and sent nowhere.
const read = () => {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) || "[]"));
  } catch {
    return new Set();
  }
};
const write = (known) => {
  try {
    localStorage.setItem(KEY, JSON.stringify([...known].sort()));
  } catch {
    // A private window keeps it for this page alone.
  }
};

// A shared address carries what its sender knows behind `#`, which no browser sends to a server.
const takeFragment = () => {
  const shared = new URLSearchParams(location.hash.slice(1)).get("known");
  if (!shared) return;
  const known = read();
  shared.split(",").filter(Boolean).forEach((id) => known.add(id));
  write(known);
};

const ids = (text) => text.split(",").filter(Boolean);
const fill = (text, ...inserts) => inserts.reduce((filled, insert) => filled.replace("{}", insert), text);

const paintTicks = (known) => {
  const ticks = all("input[data-concept]");
  let left = 0;
  let count = 0;
  for (const tick of ticks) {
    const of = ids(tick.dataset.concept);
    tick.checked = of.length > 0 && of.every((id) => known.has(id));
    count += tick.checked;
    left += tick.checked ? 0 : Number(tick.dataset.minutes) || 0;
    one(`.pic a[href="#step-${tick.dataset.step}"]`)?.classList.toggle("known", tick.checked);
  }
  const bar = one("progress");
  if (!bar) return;
  bar.value = count;
  one("[data-known]").textContent = count;
  const time = one("[data-left]");
  const hours = Math.floor(left / 60);
  time.textContent = hours
    ? fill(time.dataset.hours, hours, String(left % 60).padStart(2, "0"))
    : fill(time.dataset.min, left);
};

const paintReadiness = (known) => {
  for (const badge of all("[data-ready]")) {
    const missing = ids(badge.dataset.ready).filter((id) => !known.has(id)).length;
    badge.textContent = known.has(badge.dataset.conceptId)
      ? `✓ ${badge.dataset.knownText}`
      : missing
        ? fill(badge.dataset.text, missing)
        : badge.dataset.done;
  }
  for (const note of all("[data-needs]")) {
    const needs = ids(note.dataset.needs);
    if (needs.length) note.textContent = fill(note.dataset.text, needs.filter((id) => known.has(id)).length, needs.length);
  }
};

const paint = () => {
  const known = read();
  paintTicks(known);
  paintReadiness(known);
};

addEventListener("change", ({ target }) => {
  if (!target.dataset?.concept) return;
  const known = read();
  for (const id of ids(target.dataset.concept)) target.checked ? known.add(id) : known.delete(id);
  write(known);
  paint();
});
addEventListener("storage", paint);
addEventListener("hashchange", () => {
  takeFragment();
  paint();
});

// A step of the list and its disc in the picture light up together.
const light = (n, on) => {
  one(`.pic a[href="#step-${n}"]`)?.classList.toggle("hot", on);
  document.getElementById(`step-${n}`)?.classList.toggle("hot", on);
};
for (const [type, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(type, ({ target }) => {
    const step = target.closest?.(".steps > li, .pic a[href^='#step-']");
    if (step) light((step.id || step.getAttribute("href").slice(1)).slice(5), on);
  });
}

one("[data-print]")?.addEventListener("click", () => print());
one("[data-share]")?.addEventListener("click", async ({ currentTarget: button }) => {
  const known = [...read()].sort().map(encodeURIComponent).join(",");
  history.replaceState(null, "", known ? `#known=${known}` : "#");
  await navigator.clipboard?.writeText(location.href).catch(() => {});
  one("[data-said]").textContent = button.dataset.done;
});

document.addEventListener("keydown", (event) => {
  const { target } = event;
  const isTyping = /^(input|textarea|select)$/i.test(target.tagName) && target.type !== "checkbox";
  const isShortcut = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  if (!isShortcut && (event.key !== "/" || isTyping)) return;
  const box = all("input[type=search]").find((input) => input.offsetParent);
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// A server that watches its content tells when there is other content, and when it could not be loaded.
const { live, stale } = document.body.dataset;
if (live) {
  new EventSource("/live").onmessage = ({ data }) => {
    const { generation, failure } = JSON.parse(data);
    if (generation !== live) return location.reload();
    let banner = one(".banner");
    if (!failure) return banner?.remove();
    if (!banner) {
      banner = document.createElement("p");
      banner.className = "banner";
      banner.role = "status";
      one("main").before(banner);
    }
    banner.textContent = `${stale} ${failure}`;
  };
}

// Parts that do nothing without a script are shown by it.
all("[data-script], .know").forEach((part) => (part.hidden = false));
takeFragment();
paint();
