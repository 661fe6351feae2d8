// What is served while these tests run, and tokens for its readers.
import { createHmac } from "node:crypto";

// The built-in curriculum, a small site with a sign-in of its own, small sites that are written otherwise, and a page of another origin that embeds components.
export const CURRICULUM = "http://127.0.0.1:47471";
export const SITE = "http://127.0.0.1:47473";
export const ARABIC = "http://127.0.0.1:47478";
export const JAPANESE = "http://127.0.0.1:47480";
// Guides without a concept, of which nobody has declared what comes before what.
export const PLAIN = "http://127.0.0.1:47482";
// What operators see of the small site.
export const OPERATOR = "http://127.0.0.1:47474";
export const HOST = "http://127.0.0.1:47475";
// The built-in curriculum as files.
export const FILES = "http://127.0.0.1:47484";

export const SECRET = "a secret of the tests, long enough for HS256";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

// A token for a reader with these entitlements, good until the year 2096.
export const token = (...entitlements) => {
  const message = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ exp: 4_000_000_000, entitlements })}`;
  return `${message}.${createHmac("sha256", SECRET).update(message).digest("base64url")}`;
};
