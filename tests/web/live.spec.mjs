// A server that watches its content: open pages follow it, and say when it cannot be loaded.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test, expect } from "@playwright/test";

const program = process.env.GRADUS_BIN ?? fileURLToPath(new URL("../../target/debug/gradus", import.meta.url));

// Where a server listens, as it logs when it serves: a number that is fixed may be one that a connection of the browser has.
const addressOf = (server) => new Promise((resolve, reject) => {
  let log = "";
  server.stderr.on("data", (chunk) => {
    log += chunk;
    const lines = log.split("\n").slice(0, -1).map((line) => JSON.parse(line).fields);
    const serving = lines.find(({ message }) => message === "serving");
    if (serving) resolve(serving.address);
  });
  server.on("exit", () => reject(new Error(`the server ended before it served: ${log}`)));
});

test("an open page follows its content and tells of content that cannot be loaded", async ({ page }) => {
  const above = mkdtempSync(join(tmpdir(), "gradus-live-"));
  const folder = join(above, "content");
  const write = (text) => writeFileSync(join(folder, "page.md"), `# A page\n\n${text}\n`);
  mkdirSync(folder);
  write("The first text.");
  const server = spawn(program, ["serve", folder, "--watch", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"]);
  try {
    await page.goto(`http://${await addressOf(server)}/guides/page`);
    const text = (words) => page.getByRole("article").getByText(words);
    await expect(text("The first text.")).toBeVisible();
    write("The second text.");
    await expect(text("The second text.")).toBeVisible({ timeout: 20_000 });
    renameSync(folder, `${folder}-away`);
    await expect(page.locator(".banner")).toContainText("could not be loaded", { timeout: 20_000 });
    await expect(text("The second text.")).toBeVisible();
    renameSync(`${folder}-away`, folder);
    await expect(page.locator(".banner")).toHaveCount(0, { timeout: 20_000 });
  } finally {
    server.kill();
  }
});
