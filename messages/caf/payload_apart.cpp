#include "payload_apart.hpp"

#if TANDEM_CAF_17

#  include "careful_deserializer.hpp"
#  include "careful_serializer.hpp"

#  include <caf/binary_deserializer.hpp>
#  include <caf/deserializer.hpp>
#  include <caf/error.hpp>
#  include <caf/sec.hpp>
#  include <caf/serializer.hpp>

#  include <algorithm>
#  include <cstdint>
#  include <string_view>
#  include <vector>

namespace tandem::compat::detail {

namespace {

/// For people, who see the beginning of a long list.
constexpr size_t longest_names = 200;

/// "@<>+int32_t+point" is what CAF writes before the values of a message; "int32_t, point" is what people want to see.
std::string readable(std::string_view type_names) {
  constexpr std::string_view beginning = "@<>+";
  if (!type_names.starts_with(beginning))
    return "no message";
  std::string result;
  for (const char x : type_names.substr(beginning.size()).substr(0, longest_names))
    result += x == '+' ? std::string{", "} : std::string{x};
  return result;
}

std::string type_names_in(caf::execution_unit* unit, std::string_view bytes) {
  careful_deserializer source{unit, bytes};
  uint16_t number = 0;
  std::string names;
  return source.begin_object(number, names) ? "cut off" : readable(names);
}

/// What is wrong with these bytes; empty if nothing is.
std::string read(caf::execution_unit* unit, std::string_view bytes, caf::message& content, reason_function reason) {
  careful_deserializer source{unit, bytes};
  try {
    const auto error = content.load(source);
    if (!error && source.remaining() == 0)
      return {};
    return error == caf::sec::unknown_type ? "its type is not known here" : "it is cut off, or of another form";
  } catch (...) {
    return reason();
  }
}

/// For a source that does not say how much it has: takes room for what is there, not for what is claimed.
caf::error copy_bytes(caf::deserializer& source, size_t size, std::string& bytes) {
  constexpr size_t step = size_t{1} << 20;
  while (bytes.size() < size) {
    const auto before = bytes.size();
    const auto more = std::min(step, size - before);
    bytes.resize(before + more);
    if (auto error = source.apply_raw(more, bytes.data() + before))
      return error;
  }
  return {};
}

} // namespace

caf::error save_apart(caf::serializer& sink, const caf::message& content) {
  std::vector<char> bytes;
  careful_serializer own{sink.context(), bytes};
  if (auto error = content.save(own))
    return error;
  return sink(bytes);
}

caf::error load_apart(caf::deserializer& source, caf::message& content, std::string& wrong, reason_function reason) {
  size_t size = 0;
  if (auto error = source.begin_sequence(size))
    return error;
  std::string copy;
  std::string_view bytes;
  auto* binary = dynamic_cast<caf::binary_deserializer*>(&source); // CAF's broker has one
  if (binary != nullptr) {
    if (size > binary->remaining())
      return caf::sec::end_of_stream;
    bytes = {reinterpret_cast<const char*>(binary->remainder().data()), size};
    binary->skip(size);
  } else {
    if (auto error = copy_bytes(source, size, copy))
      return error;
    bytes = copy;
  }
  if (auto what = read(source.context(), bytes, content, reason); !what.empty()) {
    content = {};
    wrong = "S-TICKET-2: a payload that cannot be read here (" + type_names_in(source.context(), bytes) + "): " + what;
  }
  return source.end_sequence();
}

} // namespace tandem::compat::detail

#endif
