#include "trace_file.hpp"

#include <cstdio>

namespace tandem::cli {

bool end_trace(trace_recorder& recorder) {
  recorder.stop();
  const auto status = recorder.status();
  if (!status.problem.empty())
    std::fprintf(stderr, "tandem: the trace is not complete: %s\n", status.problem.c_str());
  if (status.dropped > 0)
    std::fprintf(stderr, "tandem: the trace is not complete: %llu records were dropped\n",
                 static_cast<unsigned long long>(status.dropped));
  return status.problem.empty();
}

} // namespace tandem::cli
