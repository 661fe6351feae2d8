// One worker: the machines of CI have two cores, and the servers want one.
import { fileURLToPath } from "node:url";
import { ARABIC, CURRICULUM, FILES, HOST, JAPANESE, PLAIN, SECRET, SITE } from "./servers.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = process.env.GRADUS_BIN ?? `${root}target/debug/gradus`;
const serve = (url, admin, ...source) => ({
  command: [program, "serve", ...source, "--listen", new URL(url).host, "--admin-listen", `127.0.0.1:${admin}`].join(" "),
  url: `${url}/readyz`,
  env: { GRADUS_JWT_SECRET: SECRET, RUST_LOG: "error" },
  timeout: 120_000,
});

export default {
  testDir: ".",
  workers: 1,
  reporter: "line",
  timeout: 60_000,
  use: {
    baseURL: CURRICULUM,
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
  },
  webServer: [
    serve(CURRICULUM, 47472),
    serve(SITE, 47474, `${root}tests/web/site`),
    serve(ARABIC, 47479, `${root}tests/web/arabic`),
    serve(JAPANESE, 47481, `${root}tests/web/japanese`),
    serve(PLAIN, 47483, `${root}tests/web/plain`),
    { command: `node ${root}tests/web/files.mjs`, url: FILES, timeout: 120_000 },
    { command: `node ${root}tests/web/host.mjs`, url: HOST, timeout: 20_000 },
  ],
};
