// The elements on a page of another origin, which forbids inline styles and scripts of anybody else.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { test, expect } from "@playwright/test";
import { expectSound, violations, watch } from "./look.mjs";
import { CURRICULUM, HOST } from "./servers.mjs";

const asset = (name) => readFileSync(new URL(`../../src/web/assets/${name}`, import.meta.url), "utf8");
const box = (page) => page.getByRole("combobox");

for (const colorScheme of ["light", "dark"])
  for (const width of [320, 1280])
    test(`every element, ${colorScheme}, ${width} px`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      const page = await context.newPage();
      const seen = watch(page, HOST, CURRICULUM);
      await page.goto(HOST);
      await expect(page.locator("gradus-path li")).not.toHaveCount(0);
      await expect(page.locator("gradus-related section").first()).toBeVisible();
      await expect(page.locator("gradus-prereqs summary")).toContainText("Before this");
      await page.locator("gradus-prereqs summary").click();
      await expect(page.locator("gradus-prereqs li").first()).toBeVisible();
      // The browser tells of the page that is not there, which one element asks for.
      await expectSound(page, seen.filter((line) => !line.includes("404")));
      await context.close();
    });

test("search by the keyboard alone", async ({ page }) => {
  await page.goto(HOST);
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
  await expect(page).toHaveURL(`${CURRICULUM}/concepts/kv-cache`);
});

test("a site may take what is chosen into its own hands", async ({ page }) => {
  await page.goto(HOST);
  await page.evaluate(() =>
    document.addEventListener("gradus-select", (event) => {
      event.preventDefault();
      document.title = event.detail.id;
    }),
  );
  await box(page).fill("attention");
  await page.getByRole("option").first().click();
  await expect(page).toHaveTitle("concept:attention");
  expect(page.url()).toBe(`${HOST}/`);
  // What was searched for is offered again.
  const again = page.getByRole("option", { name: "attention", exact: true });
  await box(page).fill("");
  await expect(again).toBeVisible();
  await box(page).blur();
  await expect(again).toBeHidden();
  await box(page).focus();
  await expect(again).toBeVisible();
});

test("what a site wrote inside stays where there is no answer", async ({ page }) => {
  await page.goto(HOST);
  await expect(page.getByText("Read the next chapter.")).toBeVisible();
  await page.route("**/v1/**", (route) => route.abort());
  await page.goto(HOST);
  await expect(page.getByText("What to read before: the chapter on attention.")).toBeVisible();
  await box(page).fill("attention");
  await expect(page.locator("gradus-search").getByRole("status")).toHaveText("Search does not answer");
});

test("the module is the one that its source makes, and fits its budget", async ({ request }) => {
  const made = transformSync(asset("embed.js"), { minify: true, format: "esm", target: "es2022" }).code;
  expect(asset("embed.min.js")).toBe(made);
  const response = await request.get("/embed.js");
  expect(await response.text()).toBe(made);
  expect(response.headers()["access-control-allow-origin"]).toBe("*");
  const { gzipSync } = await import("node:zlib");
  expect(gzipSync(made).length).toBeLessThanOrEqual(15_000);
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
