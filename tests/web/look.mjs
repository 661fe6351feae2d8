// Looking at a page: what a reader must never meet on any.
import AxeBuilder from "@axe-core/playwright";
import { expect } from "@playwright/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Collects what the browser complains of, and requests to other hosts than `origins`.
export const watch = (page, ...origins) => {
  const seen = [];
  page.on("console", (message) => seen.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.push(`error: ${error}`));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== "data:" && !origins.includes(origin)) seen.push(`request: ${request.url()}`);
  });
  return seen;
};

// What axe holds against the page, in lines.
export const violations = async (page) => {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const nodes = (violation) => violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ");
  return violations.map((violation) => `${violation.id} (${violation.impact}): ${nodes(violation)}`);
};

// Pixels by which the page is wider than its window.
export const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

// Nothing of that kind.
export const expectSound = async (page, seen) => {
  await page.evaluate(() => document.fonts.ready);
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  expect(seen).toEqual([]);
};
