// A small German site with a sign-in of its own: what it locks, what it says, where it leads.
import { test, expect } from "@playwright/test";
import { expectSound, watch } from "./look.mjs";
import { SITE, token } from "./servers.mjs";

test.use({ baseURL: SITE });

for (const colorScheme of ["light", "dark"])
  test(`every page of it is sound, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 320, height: 800 }, baseURL: SITE });
    const page = await context.newPage();
    const seen = watch(page, SITE);
    for (const path of ["/", "/search?q=hitze", "/concepts/maillard", "/guides/braten", "/path?target=maillard", "/map"]) {
      await page.goto(path);
      await expectSound(page, seen);
    }
    await context.close();
  });

test("it speaks German and leads to the site's own pages", async ({ page }) => {
  await page.goto("/concepts/maillard");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByRole("heading", { name: "Davor", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Auf kitchen.example.org lesen" })).toHaveAttribute("href", /^https:\/\/kitchen/);
  await expect(page).toHaveTitle(/Küchenkunde/);
});

test("markup of an author does nothing", async ({ page }) => {
  const seen = watch(page, SITE);
  await page.goto("/concepts/maillard");
  await expect(page).toHaveTitle(/Maillard/);
  await page.getByText("Ein Absatz mit Eigenem.").click();
  expect(seen).toEqual([]);
});

test("a locked guide shows its preview to everybody and the rest to those who may", async ({ browser }) => {
  const anonymous = await browser.newContext({ baseURL: SITE });
  const page = await anonymous.newPage();
  await page.goto("/guides/braten");
  await expect(page.getByText("bis ein Tropfen Wasser")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Die Kruste" })).toBeVisible();
  expect(await page.content()).not.toContain("Geheimnis");
  expect(await page.content()).not.toContain("Wenn es sich löst");
  await expect(page.getByRole("link", { name: "Was Pro ist" })).toHaveAttribute("href", "https://kitchen.example.org/pro");
  await anonymous.close();

  const pro = await browser.newContext({ baseURL: SITE });
  await pro.addCookies([{ name: "session", value: token("pro"), url: SITE }]);
  const shown = await pro.newPage();
  await shown.goto("/guides/braten");
  await expect(shown.getByText("Geheimnis")).toBeVisible();
  await shown.getByLabel("Sofort").check();
  await shown.getByRole("button", { name: "Antworten prüfen" }).click();
  await expect(shown.locator(".verdict a")).toHaveAttribute("href", "/concepts/maillard");
  await pro.close();
});

test("a sign-in that has ended is told", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: SITE });
  await context.addCookies([{ name: "session", value: "expired", url: SITE }]);
  const page = await context.newPage();
  const response = await page.goto("/guides/braten");
  expect(response.status()).toBe(401);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await context.close();
});
