/// The stand-in for a payload where its type is not known.
#pragma once

#include <cstdint>
#include <string>

namespace tandem {

/// Stands for a payload whose type this process cannot read from JSON, so that it can read the rest of the ticket.
struct opaque_payload {
  std::string type;
  uint64_t size = 0;

  friend bool operator==(const opaque_payload&, const opaque_payload&) = default;
};

} // namespace tandem
