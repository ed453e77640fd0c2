#include "stream_copies.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/input_file.hpp"
#include "../../cli/text.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

namespace tandem::cli {

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw user_error{what + ": " + std::strerror(errno)};
}

/// `name` is that of `from`.
void copy(std::FILE* from, std::FILE* to, const std::string& name) {
  std::vector<char> block(size_t{64} << 10);
  bool good = true;
  while (const auto count = good ? std::fread(block.data(), 1, block.size(), from) : 0)
    good = std::fwrite(block.data(), 1, count, to) == count;
  if (good && std::ferror(from) != 0)
    fail("cannot read " + name);
  if (!good || std::fflush(to) != 0)
    fail("cannot keep " + name + " in a temporary file");
}

} // namespace

bool is_stream(const std::string& file) {
  std::error_code ignored;
  const auto status = std::filesystem::status(file, ignored);
  return file == "-" || (exists(status) && !is_regular_file(status) && !is_directory(status));
}

stream_copies::stream_copies(const std::vector<std::string>& files) {
  for (const auto& file : files) {
    if (!is_stream(file) || paths_.contains(file))
      continue;
    const open_file own{file == "-" ? nullptr : std::fopen(file.c_str(), "rbe")};
    if (file == "-" || own != nullptr)
      keep(file, file == "-" ? stdin : own.get());
  }
}

stream_copies::open_file stream_copies::make_nameless_file() {
  auto pattern = (std::filesystem::temp_directory_path() / "tandem-trace-XXXXXX").string();
  const int descriptor = mkostemp(pattern.data(), O_CLOEXEC);
  if (descriptor < 0)
    fail("cannot make the temporary file " + pattern);
  unlink(pattern.c_str());
  return open_file{fdopen(descriptor, "w+b")};
}

void stream_copies::keep(const std::string& file, std::FILE* stream) {
  auto& to = copies_.emplace_back(make_nameless_file());
  copy(stream, to.get(), printable(name_of_input(file)));
  paths_[file] = "/proc/self/fd/" + std::to_string(fileno(to.get()));
}

} // namespace tandem::cli
