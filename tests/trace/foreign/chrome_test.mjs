// The output of `tandem trace export --chrome`, held against the rules of the "Trace Event Format", as far as the
// importer of Perfetto relies on them: it drops what breaks one, without a word.
//   node chrome_test.mjs PROGRAM FOLDER
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [program, folder] = process.argv.slice(2);
const files = readdirSync(folder)
  .filter(x => x.endsWith(".jsonl"))
  .map(x => join(folder, x));
const text = execFileSync(program, ["trace", "export", "--chrome", ...files], { maxBuffer: 1 << 28, encoding: "utf8" });
const { traceEvents, displayTimeUnit, otherData } = JSON.parse(text);
assert.equal(displayTimeUnit, "ns");
assert.match(otherData.begin_unix_ns, /^\d{19}$/);

const of = (...phases) => traceEvents.filter(x => phases.includes(x.ph));
for (const x of traceEvents) {
  assert.match(x.ph, /^[Mbenxsfi]$|^X$/);
  assert(Number.isInteger(x.pid) && Number.isInteger(x.tid) && typeof x.name === "string");
  if (x.ph !== "M") assert(Number.isFinite(x.ts) && x.ts >= 0);
}

// Processes and threads have names before anything is on them.
const named = new Set();
for (const x of traceEvents) {
  if (x.ph === "M" && x.name === "process_name") named.add(x.pid);
  assert(named.has(x.pid));
}
assert.deepEqual(
  of("M")
    .filter(x => x.name === "process_name")
    .map(x => x.args.name)
    .sort(),
  [
    "orders/201 (back)",
    "orders/201 (front)",
    "orders/202 (back)",
    "orders/202 (front)",
    "stock/301 (back)",
    "web/101 (front)",
  ],
);

// Async events: a beginning and an end of the same category, id, name and process, and instants between them.
const track = x => [x.pid, x.cat, x.id, x.name].join("|");
const begins = new Map(of("b").map(x => [track(x), x]));
assert.equal(begins.size, of("b").length);
assert.equal(of("e").length, begins.size);
const ends = new Map(of("e").map(x => [track(x), x]));
for (const [key, x] of begins) assert(ends.get(key).ts >= x.ts);
for (const x of of("n")) {
  assert(begins.has(track(x)), `an instant is on no track: ${track(x)}`);
  assert(x.ts >= begins.get(track(x)).ts);
}

// Arrows: each lies on the slice before it in the file, and leads from one side to the other.
let last;
const starts = new Map();
const ended = new Set();
for (const x of traceEvents) {
  if (x.ph === "X") last = x;
  if (x.ph !== "s" && x.ph !== "f") continue;
  assert(last.pid === x.pid && last.tid === x.tid && last.ts === x.ts && last.dur > 0);
  assert.match(x.id, /^[0-9a-f]{16}$/);
  const seen = x.ph === "s" ? starts.has(x.id) : ended.has(x.id);
  assert(!seen, "an arrow's id is used twice");
  if (x.ph === "s") starts.set(x.id, x);
  else ended.add(x.id) && assert.equal(x.bp, "e");
}
for (const id of ended) assert(starts.has(id));

// Nothing is missing: every ticket of the files is a slice, an instant, and an end of an arrow.
const records = files.flatMap(x =>
  readFileSync(x, "utf8")
    .trim()
    .split("\n")
    .map(line => JSON.parse(line)),
);
const tickets = records.filter(x => x.ticket).length;
assert.equal(of("X").length, tickets);
assert.equal(of("s", "f").length, tickets);
assert.equal(of("n").length, tickets + records.filter(x => x.event === "annotation").length);
assert.equal(of("i").length, records.filter(x => ["joined", "lost", "dropped"].includes(x.event)).length);
console.log(`${tickets} tickets, ${begins.size} tracks, ${ended.size} arrows`);
console.log("passed");
