/**
 * HTTP with deadlines, loaded once a server is spoken to: its megabyte took a third of the bridge's own start. In the built bridge it is
 * part of the one file, so nothing is read from the disk for it.
 */
export function loadUndici() {
  return import("undici");
}
