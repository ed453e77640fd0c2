// How people use the page that `tandem trace html` makes: by keys alone, in a narrow window, by links that they send
// each other, with filters that they misspell; and what it says of long numbers, of time zero and of empty traces.
//   node browser_use_test.mjs PROGRAM CHROMIUM FOLDER
// FOLDER has the traces of make_trace.mjs in `small`; screenshots are left there for people to look at.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { await_count, launch, make_page, open, traces_in, wrong } from "./browser.mjs";
import { contrasts, cut_texts, nameless, overflow } from "./looks.mjs";

const [program, executablePath, folder] = process.argv.slice(2);
const shop = make_page(program, traces_in(join(folder, "small")), join(folder, "shop.html"));

/** A page of traces that are written here: a node with its records of one operation each. */
function page_of(name, nodes) {
  const files = nodes.map(({ node, start, records }, i) => {
    const header = { tandem_trace: 1, node, side: "front", link: "shop", clock: "steady" };
    const lines = records.map(({ after, ...rest }, number) =>
      JSON.stringify({ record: number, wall_ns: 0, monotonic_ns: after + 1, side: "front", link: "shop", ...rest })
        // Beyond what a JavaScript number holds.
        .replace('"wall_ns":0', `"wall_ns":${start + BigInt(after)}`),
    );
    const first = JSON.stringify({ ...header, start_wall_ns: 0, start_monotonic_ns: 1 });
    const path = join(folder, `${name}-${i}.jsonl`);
    writeFileSync(path, [first.replace('_wall_ns":0', `_wall_ns":${start}`), ...lines].join("\n") + "\n");
    return path;
  });
  return make_page(program, files, join(folder, `${name}.html`));
}

const start = 1764000000000000000n;
const id = "3f2a91c05d7be644000000000000a000";
const begun = (after, name) => ({ after, event: "begun", operation_id: id, name, subscription: "full", timeout: 10 });
const sent = (after, sequence_number, payload) => ({
  after,
  event: "sent",
  direction: "front to back",
  ticket: { operation_id: id, sequence_number, kind: "continuation", payload },
  payload_size: payload.length,
});

const focused = page => page.evaluate(() => document.activeElement.id);
const selected = page => page.getAttribute("#operations [aria-selected=true] .operation", "data-id");
const says = page => page.textContent("[role=status]");
const await_saying = (page, what) =>
  page.waitForFunction(what => document.querySelector("[role=status]").textContent.includes(what), what);

async function keys_alone(browser) {
  const { page } = await open(browser, shop);
  const all = await await_count(page, 100);
  assert.equal(await focused(page), "operations", "the keyboard is at the table from the start");
  assert.match(await page.textContent("footer"), /\/ filter.*↑ ↓ select.*Enter tickets.*Esc back/);
  await page.keyboard.press("ArrowDown");
  const first = await selected(page);
  await page.keyboard.press("ArrowDown");
  const second = await selected(page);
  assert.notEqual(first, second);
  await page.keyboard.press("ArrowUp");
  assert.equal(await selected(page), first);

  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "tickets");
  assert.match(await page.textContent(".chosen-ticket"), /^(commencement|entire) 0, front to back/);
  await page.keyboard.press("ArrowDown");
  const chosen = await page.getAttribute("#tickets", "aria-activedescendant");
  assert.equal(chosen, "tickets-1");
  assert.equal(await page.getAttribute(`#${chosen}`, "aria-selected"), "true");
  await page.keyboard.press("t");
  await page.waitForSelector(".ticket.selected");
  await page.keyboard.press("Escape");
  assert.equal(await focused(page), "operations");
  assert.equal(await selected(page), first);
  await page.keyboard.press("Escape");
  await page.waitForSelector(".overview");

  await page.keyboard.press("/");
  assert.equal(await focused(page), "filter");
  await page.keyboard.type("name:audit");
  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "operations");
  await await_count(page, 1, all - 1);
  await page.keyboard.press("ArrowDown");
  assert.match(await page.textContent(".details h2"), /audit/);
  await page.click(".details .tabs"); // beside everything
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("ArrowDown"); // goes on in the table all the same
  assert.equal(await focused(page), "operations");
  assert.equal(await page.getAttribute("#operations", "aria-activedescendant"), "operations-1");
  await page.click("[aria-label=Close]");
  assert.equal(await focused(page), "operations");
  await page.keyboard.press("Escape");
  await await_count(page, all, all);
  await page.close();
}

