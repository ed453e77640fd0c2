/// A caf::message as bytes and back, for a payload's way between nodes.
#pragma once

#include <caf/fwd.hpp>

#include <string>
#include <string_view>

namespace tandem::compat {

/// Appends the bytes of `content` to `out`. False, with `out` as it was, if an element's type cannot be serialized.
bool append_bytes(caf::actor_system& system, const caf::message& content, std::string& out);

/// Reads what append_bytes wrote. False if `in` is no such thing or names a type that this process does not know.
bool from_bytes(caf::actor_system& system, std::string_view in, caf::message& content);

} // namespace tandem::compat
