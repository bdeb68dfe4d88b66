import * as wezterm from "wezterm";
import { attempt } from "./attempt";
import { toUtf8 } from "./inert";

/** The folder the pane is in, when it is one of this machine; undefined else (a remote pane, a shell that tells nothing). */
export function directoryOf(pane: wezterm.Pane): string | undefined {
  const found = attempt(() => pathOf(pane.get_current_working_dir()));
  return found.ok ? found.value : undefined;
}

function pathOf(cwd: unknown): string | undefined {
  if (cwd === undefined) return undefined;
  // Text before 20240127, then a Url.
  const { host, path } = typeof cwd === "string" ? partsOfText(cwd) : partsOfUrl(cwd);
  if (!isHere(host) || path === undefined || string.sub(path, 1, 1) !== "/") return undefined;
  const [trimmed] = string.gsub(path, "(.)/+$", "%1");
  // JSON holds no other text, and a folder of another name is another folder.
  return toUtf8(trimmed) === trimmed ? trimmed : undefined;
}

interface Place {
  readonly host: string | undefined;
  readonly path: string | undefined;
}

function partsOfUrl(url: unknown): Place {
  return { host: fieldOf(url, "host"), path: fieldOf(url, "file_path") };
}

function partsOfText(text: string): Place {
  const [host, path] = string.match(text, "^file://([^/]*)(/.*)$");
  if (path === undefined) return { host: undefined, path: text };
  const [decoded] = string.gsub(path, "%%(%x%x)", (digits: string) => string.char(tonumber(digits, 16) ?? 63));
  return { host, path: decoded };
}

/** A Url is userdata with fields. */
function fieldOf(url: unknown, name: string): string | undefined {
  if (!isIndexable(url)) return undefined;
  const value = url[name];
  return typeof value === "string" ? value : undefined;
}

function isIndexable(value: unknown): value is Readonly<Record<string, unknown>> {
  return type(value) === "userdata" || type(value) === "table";
}

function isHere(host: string | undefined): boolean {
  if (host === undefined || host === "" || host === "localhost") return true;
  const here = string.lower(wezterm.hostname());
  const there = string.lower(host);
  return there === here || firstLabel(there) === firstLabel(here);
}

function firstLabel(host: string): string {
  const [label] = string.match(host, "^[^.]+");
  return label ?? host;
}
