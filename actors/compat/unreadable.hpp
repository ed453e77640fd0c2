/// What becomes of a message that CAF cannot read when it arrives at another node, for example because it does not know
/// a type in it: CAF 0.17 hands an empty message to its receiver, CAF 1.x tells its sender.
#pragma once

#include "light_actor.hpp"

#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

namespace tandem::compat {

/// At the receiver: this came in the place of a message that could not be read.
inline bool was_unreadable([[maybe_unused]] const caf::message& content) {
#if TANDEM_CAF_17
  return content.empty();
#else
  return false;
#endif
}

/// At the sender: this says that a message of its own could not be read. It comes without a sender.
inline bool says_unreadable([[maybe_unused]] const envelope& what) {
#if TANDEM_CAF_17
  return false;
#else
  return what.sender == nullptr && what.content.size() == 1 && what.content.match_element<caf::error>(0)
         && what.content.get_as<caf::error>(0) == caf::make_error(caf::sec::malformed_message);
#endif
}

} // namespace tandem::compat
