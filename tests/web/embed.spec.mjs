// The elements on a page of another origin, which forbids inline styles and scripts of anybody else: with a server, and with the
// files of `gradus build` behind a server of files.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { test, expect } from "@playwright/test";
import { expectSound, violations, watch } from "./look.mjs";
import { CURRICULUM, FILES, HOST } from "./servers.mjs";

const place = (name) => fileURLToPath(new URL(`../../src/web/assets/${name}`, import.meta.url));
const asset = (name) => readFileSync(place(name), "utf8");
const box = (page) => page.getByRole("combobox");

for (const [what, host, source, slash] of [["a server", `${HOST}/`, CURRICULUM, ""], ["files", `${HOST}/files`, FILES, "/"]]) {
  for (const colorScheme of ["light", "dark"])
    for (const width of [320, 1280])
      test(`every element of ${what}, ${colorScheme}, ${width} px`, async ({ browser }) => {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
        const page = await context.newPage();
        const seen = watch(page, HOST, source);
        await page.goto(host);
        await expect(page.locator("gradus-path li")).not.toHaveCount(0);
        await expect(page.locator("gradus-related section").first()).toBeVisible();
        await expect(page.locator("gradus-prereqs summary")).toContainText("Before this");
        await page.locator("gradus-prereqs summary").click();
        await expect(page.locator("gradus-prereqs li").first()).toBeVisible();
        // The browser tells of the page that is not there, which one element asks for.
        await expectSound(page, seen.filter((line) => !line.includes("404")));
        await context.close();
      });

  test(`search by the keyboard alone, in ${what}`, async ({ page }) => {
    await page.goto(host);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("kv cache");
    await expect(box(page)).toHaveAttribute("aria-expanded", "true");
    await expect(page.getByRole("option").first()).toContainText(/Before this: \d+/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await expect(box(page)).toHaveAttribute("aria-activedescendant", "option-1");
    await expect(page.getByRole("option", { selected: true })).toHaveCount(1);
    await page.keyboard.press("ArrowUp");
    await expect(box(page)).toHaveAttribute("aria-activedescendant", "option-0");
    await page.keyboard.press("ArrowUp");
    const count = await page.getByRole("option").count();
    await expect(box(page)).toHaveAttribute("aria-activedescendant", `option-${count - 1}`);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(box(page)).toHaveAttribute("aria-expanded", "false");
    await expect(box(page)).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(box(page)).toHaveAttribute("aria-expanded", "true");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`${source}/concepts/kv-cache${slash}`);
  });

  test(`a site may take what is chosen into its own hands, of ${what}`, async ({ page }) => {
    await page.goto(host);
    await page.evaluate(() =>
      document.addEventListener("gradus-select", (event) => {
        event.preventDefault();
        document.title = event.detail.id;
      }),
    );
    await box(page).fill("attention");
    await page.getByRole("option").first().click();
    await expect(page).toHaveTitle("concept:attention");
    expect(page.url()).toBe(host);
    // What was searched for is offered again.
    const again = page.getByRole("option", { name: "attention", exact: true });
    await box(page).fill("");
    await expect(again).toBeVisible();
    await box(page).blur();
    await expect(again).toBeHidden();
    await box(page).focus();
    await expect(again).toBeVisible();
  });

  test(`what a site wrote inside stays where there is no answer of ${what}`, async ({ page }) => {
    await page.goto(host);
    await expect(page.getByText("Read the next chapter.")).toBeVisible();
    await page.route(/\/v1\/|search\.json/, (route) => route.abort());
    await page.goto(host);
    await expect(page.getByText("What to read before: the chapter on attention.")).toBeVisible();
    await box(page).fill("attention");
    await expect(page.locator("gradus-search").getByRole("status")).toHaveText("Search does not answer");
  });
}

