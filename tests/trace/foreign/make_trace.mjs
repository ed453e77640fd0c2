// Makes traces of a shop: a front at `web`, two backs `orders`, which commence operations at a back `stock` themselves.
//   node make_trace.mjs FOLDER TICKETS [bare]
// writes web.jsonl, orders-1.jsonl, orders-2.jsonl and stock.jsonl, with TICKETS tickets in all; each is in two of the
// files. The same call gives the same files. `bare`: without begun and ended, as recording links write them.
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";

const [folder, wanted_text, bare_text] = process.argv.slice(2);
const wanted = Number(wanted_text);
const bare = bare_text === "bare";

// Mulberry32: small, and the same everywhere.
let seed = 4711;
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let x = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
  return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
}
const pick = list => list[Math.floor(random() * list.length)];
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
/** Around `middle` microseconds, with a long tail; in nanoseconds. */
const delay = middle => Math.round(middle * 1000 * Math.exp(0.6 * normal()));

const start = 1764000000000000000n;

class Node {
  constructor(file, name, side, boot) {
    this.file = file;
    this.boot = boot; // of its monotonic clock, nanoseconds
    this.name = name;
    this.records = [];
    this.header = {
      tandem_trace: 1,
      node: name,
      side,
      link: "shop",
      clock: "steady",
      start_wall_ns: 0,
      start_monotonic_ns: 0,
    };
  }
  add(at, side, event, rest) {
    this.records.push({ at: Math.round(at), side, event, rest });
  }
  write() {
    const out = createWriteStream(join(folder, this.file));
    const times = at => ({ wall: (start + BigInt(at)).toString(), monotonic: String(at + this.boot) });
    const first = times(0);
    const text = JSON.stringify(this.header);
    out.write(
      text
        .replace('"start_wall_ns":0', `"start_wall_ns":${first.wall}`)
        .replace('"start_monotonic_ns":0', `"start_monotonic_ns":${first.monotonic}`) + "\n",
    );
    this.records.sort((x, y) => x.at - y.at);
    this.records.forEach((x, i) => {
      const { wall, monotonic } = times(x.at);
      const rest = JSON.stringify(x.rest).slice(1);
      out.write(
        `{"record":${i},"wall_ns":${wall},"monotonic_ns":${monotonic},"side":"${x.side}","link":"shop",` +
          `"event":"${x.event}",${rest}\n`,
      );
    });
    out.end();
  }
}

const web = new Node("web.jsonl", "web/101", "front", 5_000_000_000);
const orders = [1, 2].map(i => new Node(`orders-${i}.jsonl`, `orders/20${i}`, "", i * 77_000_000_000));
const stock = new Node("stock.jsonl", "stock/301", "back", 900_000_000_000);

let tickets = 0;
let number = 0;
const hex = (x, digits) => x.toString(16).padStart(digits, "0");

