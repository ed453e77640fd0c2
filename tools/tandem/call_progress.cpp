#include "call_progress.hpp"

#include "../cli/duration_text.hpp"
#include "../cli/measures.hpp"

#include <algorithm>

namespace tandem::cli {

std::string progress_line(const call_counts& counts, piece pieces, std::chrono::nanoseconds elapsed) {
  std::string result;
  if (const auto sent = counts.sent.load(); sent > 0) {
    const auto bytes = static_cast<double>(counts.sent_bytes.load());
    const double seconds = std::max(std::chrono::duration<double>(elapsed).count(), 1e-6);
    result += "sent ";
    if (pieces == piece::line)
      result += std::to_string(sent) + (sent == 1 ? " line, " : " lines, ");
    result += write_size(bytes) + " (" + write_size(bytes / seconds) + "/s); ";
  }
  return result + "received " + std::to_string(counts.received.load()) + "; " + write_elapsed(elapsed);
}

} // namespace tandem::cli
