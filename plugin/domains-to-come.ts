import * as wezterm from "wezterm";
import { attempt } from "./attempt";
import { readDomains } from "./domains-file";
import { remember, rememberedText } from "./memory";
import { setup } from "./setup";
import { tell } from "./tell";

const toldKey = "domains_told";

/** Says once a GUI for each domain that the bridge has for a host and this GUI has not: it was added later. In handlers only. */
export function tellOfDomainsToCome(): void {
  const { folders, options } = setup();
  if (!options.domains || wezterm.gui === undefined) return;
  const found = readDomains(`${folders.state}/domains.json`);
  if (found === undefined) return;
  const fresh = [...found.ssh, ...found.tls].map(({ name }) => name).filter((name) => !isKnown(name) && !wasTold(name));
  if (fresh.length === 0) return;
  for (const name of fresh) remember(toldKey, `${rememberedText(toldKey) ?? "\n"}${name}\n`);
  tell(`a WezTerm started from now on has the domain ${fresh.join(", ")}; until then panes of that host are local`);
}

function isKnown(name: string): boolean {
  const found = attempt(() => wezterm.mux.get_domain(name) !== undefined);
  return !found.ok || found.value;
}

function wasTold(name: string): boolean {
  return string.find(rememberedText(toldKey) ?? "", `\n${name}\n`, 1, true)[0] !== undefined;
}