/** One operation between two nodes; its id, and when it ended at the front. */
function operation(
  front,
  back,
  half,
  at,
  { name, payload, results, work, how = "completed", parent, trace_id, child },
) {
  const id = half + hex(0xa000 + number++, 16);
  const subscription = name === "notify" ? "none" : name === "audit" ? "termination only" : "full";
  const first = { name, subscription, ...(trace_id && { trace_id }) };
  const size = x => (x === undefined ? 0 : Buffer.byteLength(x));
  const pass = (from, to, side, direction, sent, received, ticket) => {
    const rest = { direction, ticket: { operation_id: id, ...ticket }, payload_size: size(ticket.payload) };
    from.add(sent, side, "sent", rest);
    to.add(received, side === "front" ? "back" : "front", "received", rest);
    ++tickets;
  };
  // Links keep the order in each direction.
  const latest = { back: 0, front: 0 };
  const to_back = (sent, ticket) => {
    const received = (latest.back = Math.max(latest.back + 100, sent + delay(60)));
    pass(front, back, "front", "front to back", sent, received, ticket);
    return received;
  };
  const to_front = (sent, ticket) => {
    const received = (latest.front = Math.max(latest.front + 100, sent + delay(60)));
    pass(back, front, "back", "back to front", sent, received, ticket);
    return received;
  };
  const tell = (node, when, side, event, rest) => bare || node.add(when, side, event, { operation_id: id, ...rest });

  tell(front, at, "front", "begun", { ...first, timeout: 10, peer: back.name, ...(parent && { parent }) });
  const opening = {
    sequence_number: 0,
    kind: payload.length > 1 ? "commencement" : "entire",
    ...first,
    timeout: 10,
    payload: payload[0],
  };
  let arrived = to_back(at + 1000, opening);
  tell(back, arrived - 500, "back", "begun", { ...first, timeout: 10, maximum_timeout: 60, peer: front.name });
  let when = at + 1000;
  for (let i = 1; i < payload.length; ++i) {
    when += delay(15);
    const kind = i + 1 === payload.length ? "completion" : "continuation";
    arrived = to_back(when, { sequence_number: i, kind, payload: payload[i] });
  }
  when = arrived + 2000;
  const ended = (node, side, time, outcome, details) =>
    tell(node, time + 300, side, "ended", { outcome, ...(details && { details }) });
  if (how === "refused") {
    const details = "refused: 100 operations run already";
    const back_again = to_front(when, { sequence_number: 0, kind: "refusal", details });
    ended(back, "back", when, "transmission failure", details);
    ended(front, "front", back_again, "transmission failure", details);
    return { id, end: back_again };
  }
  if (how === "cancelled" || how === "expired") {
    const limit = when + delay(2500);
    const details = how === "expired" ? "not done within 10 s" : "the customer has gone";
    const told = to_back(limit, {
      sequence_number: payload.length,
      kind: how === "expired" ? "expiration" : "cancellation",
      details,
    });
    ended(front, "front", limit, how, details);
    ended(back, "back", told, how, details);
    return { id, end: limit };
  }
  if (child) when = child(id, when + delay(40));
  if (name === "audit" && !bare)
    back.add(when, "back", "annotation", { operation_id: id, text: "written to the journal" });
  when += delay(work);
  if (how === "servicer failure") {
    const details = `no such article: ${payload[0].slice(0, 20)}`;
    const back_again = to_front(when, { sequence_number: 0, kind: "servicer failure", details });
    ended(back, "back", when, how, details);
    ended(front, "front", back_again, how, details);
    return { id, end: back_again };
  }
  if (subscription === "none") {
    ended(front, "front", at + 2000, "completed");
    ended(back, "back", when, "completed");
    return { id, end: when };
  }
  let end = when;
  for (let i = 0; i < results.length; ++i) {
    const last = i + 1 === results.length;
    end = to_front(when, { sequence_number: i, kind: last ? "completion" : "continuation", payload: results[i] });
    if (!last) when += delay(25);
  }
  ended(back, "back", when, "completed");
  if (random() > 0.002) ended(front, "front", end, "completed"); // else the recording ended before
  return { id, end };
}

const articles = ["teapot", 'lamp <b>"bright"</b>', "caf\u00e9 table", "rug", "shelf </script> unit", "chair"];
const items = (count, what) =>
  Array.from({ length: count }, (_, i) => `${what} ${i + 1}: ${pick(articles)}, ${Math.floor(random() * 90 + 10)} EUR`);
let at = 1_000_000;
while (tickets < wanted) {
  at += delay(220) * (random() < 0.01 ? 30 : 1);
  const busy = at % 400_000_000 > 300_000_000 ? 4 : 1; // every now and then everything is slower
  const back = pick(orders);
  const dice = random();
  const how =
    dice < 0.93
      ? "completed"
      : dice < 0.95
        ? "cancelled"
        : dice < 0.965
          ? "expired"
          : dice < 0.99
            ? "servicer failure"
            : "refused";
  const half = "3f2a91c05d7be644";
  const kind = random();
  if (kind < 0.45) {
    const trace_id = `1b4e28ba-2fa1-4d3b-a3f5-${hex(number, 12)}`;
    const child = (parent, when) =>
      operation(back, stock, back === orders[0] ? "8c01d2aa5b1f0c33" : "d27e40b19a6655f0", when, {
        name: "stock level",
        payload: [pick(articles)],
        results: [`${Math.floor(random() * 50)} left`],
        work: 180 * busy,
        parent,
        trace_id,
      }).end;
    operation(web, back, half, at, {
      name: "order",
      payload: items(1 + Math.floor(random() * 8), "item"),
      results: [`order ${number} taken`],
      work: 350 * busy,
      how,
      trace_id,
      child,
    });
  } else if (kind < 0.8) {
    operation(web, back, half, at, {
      name: "search",
      payload: [pick(articles)],
      results: items(1 + Math.floor(random() * 14), "hit"),
      work: 140 * busy,
      how,
    });
  } else if (kind < 0.9) {
    operation(web, back, half, at, {
      name: "notify",
      payload: ["newsletter " + number],
      results: [],
      work: 90,
      how: "completed",
    });
  } else {
    operation(web, back, half, at, {
      name: "audit",
      payload: items(3, "entry"),
      results: [undefined],
      work: 700 * busy,
      how,
    });
  }
}
mkdirSync(folder, { recursive: true });
for (const x of [web, ...orders])
  x.add(0, x === web ? "front" : "back", "joined", { peer: x === web ? orders[0].name : web.name });
orders[1].add(at * 0.7, "back", "lost", { details: "the connection was closed by web/101" });
for (const x of [web, ...orders, stock]) x.write();
console.log(`${tickets} tickets, ${number} operations`);
