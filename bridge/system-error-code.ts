/** The `code` of what Node raises for a failed system call (`ENOENT`, `ESRCH`, …), undefined for anything else. */
export function systemErrorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}
