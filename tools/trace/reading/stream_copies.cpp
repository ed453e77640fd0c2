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

/// `read(to, size)` gives how many bytes it has read, `is_bad()` whether that failed; `name` is that of what they read.
template <class Read, class IsBad>
void copy(Read read, IsBad is_bad, std::FILE* to, const std::string& name) {
  std::vector<char> block(size_t{64} << 10);
  bool good = true;
  while (const size_t count = good ? read(block.data(), block.size()) : 0)
    good = std::fwrite(block.data(), 1, count, to) == count;
  if (good && is_bad())
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

std::FILE* stream_copies::make_copy(const std::string& file) {
  auto* result = copies_.emplace_back(make_nameless_file()).get();
  paths_[file] = "/proc/self/fd/" + std::to_string(fileno(result));
  return result;
}

void stream_copies::keep(const std::string& file, std::FILE* stream) {
  const auto read = [stream](char* to, size_t size) { return std::fread(to, 1, size, stream); };
  copy(
    read, [stream] { return std::ferror(stream) != 0; }, make_copy(file), printable(name_of_input(file)));
}

stream_copies stream_copies::unpacked(const std::string& file) {
  stream_copies result{{}};
  if (!is_stream(file) && packing_of_file(file) == packing::none)
    return result;
  packed_input_file in{file};
  if (in.error() != 0)
    return result;
  const auto read = [&in](char* to, size_t size) {
    in.stream().read(to, static_cast<std::streamsize>(size));
    return static_cast<size_t>(in.stream().gcount());
  };
  const auto is_bad = [&in] { return in.stream().bad() || in.error() != 0; };
  copy(read, is_bad, result.make_copy(file), printable(name_of_input(file)));
  result.problem_ = in.problem();
  return result;
}

} // namespace tandem::cli
