/// How far an operation of `tandem call` is.
#pragma once

#include "input_reader.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace tandem::cli {

/// Counted by the threads that send and receive.
struct call_counts {
  std::atomic<uint64_t> sent{0};
  std::atomic<uint64_t> sent_bytes{0};
  std::atomic<uint64_t> received{0};
};

/// "sent 120000 lines, 5.2 MiB (1.3 MiB/s); received 12; 3.900 s". The sent part is left out if nothing was sent.
std::string progress_line(const call_counts& counts, piece pieces, std::chrono::nanoseconds elapsed);

} // namespace tandem::cli