async function filter_words(browser) {
  const { page } = await open(browser, shop);
  const all = await await_count(page, 100);
  for (const [words, what] of [
    ["outcme:expired", "There is no field outcme; did you mean outcome:?"],
    ["nmae:order", "did you mean name:?"],
    ["colour:red", "there are name:, outcome:, node:, id:, trace:, payload:, is:, side:."],
    ["bites>100", "did you mean bytes>?"],
    ["is:faild", "did you mean is:failed?"],
    ["outcome:expird", "did you mean expired?"],
    ["outcome=expired", "write outcome:expired, with a colon"],
    ["tickets:5", "write tickets>5, with a sign"],
    ["tickets>many", "expected a whole number such as tickets>100"],
    [">10parsecs", "expected a duration such as >10ms"],
  ]) {
    await page.fill("#filter", words);
    await await_saying(page, what);
    assert.equal(await page.getAttribute("#filter", "aria-invalid"), "true");
    await await_count(page, all, all); // what is not understood hides nothing
  }
  await page.fill("#filter", '"no:field"');
  await await_count(page, 0, 0);
  assert.doesNotMatch(await says(page), /no field/);

  await page.fill("#filter", "payload:teapot");
  const found = await await_count(page, 1, all - 1);
  await page.fill("#filter", "TEAPOT");
  await await_count(page, found, found); // nothing but payloads has it
  await page.fill("#filter", "-payload:teapot");
  await await_count(page, all - found, all - found);
  await page.fill("#filter", 'payload:"</script> unit"');
  await await_count(page, 1, all - 1);
  await page.fill("#filter", "teapot tickets>9");
  await await_count(page, 1, found - 1);
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter"); // to the ticket that was found
  assert.match(await page.textContent(".chosen-ticket mark"), /teapot/i);
  await page.close();
}

/** In the page: what it shows, as far as a link is to show the same; or, of JSON, whether it shows that. */
function look(expected) {
  const text = selector => document.querySelector(selector)?.textContent;
  const now = {
    count: document.querySelector("main").dataset.operations,
    filter: document.querySelector("#filter").value,
    off: [...document.querySelectorAll(".chip.off")].map(x => x.textContent),
    sort: [...document.querySelectorAll("#operations [aria-sort$=ending]")].map(x => x.className + x.ariaSort),
    selected: text("#operations [aria-selected=true]"),
    details: text(".details h2"),
    tab: text("[role=tab][aria-selected=true]"),
    ticket: text(".chosen-ticket"),
    zoom: text(".zoom span"),
  };
  return expected === undefined ? now : JSON.stringify(now) === expected;
}

const shown = page => page.evaluate(look, undefined);

/** The page shows it, sooner or later: it draws what a link says when it has the time. */
async function await_shown(page, expected) {
  await page.waitForFunction(look, JSON.stringify(expected)).catch(() => {});
  assert.deepEqual(await shown(page), expected);
}

async function links(browser) {
  const { page } = await open(browser, shop);
  const all = await await_count(page, 100);
  await page.fill("#filter", "name:order -teapot");
  const filtered = await await_count(page, 1, all / 2);
  await page.click(".chip:has-text('cancelled')");
  const hidden = await await_count(page, 1, filtered - 1);
  await page.click("[aria-label='Zoom in']");
  const few = await await_count(page, 1, hidden - 1);
  await page.click("[role=columnheader] >> text=Took");
  await page.click(".operation >> nth=1");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("t");
  await page.waitForFunction(() => ["filter", "hide", "sort", "time", "operation", "ticket=1", "tab"].every(x =>
    location.hash.includes(x)));
  const before = await shown(page);
  const at = await page.evaluate(() => location.hash);

  const other = (await open(browser, shop, { at })).page;
  await await_count(other, few, few);
  await await_shown(other, before);
  assert.equal(await other.evaluate(() => location.hash), at);
  // Another link, put into the address of a page that is open.
  await other.evaluate(() => (location.hash = "#filter=name%3Aaudit"));
  await other.waitForSelector(".overview");
  await other.waitForFunction(() => document.querySelector("#filter").value === "name:audit");
  await other.evaluate(at => (location.hash = at), at);
  await await_count(other, few, few);
  await await_shown(other, before);
  await other.close();

  const lost = (await open(browser, shop, { at: "#operation=0123&ticket=x&time=9..1&sort=no&hide=none&%=%" })).page;
  await await_count(lost, all, all);
  assert.match(await says(lost), /no operation 0123/);
  await lost.close();
  await page.close();
}

async function narrow(browser) {
  const { page } = await open(browser, shop, { width: 420 });
  await await_count(page, 100);
  assert.deepEqual(await overflow(page), []);
  await page.screenshot({ path: join(folder, "narrow.png"), fullPage: true });
  await page.click(".operation >> nth=2");
  await page.waitForFunction(() => {
    const { top, bottom } = document.querySelector(".details").getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight + 1;
  });
  assert.deepEqual(await overflow(page), []);
  await page.click("[role=tab]:text-is('Tickets')");
  await page.waitForSelector(".ticket");
  assert.deepEqual(await cut_texts(page), []);
  await page.screenshot({ path: join(folder, "narrow_details.png"), fullPage: true });
  await page.click("[aria-label=Close]");
  await page.waitForSelector(".overview");
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  assert.equal(await page.evaluate(() => document.querySelector("dialog").scrollTop), 0);
  assert.deepEqual(await overflow(page), []);
  await page.screenshot({ path: join(folder, "narrow_help.png") });
  await page.close();
}

