/// News to a link's peer, whose functions may be a customer's. Internal.
#pragma once

#include "../../messages/standard_error.hpp"
#include "../../messages/thrown.hpp"

#include <string>

namespace tandem {

/// Calls `f`, which calls the function of this name, of a peer. What it throws costs a line on standard error and no
/// more: whoever tells it has others to tell, and does so in a thread of the network or of CAF.
template <class Function>
void inform(const char* name, Function f) noexcept {
  try {
    f();
  } catch (...) {
    write_to_standard_error(std::string{"`"} + name + "` of a link's peer threw: " + thrown_text());
  }
}

} // namespace tandem
