// The output of `tandem trace export --otlp`, held against OpenTelemetry's own protobuf definitions.
//   node otlp_test.mjs PROGRAM FOLDER
// FOLDER has traces of make_trace.mjs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const proto = require("@opentelemetry/otlp-transformer/build/src/generated/root").opentelemetry.proto;
const Request = proto.collector.trace.v1.ExportTraceServiceRequest;

const [program, folder] = process.argv.slice(2);
const files = readdirSync(folder)
  .filter(x => x.endsWith(".jsonl"))
  .map(x => join(folder, x));
const text = execFileSync(program, ["trace", "export", "--otlp", ...files], { maxBuffer: 1 << 28, encoding: "utf8" });

const ids = ["traceId", "spanId", "parentSpanId"];
/** OTLP has these bytes in hexadecimal digits; protobuf's JSON in base 64. */
const recoded = (x, from, to) => {
  if (Array.isArray(x)) return x.map(y => recoded(y, from, to));
  if (x === null || typeof x !== "object") return x;
  return Object.fromEntries(
    Object.entries(x).map(([key, value]) => [
      key,
      ids.includes(key) ? Buffer.from(value, from).toString(to) : recoded(value, from, to),
    ]),
  );
};
/** An empty list is the same as none. */
const without_empty = x => {
  if (Array.isArray(x)) return x.map(without_empty);
  if (x === null || typeof x !== "object") return x;
  return Object.fromEntries(
    Object.entries(x)
      .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
      .map(([key, value]) => [key, without_empty(value)]),
  );
};

const spans = [];
for (const line of text.trim().split("\n")) {
  const json = JSON.parse(line);
  const message = Request.fromObject(recoded(json, "hex", "base64"));
  assert.equal(Request.verify(message), null);
  // There and back through the binary form: a field with a wrong name, place or type would be lost or changed.
  const again = Request.toObject(Request.decode(Request.encode(message).finish()), { longs: String, bytes: String });
  assert.deepEqual(recoded(again, "base64", "hex"), without_empty(json));
  for (const resource of json.resourceSpans)
    for (const scope of resource.scopeSpans)
      for (const span of scope.spans)
        spans.push({
          ...span,
          node: resource.resource.attributes.find(x => x.key === "service.name").value.stringValue,
          of: Object.fromEntries(span.attributes.map(x => [x.key, Object.values(x.value)[0]])),
        });
}

// Every trace is whole: who has a parent finds it there, in the same trace, not later.
const by_id = new Map(spans.map(x => [x.spanId, x]));
assert.equal(by_id.size, spans.length, "span ids are unique");
const Kind = proto.trace.v1.Span.SpanKind;
let roots = 0;
for (const x of spans) {
  assert.match(x.traceId, /^[0-9a-f]{32}$/);
  assert.match(x.spanId, /^[0-9a-f]{16}$/);
  assert(BigInt(x.startTimeUnixNano) <= BigInt(x.endTimeUnixNano));
  if (x.parentSpanId === undefined) {
    ++roots;
    assert.equal(x.kind, Kind.SPAN_KIND_CLIENT);
    continue;
  }
  const parent = by_id.get(x.parentSpanId);
  assert(parent, "the parent is there");
  assert.equal(parent.traceId, x.traceId);
  assert(BigInt(parent.startTimeUnixNano) <= BigInt(x.startTimeUnixNano));
  if (x.kind === Kind.SPAN_KIND_SERVER) assert.equal(parent.of["tandem.operation_id"], x.of["tandem.operation_id"]);
  else assert.equal(parent.kind, Kind.SPAN_KIND_SERVER);
}
const nodes = new Set(spans.map(x => x.node));
assert.deepEqual([...nodes].sort(), ["orders/201", "orders/202", "stock/301", "web/101"]);
assert(
  spans.some(x => x.kind === Kind.SPAN_KIND_CLIENT && x.parentSpanId),
  "children are there",
);
const Code = proto.trace.v1.Status.StatusCode;
for (const x of spans)
  assert.equal(
    x.status.code,
    x.of["tandem.outcome"] === undefined
      ? undefined
      : x.of["tandem.outcome"] === "completed"
        ? Code.STATUS_CODE_OK
        : Code.STATUS_CODE_ERROR,
  );
assert(spans.some(x => x.status.code === Code.STATUS_CODE_ERROR));
console.log(`${spans.length} spans in ${roots} trees`);
console.log("passed");
