import Database from "better-sqlite3";
import type { ErrorCode } from "../../../shared/errors";
import { OctoError } from "../../octo-error";
import { systemErrorCode } from "../../system-error-code";

/** SQLite's extended result code (`SQLITE_FULL`), or the system's (`ENOSPC`); undefined for anything else. */
export function storageCode(thrown: unknown): string | undefined {
  if (thrown instanceof Database.SqliteError) return thrown.code;
  return systemErrorCode(thrown);
}

const fullCodes: ReadonlySet<string> = new Set(["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "ENOSPC", "EDQUOT"]);
// A quota that is used up (EDQUOT) reaches us as a failed write or open: SQLite calls only ENOSPC "full".
const perhapsFullCodes: ReadonlySet<string> = new Set([...fullCodes, "SQLITE_IOERR_WRITE", "SQLITE_CANTOPEN"]);
const corruptCodes = /^SQLITE_(CORRUPT|NOTADB)/;
// Values that the tables refuse: the caller's fault, not the disk's.
const callerCodes = /^SQLITE_(CONSTRAINT|MISMATCH|RANGE|TOOBIG)/;

/** May more space on the disk let the same work succeed? */
export function isPerhapsFull(thrown: unknown): boolean {
  return perhapsFullCodes.has(storageCode(thrown) ?? "");
}

/** The one translation of what SQLite and the file system raise. Keeps the cause; names the file. */
export function toStoreError(thrown: unknown, path: string): OctoError {
  if (thrown instanceof OctoError) return thrown;
  const code = storageCode(thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const named = code === undefined ? reason : `${reason} (${code})`;
  return new OctoError(errorCode(code), `${path}: ${named}`, { cause: thrown });
}

function errorCode(code: string | undefined): ErrorCode {
  if (code === undefined || callerCodes.test(code)) return "INTERNAL";
  if (fullCodes.has(code)) return "STORE_FULL";
  if (corruptCodes.test(code)) return "STORE_CORRUPT";
  return "STORE_FAILED";
}
