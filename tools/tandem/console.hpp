/// The output of `tandem call`: results on standard output, everything else on standard error. Lines stay whole when
/// several threads write at the same time.
#pragma once

#include "../../messages/payload.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tandem::cli {

class console {
public:
  struct options {
    bool quiet = false;                ///< no words except errors
    std::optional<bool> progress = {}; ///< none: yes if standard error is a terminal, and quiet is false
  };

  explicit console(const options& x);

  /// Results, a line each: texts as they are, everything else as JSON. Throws std::runtime_error if standard output
  /// takes no more.
  void print_results(const std::vector<payload>& results);

  /// Prints a line, unless quiet.
  void say(const std::string& line);

  bool shows_progress() const noexcept {
    return progress_;
  }

  /// On a terminal the line takes the place of the one before.
  void progress(const std::string& line);

private:
  void clear_progress();

  bool quiet_;
  bool progress_;
  bool terminal_; // standard error is one
  std::mutex mutex_;
  bool line_open_ = false;
};

} // namespace tandem::cli
