import type { Database, Statement } from "better-sqlite3";

/** Everything the store says to SQLite, prepared once. */
export interface Statements {
  readonly setClock: Statement;
  readonly putTask: Statement;
  readonly putInstance: Statement;
  readonly removeInstance: Statement;
  readonly addRequest: Statement;
  readonly clock: Statement;
  readonly openTasks: Statement;
  readonly instances: Statement;
  readonly task: Statement;
  readonly tasks: Statement;
  readonly request: Statement;
  readonly pruneTasks: Statement;
  readonly pruneRequests: Statement;
}

export function prepareStatements(database: Database): Statements {
  const value = (sql: string): Statement => database.prepare(sql).pluck();
  return {
    setClock: database.prepare("UPDATE clock SET clock_ms = ?"),
    putTask: database.prepare(`
      INSERT INTO tasks (id, json, state, submitted_at, ended_at) VALUES (:id, :json, :state, :submittedAtEpochMs, :endedAtEpochMs)
      ON CONFLICT (id) DO UPDATE SET
        json = excluded.json, state = excluded.state, submitted_at = excluded.submitted_at, ended_at = excluded.ended_at`),
    putInstance: database.prepare(`
      INSERT INTO instances (id, json) VALUES (:id, :json) ON CONFLICT (id) DO UPDATE SET json = excluded.json`),
    removeInstance: database.prepare("DELETE FROM instances WHERE id = ?"),
    addRequest: database.prepare(`
      INSERT INTO requests (request_id, method, digest, result_json, at) VALUES (:requestId, :method, :digest, :resultJson, :atEpochMs)`),
    clock: value("SELECT clock_ms FROM clock"),
    openTasks: value("SELECT json FROM tasks WHERE ended_at IS NULL ORDER BY submitted_at, id"),
    instances: value("SELECT json FROM instances ORDER BY id"),
    task: value("SELECT json FROM tasks WHERE id = ?"),
    tasks: value(`
      SELECT json FROM tasks
      WHERE (submitted_at, id) < (:beforeAtEpochMs, :beforeId)
        AND (:ended IS NULL OR (ended_at IS NOT NULL) = :ended)
        AND (:states IS NULL OR state IN (SELECT value FROM json_each(:states)))
      ORDER BY submitted_at DESC, id DESC LIMIT :limit`),
    request: database.prepare(`
      SELECT request_id AS requestId, method, digest, result_json AS resultJson, at AS atEpochMs FROM requests WHERE request_id = ?`),
    pruneTasks: database.prepare(`
      DELETE FROM tasks WHERE id IN (SELECT id FROM tasks WHERE ended_at IS NOT NULL AND ended_at < :before ORDER BY ended_at, id LIMIT :max)`),
    pruneRequests: database.prepare(`
      DELETE FROM requests WHERE request_id IN (SELECT request_id FROM requests WHERE at < :before ORDER BY at, request_id LIMIT :max)`),
  };
}
