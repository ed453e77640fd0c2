/// Standard input, kept in a temporary file for commands that have to read it twice.
#pragma once

#include <string>
#include <vector>

namespace tandem::cli {

/// The file goes away with it.
class stdin_copy {
public:
  /// Copies standard input if "-" is among the files. Throws user_error if that fails.
  explicit stdin_copy(const std::vector<std::string>& files);
  ~stdin_copy();

  stdin_copy(const stdin_copy&) = delete;
  stdin_copy& operator=(const stdin_copy&) = delete;

  /// Empty if nothing was copied.
  const std::string& path() const noexcept {
    return path_;
  }

private:
  std::string path_;
};

} // namespace tandem::cli
