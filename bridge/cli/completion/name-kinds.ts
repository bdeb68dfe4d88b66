/** What the bridge can name at the Tab key. */
export const nameKinds = ["tasks", "instances", "tasks-instances", "hosts", "asks"] as const;
export type NameKind = (typeof nameKinds)[number];

export function isNameKind(text: string | undefined): text is NameKind {
  return nameKinds.some((kind) => kind === text);
}
