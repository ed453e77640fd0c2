#include <tandem/actors/compat/bytes.hpp>
#include <tandem/actors/compat/version.hpp>

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/message.hpp>
#if !TANDEM_CAF_17
#  include <caf/byte_buffer.hpp>
#  include <caf/byte_span.hpp>
#endif
#if __has_include(<caf/detail/default_actor_handle_codec.hpp>)
#  include <caf/detail/default_actor_handle_codec.hpp>
#  define TANDEM_HAS_HANDLE_CODEC 1
#endif

#include <exception>
#include <vector>

namespace tandem::compat {

namespace {

#if TANDEM_CAF_17

using buffer = std::vector<char>;

bool save(caf::actor_system& system, const caf::message& content, buffer& out) {
  caf::binary_serializer sink{system, out};
  return !content.save(sink);
}

bool load(caf::actor_system& system, std::string_view in, caf::message& content) {
  caf::binary_deserializer source{system, in.data(), in.size()};
  return !content.load(source) && source.remaining() == 0;
}

#else

using buffer = caf::byte_buffer;

/// The releases build serializers from the actor system, the main branch from a codec for actor handles.
template <class Function>
bool with_context(caf::actor_system& system, Function f) {
#  ifdef TANDEM_HAS_HANDLE_CODEC
  caf::detail::default_actor_handle_codec codec{system};
  return f(codec);
#  else
  return f(system);
#  endif
}

bool save(caf::actor_system& system, const caf::message& content, buffer& out) {
  return with_context(system, [&](auto& context) {
    if constexpr (requires { caf::binary_serializer{context, out}; }) {
      caf::binary_serializer sink{context, out};
      return sink.apply(content);
    } else {
      caf::binary_serializer sink{out, &context};
      return sink.apply(content);
    }
  });
}

bool load(caf::actor_system& system, std::string_view in, caf::message& content) {
  caf::const_byte_span span{reinterpret_cast<const std::byte*>(in.data()), in.size()};
  return with_context(system, [&](auto& context) {
    if constexpr (requires { caf::binary_deserializer{context, span}; }) {
      caf::binary_deserializer source{context, span};
      return source.apply(content) && source.remaining() == 0;
    } else {
      caf::binary_deserializer source{span, &context};
      return source.apply(content) && source.remaining() == 0;
    }
  });
}

#endif

} // namespace

bool append_bytes(caf::actor_system& system, const caf::message& content, std::string& out) {
  // One buffer per thread: payloads are many and small.
  thread_local buffer bytes;
  bytes.clear();
  try {
    if (!save(system, content, bytes))
      return false;
  } catch (const std::exception&) {
    return false; // CAF 0.17 throws for types that must not leave the process
  }
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return true;
}

bool from_bytes(caf::actor_system& system, std::string_view in, caf::message& content) {
  try {
    return load(system, in, content);
  } catch (const std::exception&) {
    // CAF 0.17 throws for some malformed input, bad_alloc for an absurd length among them.
    return false;
  }
}

} // namespace tandem::compat
