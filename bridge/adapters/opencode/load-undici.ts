/** HTTP with deadlines, loaded once a server is spoken to: its megabyte took a third of the bridge's own start. */
export function loadUndici() {
  return import("./undici");
}
