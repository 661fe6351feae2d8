// A folder of guides, as most documentation is: no concept, and nobody has declared what comes before what.
import { test, expect } from "@playwright/test";
import { expectSound, watch } from "./look.mjs";
import { OPERATOR, PLAIN } from "./servers.mjs";

const PATH = "/path?target=bread&include=inferred";

test.use({ baseURL: PLAIN });

for (const colorScheme of ["light", "dark"])
  for (const width of [320, 1280])
    test(`every page of it is sound and has no empty place, ${colorScheme}, ${width} px`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, baseURL: PLAIN });
      const page = await context.newPage();
      const seen = watch(page, PLAIN);
      for (const path of ["/", "/search", "/search?q=dough", "/map", "/path", PATH, "/guides/second~bread"]) {
        await page.goto(path);
        await expectSound(page, seen);
        const empty = await page.locator("main :is(ul, ol, dl, section, figure)").evaluateAll((nodes) =>
          nodes.filter((node) => !node.textContent.trim() && !node.querySelector("input, img")).map((node) => node.outerHTML),
        );
        expect(empty).toEqual([]);
        expect((await page.locator("body").innerText()).toLowerCase()).not.toContain("concept");
      }
      await context.close();
    });

test("a newcomer's first click shows a way, each step with the line that speaks for it", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Bread", exact: true }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The way to Bread");
  const steps = page.locator(".steps > li");
  expect(await steps.count()).toBeGreaterThan(1);
  for (const step of await steps.all())
    if (!(await step.evaluate((node) => node.classList.contains("goal")))) {
      await expect(step.getByText(/^inferred, \d+ %$/).first()).toBeVisible();
      await expect(step.locator("q").first()).not.toBeEmpty();
    }
  const dashes = await page.locator(".picture path.inf").first().evaluate((node) => getComputedStyle(node).strokeDasharray);
  expect(dashes).toBe("1px, 4px");
  await expect(page.getByLabel("Go by what the texts speak for, too")).toBeChecked();
  await page.getByLabel("Go by what the texts speak for, too").uncheck();
  await page.getByRole("button", { name: "Plan" }).click();
  await expect(steps).toHaveCount(1);
  await page.getByRole("link", { name: "Go by what the texts speak for" }).click();
  expect(await steps.count()).toBeGreaterThan(1);
});

test("what is inferred is told on paper and in forced colours too", async ({ browser }) => {
  const context = await browser.newContext({ forcedColors: "active", baseURL: PLAIN });
  const page = await context.newPage();
  const seen = watch(page, PLAIN);
  await page.goto(PATH);
  const edge = await page.locator(".tag.inf").first().evaluate((node) => getComputedStyle(node).borderTopStyle);
  expect(edge).toBe("dotted");
  await expectSound(page, seen);
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".said").first()).toBeVisible();
  await context.close();
});

test("the map is walked by the keyboard and says in its table what it shows", async ({ page }) => {
  await page.goto("/map");
  const picture = page.locator(".topic-map .pic");
  await picture.focus();
  await page.keyboard.press("Tab");
  const href = await page.evaluate(() => document.activeElement.getAttribute("href"));
  expect(href).toMatch(/^#topic:/);
  await page.keyboard.press("Enter");
  await expect(page.locator(`[id="${decodeURIComponent(href.slice(1))}"]`)).toBeInViewport();
  for (const link of await page.locator(".topic-map a").all())
    await expect(page.locator(`tr[id="${decodeURIComponent((await link.getAttribute("href")).slice(1))}"]`)).toHaveCount(1);
});

for (const colorScheme of ["light", "dark"])
  for (const width of [320, 1280])
    test(`the state of the content is a sound page, ${colorScheme}, ${width} px`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, baseURL: OPERATOR });
      const page = await context.newPage();
      const seen = watch(page, OPERATOR);
      await page.goto("/health");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectSound(page, seen);
      await context.close();
    });

test("an element shows what nobody has declared where it is asked to, and says so", async ({ page }) => {
  await page.goto("/guides/second~bread");
  await page.addScriptTag({ url: "/embed.js", type: "module" });
  await page.evaluate(() => {
    for (const include of ["inferred", ""]) {
      const element = document.createElement("gradus-prereqs");
      element.setAttribute("page", "guide:second~bread");
      if (include) element.setAttribute("include", include);
      document.querySelector("main").append(element);
    }
  });
  const [asked, plain] = [page.locator("gradus-prereqs").first(), page.locator("gradus-prereqs").last()];
  await asked.locator("summary").click();
  await expect(asked.getByText(/^inferred, \d+ %$/).first()).toBeVisible();
  await expect(asked.locator("q").filter({ hasText: "Before you begin" })).toBeVisible();
  await expect(plain).toBeHidden();
});
