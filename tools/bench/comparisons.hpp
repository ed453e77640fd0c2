/// The measurements: the same work done by each contestant.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace tandem::bench {

/// The meaning of a figure, and so the direction of its ratio.
enum class unit {
  operations_per_second, ///< ratio: ours divided by theirs, higher is better
  mebibytes_per_second,  ///< likewise
  microseconds,          ///< ratio: ours divided by theirs, lower is better
  bytes,                 ///< likewise
  nanoseconds,           ///< likewise
};

struct contestant {
  std::string name; ///< "tandem", "grpc", "plain caf", "asio"
  std::function<double()> measure;
};

struct comparison {
  std::string name; ///< "unary in process"
  unit measured_in;
  std::vector<contestant> contestants; ///< tandem first
};

/// How much to do: a fraction of the full amount of work.
struct effort {
  double scale = 1;
  std::string program_folder; ///< where the server programs are
};

/// All comparisons, in the order in which they are to run: memory first, while the process is fresh.
std::vector<comparison> all_comparisons(const effort& x);

} // namespace tandem::bench
