// Every page, in light and in dark, narrow and wide: sound for every reader.
import { test, expect } from "@playwright/test";
import { expectSound, watch } from "./look.mjs";
import { CURRICULUM } from "./servers.mjs";

const PAGES = {
  home: "/",
  search: "/search?q=kv+cache",
  "search within a topic": "/search?q=attention&kind=concept",
  "search without a hit": "/search?q=zzzzqqqq",
  concept: "/concepts/pagedattention",
  "concept without prerequisites": "/concepts/matrix-multiplication",
  guide: "/guides/llm-fundamentals",
  "locked guide": "/guides/llm-serving-at-scale",
  path: "/path?target=pagedattention",
  "path over budget": "/path?target=grpo&budget=30",
  "path without a goal": "/path",
  "path to nowhere": "/path?target=pagedatention",
  map: "/map",
  reference: "/docs",
  "reference of a question": "/docs/plan",
};

for (const [name, path] of Object.entries(PAGES))
  for (const colorScheme of ["light", "dark"])
    for (const width of [320, 1280])
      test(`${name}, ${colorScheme}, ${width} px`, async ({ browser }) => {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, baseURL: CURRICULUM });
        const page = await context.newPage();
        const seen = watch(page, CURRICULUM);
        const response = await page.goto(path);
        if (name === "path to nowhere") {
          expect(response.status()).toBe(404);
          // A browser tells of every answer that is no success.
          seen.splice(0, seen.length, ...seen.filter((line) => !line.includes("404")));
        } else expect(response.status()).toBe(200);
        await expectSound(page, seen);
        await context.close();
      });

test("what is not there is told as a page, with a way on", async ({ page }) => {
  const response = await page.goto("/concepts/paged-atention");
  expect(response.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.getByRole("link", { name: "PagedAttention" }).click();
  await expect(page).toHaveURL("/concepts/pagedattention");
});

test("another name of a concept leads to its page", async ({ page }) => {
  await page.goto("/concepts/paged%20attention");
  await expect(page).toHaveURL("/concepts/pagedattention");
});

test("in forced colours everything that means something keeps its edge", async ({ browser }) => {
  const context = await browser.newContext({ forcedColors: "active", baseURL: CURRICULUM });
  const page = await context.newPage();
  const seen = watch(page, CURRICULUM);
  await page.goto("/path?target=pagedattention");
  const edge = (selector) => page.locator(selector).first().evaluate((node) => getComputedStyle(node).borderTopWidth);
  for (const selector of [".tick i", ".btn", ".input"]) expect(parseFloat(await edge(selector))).toBeGreaterThan(0);
  await expectSound(page, seen);
  await context.close();
});

test("motion stops where a reader wants none", async ({ browser }) => {
  const context = await browser.newContext({ reducedMotion: "reduce", baseURL: CURRICULUM });
  const page = await context.newPage();
  await page.goto("/path?target=pagedattention");
  const durations = await page.evaluate(() =>
    [...document.querySelectorAll("*")].map((node) => getComputedStyle(node).transitionDuration),
  );
  expect(new Set(durations)).toEqual(new Set(["0s"]));
  await context.close();
});
