/// Who is at the other side of a link: a back to a front (node_link::other_side), a front to a back
/// (operation_context::peer).
///
///     services->add("who am I", [](const operation_context& x, const output_consumer& out) {
///       out.consume_and_terminate(make_payload(x.peer().identity));
///       return make_consumer({});
///     });
#pragma once

#include <cstdint>
#include <string>

namespace tandem {

/// All of it is empty in one process, and all but the name over a link by handle.
struct node_description {
  std::string node = {};     ///< its name, as it says itself, for people
  std::string address = {};  ///< "192.0.2.1:4242"
  std::string identity = {}; ///< what it has proved to be: the names in its certificate, or a user of this machine
  uint64_t operations = 0;   ///< how many operations a back runs, or a front may have there, at a time; 0: no limit
  /// About how many bytes of payloads a front's operations may hold there together (S-FLOW-16); 0: no limit.
  uint64_t waiting_bytes = 0;
};

/// In short, for people: the name, and the identity if there is one.
inline std::string to_string(const node_description& x) {
  return x.identity.empty() ? x.node : x.node + " (" + x.identity + ")";
}

} // namespace tandem
