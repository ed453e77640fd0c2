#include "thrown.hpp"

#include <exception>

namespace tandem {

std::string thrown_text() {
  try {
    throw;
  } catch (const std::exception& e) {
    const char* text = e.what();
    if (text == nullptr)
      return "an exception whose what() is null";
    return *text != '\0' ? text : "an exception whose what() is empty";
  } catch (...) {
    return "something that is not a std::exception";
  }
}

} // namespace tandem