test("the module is the one that its source makes, and fits its budget", async ({ request }) => {
  const options = { entryPoints: [place("embed.js")], bundle: true, minify: true, format: "esm", target: "es2022", write: false };
  const made = buildSync(options).outputFiles[0].text;
  expect(asset("embed.min.js")).toBe(made);
  const response = await request.get("/embed.js");
  expect(await response.text()).toBe(made);
  expect(response.headers()["access-control-allow-origin"]).toBe("*");
  expect(gzipSync(made).length).toBeLessThanOrEqual(15_000);
  const among = await (await request.get(`${FILES}/embed.js`)).text();
  expect(among).toBe(made.replace("gradus-origin:server", "gradus-origin:files"));
});

test("the index of 225 pages fits its budget", async ({ request }) => {
  const index = await (await request.get(`${FILES}/search.json`)).body();
  expect(JSON.parse(index).length).toBe(225);
  expect(gzipSync(index).length).toBeLessThanOrEqual(25_000);
});

test("files are searched by beginnings, headings and with a letter wrong", async ({ page }) => {
  await page.goto(`${HOST}/files`);
  for (const [query, title] of [["pagedatt", "PagedAttention"], ["KV-Cahce", "KV cache"], ["speculative decoding", "Speculative decoding"]]) {
    await box(page).fill(query);
    await expect(page.getByRole("option").first()).toContainText(title);
  }
  await box(page).fill("qqqq");
  await expect(page.getByRole("option").first()).toHaveText("Nothing found");
  await box(page).fill("probability distributions and softmax");
  await page.getByRole("option").nth(1).click();
  await expect(page).toHaveURL(/\/guides\/math-for-llms\/#probability-distributions-and-softmax$/);
});

test("a path of files leaves out what the reader knows, and what only that needs", async ({ page }) => {
  await page.goto(`${HOST}/files`);
  const steps = page.locator("gradus-path li");
  await expect(steps).not.toHaveCount(0);
  const whole = await steps.count();
  const set = (known) => page.evaluate((known) => localStorage.setItem("gradus.known", JSON.stringify(known)), known);
  await set(["concept:language-model"]);
  await page.reload();
  await expect(steps).toHaveCount(whole - 2);
  await set(["concept:kv-cache"]);
  await page.reload();
  await expect(page.locator("gradus-path p")).toContainText("0 steps");
});

test("what needs a server is told where there are only files", async ({ page }) => {
  await page.goto(`${HOST}/files`);
  const told = await page.evaluate(
    () =>
      new Promise((done) => {
        const path = document.createElement("gradus-path");
        path.addEventListener("gradus-error", ({ detail }) => done([detail.status, path.shadowRoot.innerHTML]));
        path.setAttribute("target", "kv-cache,softmax");
        document.body.append(path);
      }),
  );
  expect(told).toEqual([501, "<slot></slot>"]);
});

test("pages of a site of files are found from its own search", async ({ page }) => {
  const seen = watch(page, FILES);
  await page.goto(`${FILES}/search/?q=kv+cache`);
  await page.getByRole("link", { name: "KV cache", exact: true }).click();
  await expect(page).toHaveURL(`${FILES}/concepts/kv-cache/`);
  expect(seen).toEqual([]);
});

test("a browser runs the module under its integrity hash", async ({ page }) => {
  const hash = createHash("sha384").update(asset("embed.min.js")).digest("base64");
  await page.goto(HOST);
  const loads = (integrity) =>
    page.evaluate(
      ([src, integrity]) =>
        new Promise((done) => {
          const script = Object.assign(document.createElement("script"), { type: "module", integrity, crossOrigin: "anonymous" });
          script.onload = () => done(true);
          script.onerror = () => done(false);
          script.src = `${src}?${Math.random()}`;
          document.head.append(script);
        }),
      [`${CURRICULUM}/embed.js`, integrity],
    );
  expect(await loads(`sha384-${hash}`)).toBe(true);
  expect(await loads(`sha384-${"A".repeat(64)}`)).toBe(false);
});

test("elements take the colours that a page's theme names, and its list stays in the window", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
  const page = await context.newPage();
  await page.goto(HOST);
  const link = page.locator("gradus-path a").first();
  await expect(link).toBeVisible();
  const colour = () => link.evaluate((node) => getComputedStyle(node).color);
  const set = (name, value) => page.evaluate(([name, value]) => document.body.style.setProperty(name, value), [name, value]);
  // As if the page had set nothing itself.
  await set("--gradus-accent", "initial");
  for (const [name, value, told] of [
    ["--md-typeset-a-color", "#764abc", "rgb(118, 74, 188)"],
    ["--ifm-link-color", "#0a5c36", "rgb(10, 92, 54)"],
    ["--gradus-accent", "#123456", "rgb(18, 52, 86)"],
  ]) {
    await set(name, value);
    expect(await colour()).toBe(told);
  }
  await page.evaluate(() => {
    const { style } = document.querySelector("gradus-search");
    style.inlineSize = "10rem";
    style.marginInlineStart = "auto";
  });
  await box(page).fill("attention");
  await expect(page.getByRole("option").first()).toBeVisible();
  const { left, right, width } = await page.getByRole("listbox").evaluate((node) => node.getBoundingClientRect().toJSON());
  expect(left).toBeGreaterThanOrEqual(0);
  expect(right).toBeLessThanOrEqual(900);
  expect(width).toBeGreaterThan(300);
  await context.close();
});

