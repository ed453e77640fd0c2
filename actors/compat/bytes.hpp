/// A caf::message as bytes and back, for a payload's way between nodes; and what CAF itself sends there.
#pragma once

#include <caf/fwd.hpp>

#include <string>
#include <string_view>

namespace tandem::compat {

/// Appends the bytes of `content` to `out`. False, with `out` as it was, if an element's type cannot be serialized.
bool append_bytes(caf::actor_system& system, const caf::message& content, std::string& out);

/// Reads what append_bytes wrote. False if `in` is no such thing or names a type that this process does not know.
bool from_bytes(caf::actor_system& system, std::string_view in, caf::message& content);

/// Whether `in` begins with this name of a node, as CAF writes it.
bool begins_with_node(caf::actor_system& system, std::string_view in, const caf::node_id& node);

/// Whether `in` is what CAF makes of a message that goes to a node by way of another: the names of both ends, and the
/// message, which has to be readable only if it is for this node.
bool is_routed_message(caf::actor_system& system, std::string_view in);

} // namespace tandem::compat
