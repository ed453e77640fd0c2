/// A caf::message as bytes and back, for a payload's way between nodes; and what CAF itself sends there.
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

/// What CAF keeps bytes in, in its buffers and in messages.
#if TANDEM_CAF_17
using byte_buffer = std::vector<char>;
#else
using byte_buffer = caf::byte_buffer;
#endif

/// Appends the bytes of `content` to `out`. False, with `out` as it was, if an element's type cannot be serialized.
bool append_bytes(caf::actor_system& system, const caf::message& content, std::string& out);

/// Reads what append_bytes wrote. False if `in` is no such thing or names a type that this process does not know, or if
/// there is an actor of another node in it and no proxies_known.
bool from_bytes(caf::actor_system& system, std::string_view in, caf::message& content);

/// While it lives, from_bytes in its thread can make proxies of other nodes' actors. CAF 1.x has the like while it
/// hands over what came from another node, and for CAF 0.17 light_actor does.
class proxies_known {
public:
  /// Null: as if there were none. Not owned.
  explicit proxies_known(caf::proxy_registry* proxies);
  proxies_known(const proxies_known&) = delete;
  proxies_known& operator=(const proxies_known&) = delete;
  ~proxies_known();

private:
  caf::proxy_registry* before_;
};

/// Whether something in a message, as CAF sends it to a node or by way of another (`is_routed`), says that it is longer
/// than what there is of it, for which CAF 0.17 would set memory aside; needed there only.
bool overstates_length(caf::actor_system& system, std::string_view in, bool is_routed);

/// Whether `in` begins with this name of a node, as CAF writes it.
bool begins_with_node(caf::actor_system& system, std::string_view in, const caf::node_id& node);

/// Whether `in` is what CAF makes of a message that goes to a node by way of another: the names of both ends, and the
/// message, which has to be readable only if it is for this node.
bool is_routed_message(caf::actor_system& system, std::string_view in);

} // namespace tandem::compat
