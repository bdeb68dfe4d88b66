import fc from "fast-check";
import { type JsonEdit, jsonEdit } from "./json-edits";

/** What is wrong with one answer. */
export type Change =
  | { readonly kind: "json"; readonly edits: readonly JsonEdit[] }
  /** The answer to some other request. */
  | { readonly kind: "other"; readonly index: number }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "type"; readonly contentType: string }
  | { readonly kind: "header"; readonly header: string }
  /** Its content-length says this much more, or less. */
  | { readonly kind: "length"; readonly by: number }
  /** The connection ends before the answer does. */
  | { readonly kind: "cut"; readonly at: number; readonly isReset: boolean }
  /** Bytes replaced anywhere, in the head too. */
  | { readonly kind: "bytes"; readonly at: number; readonly count: number; readonly bytes: Uint8Array }
  /** Answers of 1xx come first. */
  | { readonly kind: "informational"; readonly status: number; readonly count: number }
  | { readonly kind: "chunks"; readonly size: string }
  | { readonly kind: "slow"; readonly gapMs: number }
  | { readonly kind: "silent" }
  /** A body of valid JSON so far, without end. */
  | { readonly kind: "endless"; readonly isHead: boolean };

const kind = <Kind extends Change["kind"]>(name: Kind) => fc.constant(name);
const status = fc.oneof(
  fc.constantFrom(
    100,
    101,
    199,
    201,
    202,
    204,
    206,
    301,
    302,
    304,
    307,
    308,
    400,
    401,
    403,
    404,
    408,
    413,
    429,
    500,
    502,
    503,
    504,
    599,
    999,
  ),
  fc.integer({ min: 100, max: 999 }),
);
const contentType = fc.constantFrom(
  ...["", "text/html", "text/event-stream", "application/jsonp", "application/json; charset=utf-16", "application/problem+json", "a/b\tc"],
);
const header = fc.constantFrom(
  ...[
    ...["x-next-cursor: again", "content-encoding: gzip", "transfer-encoding: chunked", "content-length: 1", "content-length: -1"],
    ...["location: http://127.0.0.1:1/", "connection: close", "upgrade: websocket", "no colon", "bad name: 1", ": empty"],
    ...["set-cookie: a=b", "keep-alive: timeout=0", "trailer: x", `x-long: ${"a".repeat(70_000)}`, "x-binary: \u0000\u0001"],
  ],
);
const invalidUtf8 = fc.constantFrom(
  ...[[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80], [0xef, 0xbb, 0xbf]].map((bytes) => Uint8Array.from(bytes)),
);
const bytes = fc.oneof(invalidUtf8, fc.uint8Array({ maxLength: 20 }));

export const change: fc.Arbitrary<Change> = fc.oneof(
  { arbitrary: fc.record({ kind: kind("json"), edits: fc.array(jsonEdit, { minLength: 1, maxLength: 4 }) }), weight: 500 },
  { arbitrary: fc.record({ kind: kind("other"), index: fc.nat(1_000) }), weight: 60 },
  { arbitrary: fc.record({ kind: kind("status"), status }), weight: 70 },
  { arbitrary: fc.record({ kind: kind("type"), contentType }), weight: 30 },
  { arbitrary: fc.record({ kind: kind("header"), header }), weight: 50 },
  { arbitrary: fc.record({ kind: kind("length"), by: fc.integer({ min: -50, max: 50 }) }), weight: 30 },
  { arbitrary: fc.record({ kind: kind("cut"), at: fc.nat(10_000), isReset: fc.boolean() }), weight: 60 },
  { arbitrary: fc.record({ kind: kind("bytes"), at: fc.nat(10_000), count: fc.nat(20), bytes }), weight: 120 },
  { arbitrary: fc.record({ kind: kind("informational"), status: fc.integer({ min: 100, max: 199 }), count: fc.nat(300) }), weight: 20 },
  { arbitrary: fc.record({ kind: kind("chunks"), size: fc.constantFrom("zz", "-1", "ffffffffffffffff", "", "5;x=y", "0") }), weight: 20 },
  { arbitrary: fc.record({ kind: kind("slow"), gapMs: fc.integer({ min: 1, max: 40 }) }), weight: 12 },
  { arbitrary: fc.record({ kind: kind("silent") }), weight: 6 },
  { arbitrary: fc.record({ kind: kind("endless"), isHead: fc.boolean() }), weight: 4 },
);
