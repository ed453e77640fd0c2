/// What handles do that were moved from: the same everywhere. Internal.
#pragma once

#include <stdexcept>
#include <string>

namespace tandem {

/// What a handle's pointer points to. Throws std::logic_error if the handle, `what`, was moved from.
template <class Pointer>
auto& held_by(const Pointer& pointer, const char* what) {
  if (!pointer)
    throw std::logic_error{std::string{"this "} + what + " was moved from"};
  return *pointer;
}

} // namespace tandem
