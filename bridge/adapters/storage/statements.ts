import type { Database, Statement } from "better-sqlite3";
import type { CostKey } from "../../../shared/cost";

/** Everything the store says to SQLite, prepared once. */
export interface Statements {
  readonly setClock: Statement;
  readonly putTask: Statement;
  readonly putInstance: Statement;
  readonly removeInstance: Statement;
  readonly putAsk: Statement;
  readonly removeAsk: Statement;
  readonly addAudit: Statement;
  readonly addRequest: Statement;
  readonly clock: Statement;
  readonly openTasks: Statement;
  readonly instances: Statement;
  readonly asks: Statement;
  readonly audits: Statement;
  readonly task: Statement;
  readonly tasks: Statement;
  readonly request: Statement;
  readonly addSpend: Statement;
  readonly addHappening: Statement;
  readonly putDay: Statement;
  readonly day: Statement;
  readonly spent: Readonly<Record<CostKey, Statement>>;
  readonly happenings: Statement;
  readonly settleHappening: Statement;
  readonly pruneSpend: Statement;
  readonly pruneTasks: Statement;
  readonly pruneAudits: Statement;
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
    putAsk: database.prepare("INSERT INTO asks (id, json) VALUES (:id, :json) ON CONFLICT (id) DO UPDATE SET json = excluded.json"),
    removeAsk: database.prepare("DELETE FROM asks WHERE id = ?"),
    addAudit: database.prepare("INSERT INTO audits (task_id, at, json) VALUES (:taskId, :atEpochMs, :json)"),
    addRequest: database.prepare(`
      INSERT INTO requests (request_id, method, digest, result_json, at) VALUES (:requestId, :method, :digest, :resultJson, :atEpochMs)`),
    clock: value("SELECT clock_ms FROM clock"),
    openTasks: value("SELECT json FROM tasks WHERE ended_at IS NULL ORDER BY submitted_at, id"),
    instances: value("SELECT json FROM instances ORDER BY id"),
    asks: value("SELECT json FROM asks ORDER BY id"),
    audits: value(`
      SELECT json FROM audits WHERE at >= :sinceEpochMs AND (:taskId IS NULL OR task_id = :taskId) ORDER BY id DESC LIMIT :limit`),
    task: value("SELECT json FROM tasks WHERE id = ?"),
    tasks: value(`
      SELECT json FROM tasks
      WHERE (submitted_at, id) < (:beforeAtEpochMs, :beforeId)
        AND (:ended IS NULL OR (ended_at IS NOT NULL) = :ended)
        AND (:states IS NULL OR state IN (SELECT value FROM json_each(:states)))
      ORDER BY submitted_at DESC, id DESC LIMIT :limit`),
    request: database.prepare(`
      SELECT request_id AS requestId, method, digest, result_json AS resultJson, at AS atEpochMs FROM requests WHERE request_id = ?`),
    addSpend: database.prepare(`
      INSERT INTO spend VALUES (:day, :taskId, :attempt, :instanceId, :instanceName, :host, :tokensIn, :tokensOut, :cost)
      ON CONFLICT DO UPDATE SET
        tokens_in = tokens_in + excluded.tokens_in, tokens_out = tokens_out + excluded.tokens_out, cost = cost + excluded.cost`),
    addHappening: database.prepare("INSERT INTO happenings (id, json) VALUES (:id, :json) ON CONFLICT (id) DO NOTHING"),
    putDay: database.prepare("INSERT INTO day VALUES (1, ?) ON CONFLICT DO UPDATE SET json = excluded.json"),
    day: value("SELECT json FROM day"),
    spent: {
      day: database.prepare(spentBy("day", "key DESC")),
      task: database.prepare(spentBy("task_id", "cost DESC, key")),
      instance: database.prepare(spentBy("instance_id", "cost DESC, key")),
      host: database.prepare(spentBy("host", "cost DESC, key")),
    },
    happenings: database.prepare("SELECT id, json FROM happenings ORDER BY number"),
    settleHappening: database.prepare("DELETE FROM happenings WHERE id = ?"),
    pruneSpend: database.prepare(`
      DELETE FROM spend WHERE (day, task_id, attempt) IN
        (SELECT day, task_id, attempt FROM spend WHERE day < :before ORDER BY day, task_id, attempt LIMIT :max)`),
    pruneTasks: database.prepare(`
      DELETE FROM tasks WHERE id IN (SELECT id FROM tasks WHERE ended_at IS NOT NULL AND ended_at < :before ORDER BY ended_at, id LIMIT :max)`),
    pruneAudits: database.prepare(`
      DELETE FROM audits WHERE id IN (SELECT id FROM audits WHERE at < :before ORDER BY at, id LIMIT :max)`),
    pruneRequests: database.prepare(`
      DELETE FROM requests WHERE request_id IN (SELECT request_id FROM requests WHERE at < :before ORDER BY at, request_id LIMIT :max)`),
  };
}

function spentBy(column: string, order: string): string {
  return `
    SELECT ${column} AS key, max(instance_name) AS name, count(DISTINCT task_id || ' ' || attempt) AS attempts,
      sum(tokens_in) AS tokensIn, sum(tokens_out) AS tokensOut, sum(cost) AS cost
    FROM spend WHERE day >= :sinceDay GROUP BY ${column} ORDER BY ${order} LIMIT 10000`;
}