test("on a page that names no colours, elements have those of its ground, its text and its links", async ({ page }) => {
  await page.goto(HOST);
  const link = page.locator("gradus-path a").first();
  await expect(link).toBeVisible();
  const dress = (text, ground, links) =>
    page.evaluate(
      ([text, ground, links]) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`body{--gradus-accent:initial;color:${text};background:${ground}} a{color:${links}}`);
        document.adoptedStyleSheets = [sheet];
        // As a theme says that it is dark now.
        document.documentElement.dataset.theme = ground;
      },
      [text, ground, links],
    );
  await box(page).fill("attention");
  await expect(page.getByRole("option").first()).toBeVisible();
  for (const colours of [["rgb(230, 230, 230)", "rgb(16, 32, 48)", "rgb(130, 200, 255)"], ["rgb(20, 20, 20)", "rgb(250, 245, 230)", "rgb(120, 0, 60)"]]) {
    await dress(...colours);
    await expect(link).toHaveCSS("color", colours[2]);
    await expect(page.getByRole("listbox")).toHaveCSS("background-color", colours[1]);
    await expect(page.getByRole("listbox")).toHaveCSS("color", colours[0]);
    expect(await violations(page)).toEqual([]);
  }
});

test("a side bar that scrolls does not cut the list off, and a narrow window holds it", async ({ browser }) => {
  for (const width of [900, 320]) {
    const context = await browser.newContext({ viewport: { width, height: 700 } });
    const page = await context.newPage();
    await page.goto(HOST);
    await page.evaluate(() => {
      const { style } = document.querySelector("header");
      Object.assign(style, { width: "14rem", height: "6rem", overflow: "auto", marginInlineStart: "auto" });
    });
    await box(page).fill("attention");
    const third = page.getByRole("option").nth(2);
    await expect(third).toBeVisible();
    const { left, right } = await page.getByRole("listbox").evaluate((node) => node.getBoundingClientRect().toJSON());
    expect([left >= 0, right <= width]).toEqual([true, true]);
    await third.click({ trial: true });
    // It goes along with its box.
    await page.evaluate(() => scrollBy(0, 40));
    const gap = () =>
      page.locator("gradus-search").evaluate(({ shadowRoot }) => {
        const [input, list] = ["input", "[role=listbox]"].map((part) => shadowRoot.querySelector(part).getBoundingClientRect());
        return Math.round(list.top - input.bottom);
      });
    await expect.poll(gap).toBe(5);
    await context.close();
  }
});
