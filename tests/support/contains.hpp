/// Whether a text has another in it.
#pragma once

#include <string>

namespace tandem_test {

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace tandem_test
