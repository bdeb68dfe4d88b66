import { lstat, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEnvFile } from "../../bridge/config/env-file";
import { openPasswords } from "../../bridge/passwords";
import { createRedactor } from "../../bridge/redactor";
import { looksSecret, withoutKeys } from "../../bridge/secret-names";
import { tempFolder } from "../helpers/temp-folder";
import { typescriptChild } from "../helpers/typescript-child";

test("of two secrets of which one begins the other, nothing of either stays, whichever was known first", () => {
  for (const secrets of [
    ["sk-live-0001", "sk-live-0001-team-b"],
    ["sk-live-0001-team-b", "sk-live-0001"],
  ]) {
    const redactor = createRedactor();
    for (const secret of secrets) redactor.know([secret]);
    expect(redactor.text("keys sk-live-0001-team-b and sk-live-0001")).toBe("keys (secret) and (secret)");
  }
});

test("each instance has a password of its own, the same for the next bridge, another in another state folder", async () => {
  await using folder = await tempFolder();
  const [one, again] = [
    await openPasswords(join(folder.path, "key"), createRedactor()),
    await openPasswords(join(folder.path, "key"), createRedactor()),
  ];
  const other = await openPasswords(join(folder.path, "other"), createRedactor());
  expect(one("ins_1")).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(again("ins_1")).toBe(one("ins_1"));
  expect(new Set([one("ins_1"), one("ins_2"), other("ins_1")]).size).toBe(3);
  expect((await lstat(join(folder.path, "key"))).mode & 0o777).toBe(0o600);
});

test("a key that was only half written is made anew, and one that cannot be read is an error with a code", async () => {
  await using folder = await tempFolder();
  await writeFile(join(folder.path, "key"), "short");
  await openPasswords(join(folder.path, "key"), createRedactor());
  expect(await readFile(join(folder.path, "key"))).toHaveLength(32);
  await expect(openPasswords(folder.path, createRedactor())).rejects.toMatchObject({ code: "STORE_FAILED" });
});

test("known secrets are taken out of texts, also where JSON has escaped them, and short words are left", () => {
  const redactor = createRedactor();
  redactor.know(["sk-12345678", 'quo"te\\and more', "short"]);
  expect(redactor.text("key sk-12345678, sk-12345678; a short word")).toBe("key (secret), (secret); a short word");
  expect(redactor.text(JSON.stringify({ env: 'quo"te\\and more' }))).toBe('{"env":"(secret)"}');
  expect(redactor.error({ code: "INTERNAL", message: "sk-12345678" })).toEqual({ code: "INTERNAL", message: "(secret)" });
});

test("no line of the log holds a known secret, nor the fields that hold secrets of anybody", async () => {
  const secret = "sk-planted-in-a-log";
  await using child = typescriptChild("test/fixtures/log-secrets.ts", [secret]);
  await child.line((line) => line.includes('"started"'));
  expect(child.lines).toHaveLength(4);
  expect(child.lines.filter((line) => line.includes("(secret)"))).toHaveLength(4);
  expect(child.lines.join("\n")).not.toMatch(new RegExp(`${secret}|never known`));
});

test("the password of a URL is taken out of any text, and what the URL is of stays", () => {
  const { text } = createRedactor();
  expect(text("clone of 'https://x-access-token:t0k@host/r.git' failed")).toBe("clone of 'https://(secret)@host/r.git' failed");
  expect(text("https://t0k@host/r.git and postgres://ada:pw@db:5432/x")).toBe(
    "https://(secret)@host/r.git and postgres://ada:(secret)@db:5432/x",
  );
  expect(text("https://ada:p@w@host/ git+https://t0k@host/ redis://:p@w@host/1")).toBe(
    "https://(secret)@host/ git+https://(secret)@host/ redis://:(secret)@host/1",
  );
  const harmless = "ssh://git@host/r, ada@example.org, https://host/@scope/p, git@host:r.git";
  expect(text(harmless)).toBe(harmless);
});

test("no text takes longer to look through than its length says", () => {
  const { text } = createRedactor();
  const longWords = ["a-".repeat(200_000), "a.".repeat(200_000), "://a".repeat(100_000)].map((word) => `${word} https://t0k@host/`);
  const begunAtMs = performance.now();
  for (const each of longWords) expect(text(each)).toContain("https://(secret)@host/");
  expect(performance.now() - begunAtMs).toBeLessThan(1_000);
});

test("a user's name in a URL is a secret only where tokens are given as one", () => {
  const redactor = createRedactor();
  redactor.know(["ssh://developer@host/", "postgres://accountant:long-password@db/", "https://long-token@host/"]);
  const known = "/home/developer, accountant, long-password, long-token";
  expect(redactor.text(known)).toBe("/home/developer, accountant, (secret), (secret)");
});

test("keys inside of settings, and the userinfo of URLs in them, are known alone too", () => {
  const redactor = createRedactor();
  const options = { apiKey: "inner-key-1", headers: { "x-token": "inner-token-2" }, baseURL: "https://ada:inner-pw-3@host/" };
  redactor.know([JSON.stringify({ provider: { mine: { options } }, theme: "long-enough-name" }), "{ no JSON", "[".repeat(100_000)]);
  expect(redactor.text("inner-key-1 inner-token-2 inner-pw-3 long-enough-name")).toBe("(secret) (secret) (secret) long-enough-name");
});

test("names of keys are known by their grammar, and what git and ssh need is kept", () => {
  const secret = ["ANTHROPIC_API_KEY", "OPENAI_KEY", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "DB_PASSWORD", "OPENCODE_SERVER_PASSWORD"];
  const kept = ["PATH", "HOME", "SSH_AUTH_SOCK", "GIT_CONFIG_KEY_0", "KEYBOARD", "TOKENIZERS_PARALLELISM", "GPG_TTY", "HTTPS_PROXY"];
  expect(secret.filter((name) => !looksSecret(name))).toEqual([]);
  expect(Object.keys(withoutKeys(Object.fromEntries([...secret, ...kept].map((name) => [name, "x"]))))).toEqual(kept);
});

test("a file of keys is read as Node reads .env files, from the home folder too; a missing one is named, its content never", async () => {
  await using folder = await tempFolder();
  await writeFile(join(folder.path, "keys"), '# mine\nexport A=1\nB="two words"\n\nC=\n');
  expect(await readEnvFile("~/keys", folder.path)).toEqual({ A: "1", B: "two words", C: "" });
  expect(await readEnvFile(undefined, folder.path)).toEqual({});
  await expect(readEnvFile(join(folder.path, "none"), undefined)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});