async function whole_numbers(browser) {
  const hour = 3_600_000_000_000;
  const long = page_of("long", [
    {
      node: "a node with quite a long name/123456",
      start,
      records: [
        { after: 0, event: "joined", peer: "back/1" },
        begun(99 * hour + 123_456_789, "an operation with a name that is longer than its column can be in any window"),
        sent(99 * hour + 123_456_790, 4294967294, '"x"'),
        sent(999 * hour + 1, 4294967295, JSON.stringify("y".repeat(5000))),
      ],
    },
  ]);
  for (const width of [1280, 420]) {
    const { page } = await open(browser, long, { width });
    await page.waitForSelector(".operation");
    assert.equal(await page.textContent(".operation .begin"), "356400123.457");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".passage .label >> text=4294967295 continuation");
    const times = await page.locator(".passage .time").allTextContents();
    assert(times.includes("3239999876.543"), `times: ${times}`);
    assert.deepEqual(await cut_texts(page), []);
    await page.keyboard.press("t");
    await page.waitForSelector(".ticket");
    assert.deepEqual(await page.locator(".ticket .number").allTextContents(), ["4294967294", "4294967295"]);
    assert.deepEqual(await cut_texts(page), []);
    assert.deepEqual(await overflow(page), []);
    await page.screenshot({ path: join(folder, `long_${width}.png`), fullPage: true });
    await page.close();
  }
}

/** The times of all records in a page, and of which day they are. */
function times_in(path) {
  const data = /ndjson">\n(.*?)<\/script>/s.exec(readFileSync(path, "utf8"))[1];
  const lines = data.trim().split("\n").map(x => JSON.parse(x));
  const times = lines.flatMap(x => [x.at, x.begin, ...(x.events ?? []).map(event => x.begin + event[0])]);
  return { base: BigInt(lines[0].base_ns), times: times.filter(x => x !== undefined) };
}

async function time_zero(browser) {
  const second = 1_000_000_000;
  const late = { node: "late/1", start: start + 7n * BigInt(second), records: [begun(0, "slow"), sent(5, 0, '"x"')] };
  const joined = { after: second, event: "joined", peer: "back/1" };
  const early = { node: "early/1", start, records: [joined, { ...joined, after: 2 * second, event: "resumed" }] };
  for (const nodes of [
    [late, early],
    [early, late],
  ]) {
    const path = page_of("zero", nodes);
    const { page } = await open(browser, path);
    await page.waitForSelector(".operation");
    const { base, times } = times_in(path);
    assert.equal(base + BigInt(Math.min(...times)), start + BigInt(second));
    const zero = await page.textContent(".zero");
    assert.equal(zero, "Time zero: 2025-11-24 16:00:01.000000 UTC, link shop joined at early/1");
    assert.equal(await page.textContent(".operation .begin"), "6000.000");
    await page.close();
  }
}

async function empty(browser) {
  const { page } = await open(browser, page_of("empty", [{ node: "one/1", start, records: [] }]));
  assert.match(await page.textContent(".top"), /0 operations, 0 tickets, no record/);
  assert.match(await page.textContent("#operations"), /The trace has no operation/);
  const keys = ["ArrowDown", "Enter", "t", "z", "+", "ArrowLeft", "0", "End", "Escape"];
  for (const key of keys) await page.keyboard.press(key);
  assert.equal(await focused(page), "operations");
  await page.screenshot({ path: join(folder, "empty.png") });
  await page.close();
}

async function readable(browser) {
  for (const colorScheme of ["light", "dark"]) {
    const { page } = await open(browser, shop, { colorScheme, at: "#filter=is:failed+nmae:x+-teapot&hide=expired" });
    await page.waitForSelector(".operation");
    assert.deepEqual(await contrasts(page), []);
    assert.deepEqual(await nameless(page), []);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.deepEqual(await contrasts(page), []);
    await page.keyboard.press("t");
    await page.waitForSelector(".ticket");
    assert.deepEqual(await contrasts(page), []);
    assert.deepEqual(await nameless(page), []);
    await page.screenshot({ path: join(folder, `readable_${colorScheme}.png`) });
    await page.close();
  }
}

const browser = await launch(executablePath);
try {
  for (const part of [keys_alone, filter_words, links, narrow, whole_numbers, time_zero, empty, readable]) {
    console.log(`-- ${part.name}`);
    await part(browser);
  }
} finally {
  await browser.close();
  for (const x of wrong) console.log(x); // which may be why something else failed
}
assert.deepEqual(wrong, []);
console.log("passed");
