/// Standard input, pipes, and all other files that can be read only once, kept for commands that read them twice.
#pragma once

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tandem::cli {

/// Names of files, and the paths that are read in their place.
using stream_paths = std::map<std::string, std::string>;

/// True for "-", and for an existing path that is neither a regular file nor a directory.
bool is_stream(const std::string& file);

/// The copies are files without a name, which go away with the process, however it ends.
class stream_copies {
public:
  /// Copies each of the files that is a stream; one that cannot be opened is passed over, and fails where it is opened
  /// next. Throws user_error if a copy fails.
  explicit stream_copies(const std::vector<std::string>& files);

  /// The same for one file, but what is compressed is unpacked, also if it is no stream.
  static stream_copies unpacked(const std::string& file);

  /// What is wrong with the compression of what was unpacked; empty if nothing is.
  const std::string& problem() const noexcept {
    return problem_;
  }

  /// Good as long as this object lives.
  const stream_paths& paths() const noexcept {
    return paths_;
  }

private:
  struct closing {
    void operator()(std::FILE* file) const {
      std::fclose(file);
    }
  };
  using open_file = std::unique_ptr<std::FILE, closing>;

  static open_file make_nameless_file();
  std::FILE* make_copy(const std::string& file);
  void keep(const std::string& file, std::FILE* stream);

  std::vector<open_file> copies_;
  stream_paths paths_;
  std::string problem_;
};

} // namespace tandem::cli
