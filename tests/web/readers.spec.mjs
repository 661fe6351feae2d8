// What readers do: search, plan, tick, share, print, answer a quiz; with the keyboard alone, and without a script.
import { test, expect } from "@playwright/test";
import { CURRICULUM } from "./servers.mjs";

const PATH = "/path?target=pagedattention";

test("a page is found with the keyboard alone", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("/");
  await page.keyboard.type("kv cache");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/search?q=kv+cache");
  const hit = page.getByRole("link", { name: "KV cache", exact: true });
  for (let n = 0; n < 60 && !(await hit.evaluate((node) => node === document.activeElement)); n++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/concepts/kv-cache");
});

test("a path is built, ticked, and remembered", async ({ page }) => {
  await page.goto("/path");
  await page.getByLabel("To", { exact: true }).fill("PagedAttention");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The way to PagedAttention");
  const steps = await page.locator(".steps > li").count();
  expect(steps).toBeGreaterThan(4);
  const first = page.locator(".steps input").first();
  await first.focus();
  await page.keyboard.press("Space");
  await expect(page.locator("[data-known]")).toHaveText("1");
  await page.reload();
  await expect(first).toBeChecked();
  await expect(page.locator("[data-known]")).toHaveText("1");
});

test("what a concept's page ticks counts in every path", async ({ page }) => {
  await page.goto("/concepts/matrix-multiplication");
  await page.getByLabel("I know this").check();
  await page.goto(PATH);
  await expect(page.locator("[data-known]")).toHaveText("1");
});

test("what is known travels behind # and is sent to nobody", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: CURRICULUM });
  const page = await context.newPage();
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(PATH);
  const ids = await page.locator(".steps input").first().getAttribute("data-concept");
  await page.locator(".steps input").first().check();
  await page.getByRole("button", { name: "Share" }).click();
  expect(new URL(page.url()).hash).toBe(`#known=${ids.split(",").sort().map(encodeURIComponent).join(",")}`);
  const other = await (await browser.newContext()).newPage();
  await other.goto(page.url());
  await expect(other.locator("[data-known]")).toHaveText("1");
  expect(requests.filter((url) => url.includes(encodeURIComponent(ids.split(",")[0])))).toEqual([]);
  await context.close();
});

test("a printed path shows every step and no control", async ({ page }) => {
  await page.goto(PATH);
  const steps = await page.locator(".steps > li").count();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".steps > li:visible")).toHaveCount(steps);
  for (const control of [".ask", ".top", ".foot", "[data-print]"]) await expect(page.locator(control)).toBeHidden();
  const pdf = await page.pdf({ format: "A4" });
  expect(pdf.length).toBeGreaterThan(10_000);
});

test("a quiz checks itself and names what to go back to", async ({ page }) => {
  await page.goto("/guides/llm-fundamentals");
  const questions = page.locator(".quiz fieldset");
  const count = await questions.count();
  expect(count).toBeGreaterThan(1);
  for (let n = 0; n < count; n++) await questions.nth(n).getByRole("radio").first().check();
  await page.getByRole("button", { name: "Check my answers" }).click();
  await expect(page.locator(".verdict")).toHaveCount(count);
  await expect(page.locator("fieldset.wrong .verdict a").first()).toHaveAttribute("href", /^\/concepts\//);
  await expect(page.locator("fieldset.wrong")).not.toHaveCount(0);
});

test("without a script everything that teaches is there", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: CURRICULUM });
  const page = await context.newPage();
  await page.goto("/");
  await page.getByRole("searchbox").last().fill("attention");
  await page.keyboard.press("Enter");
  await expect(page.locator(".hits > li")).not.toHaveCount(0);
  await page.goto(PATH);
  await expect(page.locator(".steps > li")).not.toHaveCount(0);
  await expect(page.getByRole("button", { name: "Plan" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await page.goto("/guides/llm-fundamentals");
  await page.locator(".quiz input").first().check();
  await page.getByRole("button", { name: "Check my answers" }).click();
  await expect(page.locator(".verdict")).toHaveCount(1);
  await context.close();
});
