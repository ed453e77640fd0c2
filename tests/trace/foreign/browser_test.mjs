// The page that `tandem trace html` makes of 100,000 tickets, in a browser: that it loads soon, filters, zooms, opens
// an operation with its diagram and tickets, reports no error, and asks the network for nothing.
//   node browser_test.mjs PROGRAM CHROMIUM FOLDER
// FOLDER has the traces of make_trace.mjs in `large` and `bare`; screenshots are left there for people to look at.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { await_count, launch, make_page, open, traces_in, wrong } from "./browser.mjs";

const [program, executablePath, folder] = process.argv.slice(2);

const large = make_page(program, traces_in(join(folder, "large")), join(folder, "large.html"));
const bare = make_page(program, traces_in(join(folder, "bare")), join(folder, "bare.html"), ["--payload-limit", "0"]);

// The content of the payloads must not have become part of the page's own text.
const html = readFileSync(large, "utf8");
assert.equal(html.split("</script>").length - 1, 2, "a payload ended the script");
assert(html.includes("\\u003c/script"), "the traces were to contain </script>");
assert(!/\b(src|href)="(?!data:)/.test(html), "the page loads something");

const browser = await launch(executablePath);

/** The mean time of 30 frames, before each of which the wheel is turned or the table scrolled. */
function frame_time(page, what) {
  return page.evaluate(
    what =>
      new Promise(resolve => {
        const turn = i =>
          document
            .querySelector("canvas")
            .dispatchEvent(
              new WheelEvent("wheel", { deltaY: i < 15 ? -60 : 60, clientX: 500, clientY: 250, cancelable: true }),
            );
        const scroll = () => (document.querySelector(".operations .virtual").scrollTop += 5000);
        const begun = performance.now();
        let i = 0;
        const next = () => {
          if (i === 30) return resolve((performance.now() - begun) / 30);
          (what === "zoom" ? turn : scroll)(i++);
          requestAnimationFrame(() => setTimeout(next));
        };
        next();
      }),
    what,
  );
}

try {
  const { page, took } = await open(browser, large);
  assert(took < 8000, `loading took ${took} ms`);
  const all = await await_count(page, 20_000);
  assert.match(await page.textContent(".top"), /100,00\d tickets/);
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, "overview.png") });

  // Zooming with the wheel, all operations in sight at first.
  const zoom = await frame_time(page, "zoom");
  const scroll = await frame_time(page, "scroll");
  console.log(`a frame takes ${zoom.toFixed(0)} ms when zooming, ${scroll.toFixed(0)} ms when scrolling`);
  assert(zoom < 150 && scroll < 150, "the page is not smooth");
  await page.keyboard.press("0");
  await await_count(page, all, all);

  // The filter.
  await page.keyboard.press("/");
  await page.keyboard.type("outcome:expired name:order");
  const expired = await await_count(page, 1, all / 20);
  const shown = await page.locator(".operation .outcome").allTextContents();
  assert(shown.length > 5 && shown.every(x => x.includes("expired")), `shown: ${shown}`);
  await page.fill(".filter", ">12parsecs");
  await page.waitForFunction(() => document.querySelector("[role=status]").textContent.includes("expected a duration"));
  // The payloads of 100,000 tickets.
  const sought = performance.now();
  await page.fill(".filter", "payload:\"5: teapot\"");
  await await_count(page, 1, all / 4);
  console.log(`payloads are searched in ${Math.round(performance.now() - sought)} ms`);
  assert(performance.now() - sought < 3000, "searching payloads takes too long");
  await page.fill(".filter", "is:child");
  await await_count(page, expired + 1, all / 2);
  await page.fill(".filter", "name:order tickets>8 is:parent");
  await await_count(page, 1, 5000);
  // The table was scrolled far down in a longer list.
  await page.waitForFunction(() => {
    const list = document.querySelector(".operations .virtual");
    const [head, tall] = [".head", ".tall"].map(x => list.querySelector(x).offsetHeight);
    return list.scrollHeight === head + tall;
  });
  await page.evaluate(() => document.querySelector(".operations .virtual").scrollTo(0, 0));
  await page.waitForFunction(() => document.querySelector(".operations .row").style.top === "0px");

  // An operation: its diagram, its tickets, one of them, its child.
  await page.click(".operation >> nth=0");
  await page.waitForSelector(".details");
  assert.equal(await page.textContent(".details h2"), "order");
  await page.waitForSelector(".passage .arrow");
  const arrows = await page.locator(".passage .arrow").count();
  assert(arrows >= 6, `${arrows} arrows`);
  await page.click(".passage >> nth=0");
  assert.match(await page.textContent(".chosen-ticket"), /commencement 0, front to back.*item 1: /s);
  await page.keyboard.press("z");
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, "diagram.png") });
  await page.click("[role=tab]:text-is('Tickets')");
  await page.waitForSelector(".ticket");
  const tickets = await page.locator(".ticket .payload").allTextContents();
  assert(
    tickets.some(x => x.includes("order") && x.includes("taken")),
    `payloads: ${tickets}`,
  );
  await page.screenshot({ path: join(folder, "tickets.png") });
  await page.click(".fact .link");
  await page.waitForFunction(() => document.querySelector(".details h2").textContent === "stock level");
  await page.click(".fact .link");
  await page.waitForFunction(() => document.querySelector(".details h2").textContent === "order");

  // The keyboard alone.
  await page.keyboard.press("Escape");
  await page.waitForSelector(".overview");
  await page.keyboard.press("Escape");
  await page.keyboard.press("0");
  await await_count(page, all, all);
  await page.focus(".operations .virtual");
  await page.keyboard.press("End");
  await page.waitForFunction(() =>
    [...document.querySelectorAll("#operations [role=row]")].some(x => x.ariaSelected === "true"),
  );
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  await page.screenshot({ path: join(folder, "help.png") });
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.click("button:text-is('Dark')");
  assert.equal(await page.getAttribute("main", "data-scheme-shown"), "dark");
  await page.close();

  // A trace without begun and ended, in the dark: ends are inferred, and no payload is in the page.
  const dark = (await open(browser, bare, { colorScheme: "dark" })).page;
  const bare_all = await await_count(dark, 50);
  await dark.fill(".filter", "is:inferred");
  const inferred = await await_count(dark, bare_all * 0.9);
  console.log(`${inferred} of ${bare_all} ends are inferred`);
  await dark.fill(".filter", 'outcome:"servicer failure"');
  await await_count(dark, 1, 40);
  await dark.click(".operation >> nth=0");
  await dark.waitForSelector(".arrow.abortive");
  assert.match(await dark.textContent(".details dl"), /inferred from the tickets/);
  await dark.screenshot({ path: join(folder, "dark.png") });
  assert(!readFileSync(bare, "utf8").includes("newsletter"), "a payload is in the page");
  await dark.close();
} finally {
  await browser.close();
  for (const x of wrong) console.log(x); // which may be why something else failed
}
assert.deepEqual(wrong, []);
console.log("passed");
