#include "thrown.hpp"

#include <exception>

namespace tandem {

std::string thrown_text() {
  try {
    throw;
  } catch (const std::exception& e) {
    const char* text = e.what();
    return text != nullptr ? text : "an exception whose what() is null";
  } catch (...) {
    return "something that is not a std::exception";
  }
}

} // namespace tandem
