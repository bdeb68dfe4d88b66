import type { Database } from "better-sqlite3";
import { userVersion } from "./inspect-database";

/**
 * Migration N (from 1) brings `PRAGMA user_version` from N-1 to N. A released one is never changed: add the next.
 * Times named `_at` are epoch ms; `clock_ms` is the engine clock.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), clock_ms REAL NOT NULL) STRICT;
  INSERT INTO clock VALUES (1, 0);

  CREATE TABLE tasks (
    id TEXT PRIMARY KEY NOT NULL,
    json TEXT NOT NULL,
    state TEXT NOT NULL,
    submitted_at INTEGER NOT NULL,
    ended_at INTEGER
  ) STRICT;
  CREATE INDEX tasks_by_submission ON tasks (submitted_at, id);
  CREATE INDEX tasks_not_ended ON tasks (submitted_at, id) WHERE ended_at IS NULL;
  CREATE INDEX tasks_ended ON tasks (ended_at, id) WHERE ended_at IS NOT NULL;

  CREATE TABLE instances (id TEXT PRIMARY KEY NOT NULL, json TEXT NOT NULL) STRICT;

  CREATE TABLE requests (
    request_id TEXT PRIMARY KEY NOT NULL,
    method TEXT NOT NULL,
    digest TEXT NOT NULL,
    result_json TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX requests_by_time ON requests (at, request_id);
  `,
  // What the attempts of earlier versions used up is booked on the day that their task ended.
  `
  CREATE TABLE spend (
    day TEXT NOT NULL,
    task_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    instance_id TEXT NOT NULL,
    instance_name TEXT NOT NULL,
    host TEXT NOT NULL,
    tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    cost REAL NOT NULL,
    PRIMARY KEY (day, task_id, attempt)
  ) STRICT, WITHOUT ROWID;

  INSERT OR IGNORE INTO spend
  SELECT
    date(tasks.ended_at / 1000, 'unixepoch', 'localtime'),
    tasks.id,
    attempt.value ->> '$.number',
    attempt.value ->> '$.instanceId',
    coalesce(instances.json ->> '$.name', attempt.value ->> '$.instanceId'),
    coalesce(instances.json ->> '$.host', ''),
    coalesce(attempt.value ->> '$.usage.tokensIn', 0),
    coalesce(attempt.value ->> '$.usage.tokensOut', 0),
    coalesce(attempt.value ->> '$.usage.cost', 0)
  FROM tasks
  JOIN json_each(tasks.json, '$.attempts') AS attempt
  LEFT JOIN instances ON instances.id = attempt.value ->> '$.instanceId'
  WHERE tasks.ended_at IS NOT NULL AND json_valid(tasks.json);

  CREATE TABLE day (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL) STRICT;

  CREATE TABLE happenings (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, json TEXT NOT NULL) STRICT;
  `,
  `
  CREATE TABLE asks (id TEXT PRIMARY KEY NOT NULL, json TEXT NOT NULL) STRICT;

  CREATE TABLE audits (id INTEGER PRIMARY KEY, task_id TEXT, at INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
  CREATE INDEX audits_by_time ON audits (at);
  CREATE INDEX audits_of_task ON audits (task_id) WHERE task_id IS NOT NULL;
  `,
];

/** Runs the migrations that are missing, each in a transaction of its own: a failed one leaves the version before it. */
export function migrate(database: Database, steps: readonly string[] = migrations): void {
  for (const [index, step] of steps.entries()) {
    const version = index + 1;
    if (version <= userVersion(database)) continue;
    database
      .transaction(() => {
        database.exec(step);
        database.pragma(`user_version = ${version}`);
      })
      .immediate();
  }
}
