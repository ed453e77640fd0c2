/// How fast each verb of `tandem trace` reads, and how much memory it takes.
///
/// The program makes traces, and runs itself for each verb: what is measured is a process of its own, whose output goes
/// to /dev/null. The verbs are those of `tandem`; only the commands that talk to nodes are not there.
#include "made_traces.hpp"
#include "measured_process.hpp"

#include "../../cli/command_options.hpp"
#include "../../cli/standard_output.hpp"
#include "../../trace/commands/commands.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace tandem::bench;

/// As the program `tandem` does.
int run_verb(int argc, char** argv) {
  tandem::cli::command_run command;
  CLI::App app{"", "tandem"};
  tandem::cli::add_trace(app, command);
  CLI11_PARSE(app, argc, argv);
  tandem::cli::output_watch output;
  const int status = command();
  return output.finish().empty() ? status : 1;
}

struct verb {
  std::string name;
  std::vector<std::string> arguments;
  bool both = true; ///< the traces of both nodes, else the front's only
};

std::vector<verb> verbs_of(const made_traces& x, const std::string& folder) {
  return {
    {"show", {"show"}},
    {"show, one file", {"show"}, false},
    {"show --json", {"show", "--json"}},
    {"follow OPERATION", {"follow", x.operation}},
    {"follow TRACE-ID", {"follow", x.trace_id}},
    {"stats", {"stats"}},
    {"filter 'kind = entire'", {"filter", "kind = entire"}},
    {"filter 'outcome != completed'", {"filter", "outcome != completed"}},
    {"at the end", {"at", "1000000s"}},
    {"merge", {"merge"}},
    {"diff", {"diff", x.front}, false},
    {"tail --no-follow", {"tail", "--no-follow", "-n", "1000000000"}, false},
    {"html", {"html", "-o", folder + "/page.html"}},
    {"export --csv", {"export", "--csv", "-o", "-"}},
    {"export --chrome", {"export", "--chrome", "-o", "-"}},
    {"export --otlp", {"export", "--otlp", "-o", "-"}},
    {"check", {"check"}},
    {"explain", {"explain", x.operation}},
    {"explain TRACE-ID", {"explain", x.trace_id}},
    {"draw --svg", {"draw", x.operation, "--svg"}},
  };
}

/// Each verb may read what it is given twice (diff: a trace and itself).
double megabytes_of(const verb& x, const made_traces& traces) {
  const auto size = static_cast<double>(fs::file_size(traces.front));
  return (size * (x.name == "diff" ? 2 : 1) + (x.both ? static_cast<double>(fs::file_size(traces.back)) : 0)) / 1e6;
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view{argv[1]} == "trace")
    return run_verb(argc, argv);
  CLI::App app{"Measures how fast each verb of `tandem trace` reads, and how much memory it takes."};
  double megabytes = 1000;
  std::string folder = fs::temp_directory_path() / "tandem-bench-traces";
  std::string filter;
  bool keep = false;
  app.add_option("--megabytes", megabytes, "the size of the two traces together")->capture_default_str();
  app.add_option("--folder", folder, "where the traces are made; they need this much room")->capture_default_str();
  app.add_option("--filter", filter, "only verbs whose name contains this text");
  app.add_flag("--keep", keep, "leave the traces there");
  CLI11_PARSE(app, argc, argv);

  fs::create_directories(folder);
  const auto traces = make_traces(folder, static_cast<uint64_t>(megabytes * 1e6));
  std::cout << "| verb | MB/s | MB per second of CPU | peak memory, MB |\n| --- | ---: | ---: | ---: |" << std::endl;
  bool good = true;
  for (const auto& x : verbs_of(traces, folder)) {
    if (x.name.find(filter) == std::string::npos)
      continue;
    std::vector<std::string> arguments{"trace"};
    arguments.insert(arguments.end(), x.arguments.begin(), x.arguments.end());
    arguments.push_back(traces.front);
    if (x.both)
      arguments.push_back(traces.back);
    const auto used = run_myself(arguments);
    const auto size = megabytes_of(x, traces);
    std::cout << fmt::format("| `{}` | {:.0f} | {:.0f} | {:.0f} |", x.name, size / used.wall_seconds,
                             size / used.cpu_seconds, static_cast<double>(used.peak_bytes) / 1e6)
              << std::endl;
    if (used.status != 0)
      std::cerr << "bench_traces: " << x.name << " ended with status " << used.status << '\n';
    good = good && used.status == 0;
  }
  if (!keep)
    fs::remove_all(folder);
  return good ? 0 : 1;
}
