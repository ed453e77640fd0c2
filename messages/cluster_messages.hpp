/// The messages that make a link by handle (PROTOCOL.md, "Links by handle"). Tickets then travel as messages of their
/// own types.
#pragma once

#include <caf/actor.hpp>

#include <cstdint>
#include <string>

namespace tandem {

/// The version of S-CLUSTER that this side speaks.
inline constexpr uint32_t cluster_version = 1;

/// To a gateway, as a request: make a link (S-CLUSTER-1).
struct open_link {
  uint32_t version = 0; ///< cluster_version
  std::string node;     ///< the front's node, for people
  caf::actor link;      ///< takes the back-to-front tickets of this link
};

/// The answer to `open_link`.
struct link_opened {
  std::string node; ///< the back's node, for people
  caf::actor link;  ///< takes the front-to-back tickets of this link
};

/// To the front's side: the back is draining. The answer of that side is the same (S-CLUSTER-7).
struct drain_link {};

/// To the other side's actor, after the last tickets: no more come (S-CLUSTER-4). It ends in turn.
struct end_link {
  std::string details; ///< why, for people; may be empty
};

} // namespace tandem
