/// Runs the comparisons with Google Benchmark and reports them side by side.
#include "report.hpp"

#include <CLI/CLI.hpp>
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <iostream>

namespace {

using namespace tandem::bench;

/// Prints nothing itself; keeps every figure.
class collector final : public benchmark::BenchmarkReporter {
public:
  figures measured;
  bool failed = false;

  bool ReportContext(const Context&) override {
    return true;
  }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const auto& run : runs) {
      if (run.error_occurred) {
        std::cerr << run.run_name.function_name << ": " << run.error_message << "\n";
        failed = true;
      }
      if (run.error_occurred || run.run_type != Run::RT_Iteration)
        continue;
      const auto& name = run.run_name.function_name;
      const auto slash = name.find('/');
      const double figure = run.counters.at("figure");
      measured[name.substr(0, slash)][name.substr(slash + 1)].push_back(figure);
      std::cerr << name << ": " << figure << "\n";
    }
  }
};

/// Each contestant is a benchmark of its own; its figure is a counter, since it times itself without its setting up.
void register_all(const std::vector<comparison>& list, int repetitions) {
  for (const auto& x : list)
    for (const auto& y : x.contestants)
      benchmark::RegisterBenchmark((x.name + "/" + y.name).c_str(),
                                   [measure = y.measure](benchmark::State& state) {
                                     for (auto _ : state) {
                                       try {
                                         state.counters["figure"] = measure();
                                       } catch (const std::exception& e) {
                                         state.SkipWithError(e.what());
                                         break;
                                       }
                                     }
                                   })
        ->Iterations(1)
        ->Repetitions(repetitions)
        ->UseRealTime();
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Compares Tandem with gRPC C++, plain CAF and Asio doing the same work."};
  bool quick = false;
  int repetitions = 3;
  std::string json;
  std::string markdown;
  std::string filter;
  std::string contestant;
  app.add_flag("--quick", quick, "a hundredth of the work, once: shows that it runs; the figures mean nothing");
  app.add_option("--repetitions", repetitions, "how often each is measured; the medians are compared")
    ->check(CLI::PositiveNumber)
    ->capture_default_str();
  app.add_option("--json", json, "write the results to this file");
  app.add_option("--markdown", markdown, "write the table to this file");
  app.add_option("--filter", filter, "only comparisons whose name contains this text");
  app.add_option("--contestant", contestant, "only this one: tandem, grpc, \"plain caf\" or asio; for profiles");
  CLI11_PARSE(app, argc, argv);

  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
  auto list = all_comparisons({quick ? 0.01 : 1.0, folder});
  for (auto& x : list)
    std::erase_if(x.contestants, [&](const auto& y) { return !contestant.empty() && y.name != contestant; });
  std::erase_if(list,
                [&](const comparison& x) { return x.contestants.empty() || x.name.find(filter) == std::string::npos; });
  if (list.empty()) {
    std::cerr << "bench: no comparison has a name that contains \"" << filter << "\" and such a contestant\n";
    return 2;
  }
  register_all(list, quick ? 1 : repetitions);
  collector figures;
  benchmark::RunSpecifiedBenchmarks(&figures);
  const auto results = as_json(list, figures.measured);
  const auto text = machine() + "\n\n" + as_table(results);
  std::cout << text;
  auto write = [](const std::string& path, const std::string& content) {
    std::ofstream out{path};
    out << content;
    if (out.flush())
      return true;
    std::cerr << "bench: cannot write " << path << "\n";
    return false;
  };
  bool written = json.empty() || write(json, results.dump(2) + "\n");
  written = (markdown.empty() || write(markdown, text)) && written;
  return written && !figures.failed ? 0 : 1;
}
