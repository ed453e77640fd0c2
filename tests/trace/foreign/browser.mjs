// What the tests of the page in a browser share: pages made by the program, and a browser that notes what goes wrong.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

/** Writes a page of `files`, and returns where. */
export function make_page(program, files, output, options = []) {
  const begun = performance.now();
  execFileSync(program, ["trace", "html", ...files, "-o", output, ...options], { stdio: "inherit" });
  const took = (performance.now() - begun) / 1000;
  console.log(`${output}: ${(statSync(output).size / 1e6).toFixed(1)} MB, made in ${took.toFixed(1)} s`);
  return output;
}

/** The traces that make_trace.mjs has written into `folder`. */
export const traces_in = folder =>
  ["web.jsonl", "orders-1.jsonl", "orders-2.jsonl", "stock.jsonl"].map(x => join(folder, x));

/** What goes wrong in pages, and what they ask the network for, ends in `wrong`. */
export const wrong = [];

export const launch = executablePath =>
  chromium.launch({
    executablePath,
    headless: true,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** A page that has been loaded; `at`: the fragment of its address. */
export async function open(browser, path, { colorScheme = "light", width = 1280, at = "" } = {}) {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  const url = pathToFileURL(path).href;
  page.on("console", x => ["error", "warning"].includes(x.type()) && wrong.push(`console: ${x.text()}`));
  page.on("pageerror", x => wrong.push(`error: ${x.message}`));
  page.on(
    "request",
    x => x.url().split("#")[0] !== url && !x.url().startsWith("data:") && wrong.push(`request: ${x.url()}`),
  );
  page.setDefaultTimeout(10_000);
  const begun = performance.now();
  await page.goto(url + at);
  await page.waitForSelector("main");
  const took = performance.now() - begun;
  console.log(`${path}${at}: loaded in ${Math.round(took)} ms`);
  return { page, took };
}

/** How many operations are in sight, once the filter has been heeded and they are from `least` to `most`. */
export async function await_count(page, least, most = Number.MAX_SAFE_INTEGER) {
  await page.waitForFunction(
    ([least, most]) => {
      const { filter, operations } = document.querySelector("main").dataset;
      const heeded = filter === document.querySelector(".filter").value;
      return heeded && Number(operations) >= least && Number(operations) <= most;
    },
    [least, most],
  );
  return Number(await page.getAttribute("main", "data-operations"));
}
