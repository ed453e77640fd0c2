#include "trace_file.hpp"

#include <cstdio>

namespace tandem::cli {

std::optional<recording_options> trace_to(const std::string& path, std::optional<recording_options> configured) {
  if (path.empty())
    return configured;
  auto result = std::move(configured).value_or(recording_options{});
  result.file = path;
  return result;
}

void end_trace(trace_recorder& recorder) {
  recorder.stop();
  const auto status = recorder.status();
  if (!status.problem.empty())
    std::fprintf(stderr, "tandem: the trace is not complete: %s\n", status.problem.c_str());
  if (status.dropped > 0)
    std::fprintf(stderr, "tandem: the trace is not complete: %llu records were dropped\n",
                 static_cast<unsigned long long>(status.dropped));
}

} // namespace tandem::cli
