#include "bytes.hpp"
#include "element.hpp"
#include "version.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/message.hpp>
#include <caf/proxy_registry.hpp>
#if TANDEM_CAF_17
#  include "careful_deserializer.hpp"
#  include "careful_serializer.hpp"

#  include <caf/scoped_execution_unit.hpp>
#elif TANDEM_HAS_HANDLE_CODEC
#  include <caf/binary_deserializer.hpp>
#  include <caf/byte_span.hpp>
#  include <caf/detail/default_actor_handle_codec.hpp>
#else
#  include "exact_deserializer.hpp"
#  include "exact_serializer.hpp"
#endif

#include <type_traits>
#include <utility>

namespace tandem::compat {

namespace {

#if TANDEM_CAF_17

bool save(caf::actor_system& system, const caf::message& content, byte_buffer& out) {
  careful_serializer sink{system, out};
  return !content.save(sink);
}

thread_local caf::proxy_registry* known_proxies = nullptr;

/// f(source) for a reader of these bytes.
template <class Function>
bool with_source(caf::actor_system& system, std::string_view in, Function f) {
  caf::scoped_execution_unit unit{&system};
  unit.proxy_registry_ptr(known_proxies);
  careful_deserializer source{&unit, in};
  return f(source);
}

template <class T>
bool load(careful_deserializer& source, T& x) {
  if constexpr (std::is_same_v<T, caf::message>)
    return !x.load(source);
  else
    return !source(x);
}

#elif TANDEM_HAS_HANDLE_CODEC

bool save(caf::actor_system& system, const caf::message& content, byte_buffer& out) {
  caf::detail::default_actor_handle_codec codec{system};
  caf::binary_serializer sink{out, &codec};
  return sink.apply(content);
}

/// f(source) for a reader of these bytes.
template <class Function>
bool with_source(caf::actor_system& system, std::string_view in, Function f) {
  caf::detail::default_actor_handle_codec codec{system};
  caf::binary_deserializer source{caf::const_byte_span{reinterpret_cast<const std::byte*>(in.data()), in.size()},
                                  &codec};
  return f(source);
}

template <class T>
bool load(caf::binary_deserializer& source, T& x) {
  return source.apply(x);
}

#else

bool save(caf::actor_system& system, const caf::message& content, byte_buffer& out) {
  exact_serializer sink{system, out};
  return content.save(sink);
}

/// f(source) for a reader of these bytes.
template <class Function>
bool with_source(caf::actor_system& system, std::string_view in, Function f) {
  exact_deserializer source{system, {reinterpret_cast<const std::byte*>(in.data()), in.size()}};
  return f(source);
}

template <class T>
bool load(exact_deserializer& source, T& x) {
  return source.apply(x);
}

#endif

/// with_source, but false if it throws: CAF 0.17 does for some malformed input, bad_alloc for an absurd length among
/// them.
template <class Function>
bool try_to_read(caf::actor_system& system, std::string_view in, Function f) {
  try {
    return with_source(system, in, f);
  } catch (...) {
    return false;
  }
}

} // namespace

bool append_bytes(caf::actor_system& system, const caf::message& content, std::string& out) {
  // One buffer per thread: payloads are many and small.
  thread_local byte_buffer bytes;
  bytes.clear();
  try {
    if (!save(system, content, bytes))
      return false;
  } catch (...) {
    return false; // CAF 0.17 throws for types that must not leave the process
  }
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return true;
}

bool from_bytes(caf::actor_system& system, std::string_view in, caf::message& content) {
  return try_to_read(system, in, [&](auto& source) { return load(source, content) && source.remaining() == 0; });
}

#if TANDEM_CAF_17

proxies_known::proxies_known(caf::proxy_registry* proxies) : before_(std::exchange(known_proxies, proxies)) {
}

proxies_known::~proxies_known() {
  known_proxies = before_;
}

#else

proxies_known::proxies_known(caf::proxy_registry* proxies) : before_(caf::proxy_registry::current()) {
  caf::proxy_registry::current(proxies);
}

proxies_known::~proxies_known() {
  caf::proxy_registry::current(before_);
}

#endif

namespace {

template <class... Ts>
bool is_one_of(const element_type& x) {
  return ((x == element_type_of<Ts>()) || ...);
}

} // namespace

std::string actor_in(const caf::message& content) {
  for (size_t i = 0; i < content.size(); ++i) {
    const auto type = type_of_element(content, i);
    if (is_one_of<caf::actor, caf::actor_addr, caf::strong_actor_ptr, caf::weak_actor_ptr, std::vector<caf::actor>,
                  std::vector<caf::strong_actor_ptr>>(type))
      return name_of(type);
  }
  return {};
}

} // namespace tandem::compat
