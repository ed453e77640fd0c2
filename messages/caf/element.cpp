#include "element.hpp"

#if TANDEM_CAF_17
#  include "careful_serializer.hpp"

#  include <caf/type_nr.hpp>
#else
#  if TANDEM_HAS_HANDLE_CODEC
#    include <caf/binary_serializer.hpp>
#  else
#    include "exact_serializer.hpp"
#  endif
#  include <caf/byte_buffer.hpp>
#  include <caf/detail/meta_object.hpp>
#endif
#if __has_include(<cxxabi.h>)
#  include <cxxabi.h>
#  define TANDEM_HAS_CXXABI 1
#endif

#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

namespace tandem::compat {

#if TANDEM_CAF_17

namespace {

std::string readable(const std::type_info& info) {
#  ifdef TANDEM_HAS_CXXABI
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> text{abi::__cxa_demangle(info.name(), nullptr, nullptr, &status), std::free};
  if (text)
    return text.get();
#  endif
  return info.name();
}

} // namespace

element_type type_of_element(const caf::message& content, size_t index) {
  auto [number, info] = content.type(index);
  return {number, info};
}

std::string name_of(const element_type& type) {
  if (type.info)
    return readable(*type.info);
  if (type.number == 0 || type.number >= caf::type_nrs)
    return "unknown";
  const std::string_view own = caf::numbered_type_names[type.number - 1];
  // As CAF 1.x calls them.
  static constexpr std::pair<std::string_view, const char*> known[]
    = {{"@str", "std::string"}, {"@i8", "int8_t"},    {"@i16", "int16_t"},  {"@i32", "int32_t"}, {"@i64", "int64_t"},
       {"@u8", "uint8_t"},      {"@u16", "uint16_t"}, {"@u32", "uint32_t"}, {"@u64", "uint64_t"}};
  for (const auto& [name, usual] : known)
    if (name == own)
      return usual;
  return std::string{own};
}

size_t size_of_element(const caf::message& content, size_t index) noexcept {
  try {
    std::vector<char> bytes;
    caf::execution_unit* no_system = nullptr;
    careful_serializer sink{no_system, bytes};
    return content.save(index, sink) ? 0 : bytes.size();
  } catch (...) {
    return 0;
  }
}

#else

element_type type_of_element(const caf::message& content, size_t index) {
  return {content.type_at(index), nullptr};
}

std::string name_of(const element_type& type) {
  auto name = caf::query_type_name(type.number);
  return name.empty() ? "unknown" : std::string{name};
}

size_t size_of_element(const caf::message& content, size_t index) noexcept {
  try {
    const auto* meta = caf::detail::global_meta_object_or_null(content.type_at(index));
    if (!meta)
      return 0;
    caf::byte_buffer bytes;
#  if TANDEM_HAS_HANDLE_CODEC
    caf::binary_serializer sink{bytes};
#  else
    exact_serializer sink{bytes};
#  endif
    return meta->save(sink, content.cdata().at(index)) ? bytes.size() : 0;
  } catch (...) {
    return 0;
  }
}

#endif

} // namespace tandem::compat
