#include "trace_findings.hpp"

#include "../../tools/trace/checking/check.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace tandem_test {

using namespace tandem;

namespace {

trace_finding read_finding(const nlohmann::json& x) {
  const auto text_of = [&x](const char* name) {
    const auto& value = x.at(name);
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  return {.id = text_of("id"),
          .level = cli::parse_severity(text_of("severity")).value(),
          .file = std::filesystem::path{text_of("file")}.filename().string(),
          .line = x.value("line", uint64_t{0}),
          .operation_id = x.value("operation_id", ""),
          .text = text_of("text")};
}

} // namespace

std::vector<trace_finding> findings_of(const std::vector<std::filesystem::path>& files) {
  cli::trace_check_options options{.files = {}, .json = true, .shown = cli::severity::note};
  for (const auto& x : files)
    options.files.push_back(x.string());
  std::ostringstream out;
  std::ostringstream notes;
  const int status = cli::trace_check(options, out, notes);
  std::vector<trace_finding> result;
  bool has_error = false;
  std::istringstream lines{out.str()};
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    if (!json.contains("id"))
      continue;
    result.push_back(read_finding(json));
    has_error = has_error || result.back().level == cli::severity::error;
  }
  if (status != 0 && !has_error) {
    auto& x = result.emplace_back();
    x.level = cli::severity::error;
    x.text = notes.str();
  }
  return result;
}

std::string to_string(const trace_finding& x) {
  auto result = x.file + (x.line > 0 ? ":" + std::to_string(x.line) : "") + ": " + x.id + ": " + x.text;
  return x.operation_id.empty() ? result : result + " (operation " + x.operation_id + ")";
}

} // namespace tandem_test
