// Bundles the page and writes it as a C++ source. Called by CMake, in the folder where the packages are installed:
//   node build.mjs FOLDER_OF_THE_PAGE OUTPUT.cpp
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const [source, output] = process.argv.slice(2);

const { outputFiles } = await build({
  entryPoints: [join(source, "src/main.tsx")],
  bundle: true,
  minify: true,
  write: false,
  outdir: "bundle",
  format: "iife",
  target: ["chrome100", "firefox100", "safari15"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none", // all of them are put in below
  nodePaths: [join(process.cwd(), "node_modules")],
  logLevel: "warning",
});
const bundled = ending => outputFiles.find(x => x.path.endsWith(ending)).text;

// "</script" must not end the script early.
const script = bundled(".js").replaceAll("</script", "<\\/script");

// Who distributes the page has to pass on the licences of what is bundled in it.
const licences = ["preact", "uplot"].map(name => `${name}:\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8")}`);

const page = readFileSync(join(source, "index.html"), "utf8")
  .replace("LICENCES", () => licences.join("\n").replaceAll("--", "- -"))
  .replace("/* STYLE */", () => bundled(".css"))
  .replace("/* SCRIPT */", () => script);

// One literal for each piece: compilers limit the length of one, and compile raw ones fastest.
const pieces = [];
for (let begin = 0; begin < page.length; begin += 12_000)
  pieces.push(`R"~page~(${page.slice(begin, begin + 12_000)})~page~"`);

writeFileSync(
  output,
  `// Generated from tools/trace/page.
#include <tandem/tools/trace/browser/page.hpp>

namespace tandem::cli {

std::string_view trace_page() noexcept {
  static constexpr char text[] =
    ${pieces.join("\n    ")};
  return {text, sizeof text - 1};
}

} // namespace tandem::cli
`,
);
