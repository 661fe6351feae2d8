// Pages in other scripts than Latin: from right to left, and without spaces between words.
import { test, expect } from "@playwright/test";
import { expectSound, watch } from "./look.mjs";
import { ARABIC, JAPANESE } from "./servers.mjs";

const PAGES = ["/", "/search?q=%E6%B0%B4", "/concepts/water", "/guides/kitchen", "/path?target=rice&known=heat", "/map", "/nowhere"];

// Texts of pictures that stand out of their boxes.
const spilling = (page) =>
  page.locator(".picture a").evaluateAll((links) =>
    links.flatMap((link) => {
      const box = link.querySelector("rect, circle").getBBox();
      const out = [...link.querySelectorAll("text")].filter((text) => {
        const { x, width } = text.getBBox();
        return x < box.x || x + width > box.x + box.width;
      });
      return out.map((text) => text.textContent);
    }),
  );

for (const [name, site] of Object.entries({ Arabic: ARABIC, Japanese: JAPANESE }))
  for (const colorScheme of ["light", "dark"])
    for (const width of [320, 1280])
      test(`every page in ${name} is sound, ${colorScheme}, ${width} px`, async ({ browser }) => {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, baseURL: site });
        const page = await context.newPage();
        const seen = watch(page, site);
        for (const path of PAGES) {
          await page.goto(path);
          if (path === "/nowhere") seen.splice(0, seen.length, ...seen.filter((line) => !line.includes("404")));
          await expectSound(page, seen);
          expect(await spilling(page)).toEqual([]);
        }
        await context.close();
      });

test("from right to left, everything begins at the right", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, baseURL: ARABIC });
  const page = await context.newPage();
  const middle = (selector) =>
    page.locator(selector).first().evaluate((node) => {
      const { left, right } = node.getBoundingClientRect();
      return (left + right) / 2;
    });
  await page.goto("/path?target=rice");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(page.locator("main")).toHaveAttribute("lang", "ar");
  expect(await middle(".brand")).toBeGreaterThan(await middle(".top nav"));
  expect(await middle(".steps .tick")).toBeGreaterThan(await middle(".steps h3"));
  expect(await middle(".steps h3")).toBeGreaterThan(await middle(".steps .clock"));
  expect(await middle("dl.sum")).toBeGreaterThan(await middle("aside"));
  await page.goto("/search?q=%D8%A7%D9%84%D9%85%D8%A7%D8%A1");
  await expect(page.locator("mark").first()).toHaveText("الماء");
  // Code is read from left to right in any text.
  await page.goto("/guides/kitchen");
  const sides = await page.locator("article code").first().evaluate((node) => getComputedStyle(node).direction);
  expect(sides).toBe("ltr");
  await context.close();
});

test("what is written without spaces breaks where it must", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 320, height: 900 }, baseURL: JAPANESE });
  const page = await context.newPage();
  await page.goto("/path?target=rice");
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toContainText("土鍋");
  const lines = await heading.evaluate((node) => Math.round(node.offsetHeight / parseFloat(getComputedStyle(node).lineHeight)));
  expect(lines).toBeGreaterThan(1);
  await context.close();
});
