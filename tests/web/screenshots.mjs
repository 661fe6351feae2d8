// Pictures of the pages, in light and dark, into the folder that is named.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { CURRICULUM } from "./servers.mjs";

const folder = process.argv[2];
const program = process.env.GRADUS_BIN ?? fileURLToPath(new URL("../../target/debug/gradus", import.meta.url));
const PICTURES = {
  path: ["/path?target=pagedattention", 820],
  concept: ["/concepts/pagedattention", 700],
  search: ["/search?q=kv+cache", 700],
  home: ["/", 700],
};

mkdirSync(folder, { recursive: true });
const server = spawn(program, ["serve", "--listen", new URL(CURRICULUM).host, "--admin-listen", "127.0.0.1:47472"]);
try {
  for (let tries = 0; tries < 240 && !(await fetch(`${CURRICULUM}/readyz`).catch(() => null))?.ok; tries++)
    await new Promise((done) => setTimeout(done, 500));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  for (const [name, [path, height]] of Object.entries(PICTURES))
    for (const colorScheme of ["light", "dark"]) {
      const page = await browser.newPage({ colorScheme, viewport: { width: 1100, height } });
      await page.goto(CURRICULUM + path);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` });
      await page.close();
    }
  await browser.close();
} finally {
  server.kill();
}
