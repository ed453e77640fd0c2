/// A caf::message as bytes and back, for a payload's way between nodes.
#pragma once

#include "version.hpp"

#include <caf/fwd.hpp>
#if !TANDEM_CAF_17
#  include <caf/byte_buffer.hpp>
#endif

#include <string>
#include <string_view>
#include <vector>

namespace tandem::compat {

/// CAF's type for a byte, in its buffers and in messages.
#if TANDEM_CAF_17
using byte_buffer = std::vector<char>;
#else
using byte_buffer = caf::byte_buffer;
#endif

/// Appends the bytes of `content` to `out`. False, with `out` as it was, if an element's type cannot be serialized.
bool append_bytes(caf::actor_system& system, const caf::message& content, std::string& out);

/// Reads the bytes of append_bytes. False if `in` is anything else, if it names a type that this process does not know,
/// or if it holds an actor of another node and there is no proxies_known.
bool from_bytes(caf::actor_system& system, std::string_view in, caf::message& content);

/// Whether these keep every floating-point number. CAF's main branch changes those that are next to zero, or no number,
/// and nobody else can write what is in its messages.
inline constexpr bool keeps_all_numbers = !TANDEM_HAS_HANDLE_CODEC;

/// While it lives, from_bytes in its thread can make proxies of other nodes' actors. CAF 1.x provides the same while it
/// hands over a message from another node; for CAF 0.17 light_actor does.
class proxies_known {
public:
  /// Null: as if there were no proxies_known. Not owned.
  explicit proxies_known(caf::proxy_registry* proxies);
  proxies_known(const proxies_known&) = delete;
  proxies_known& operator=(const proxies_known&) = delete;
  ~proxies_known();

private:
  caf::proxy_registry* before_;
};

/// CAF's name of the first element of `content` that is an actor, or a list of actors; empty if there is none. Actors
/// inside of other values are not found.
std::string actor_in(const caf::message& content);

} // namespace tandem::compat
