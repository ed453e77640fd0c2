/// A text that is hardly ever there, in the room of a pointer: tickets are moved so often that a std::string in each of
/// them would cost a tenth of what a streamed payload takes.
///
///     ticket.fault = "its payload has an unknown type";
///     if (!ticket.fault.empty())
///       return ticket.fault.text();
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace tandem {

class fault {
public:
  fault() = default;
  fault(std::string text) : text_(text.empty() ? nullptr : std::make_unique<std::string>(std::move(text))) {
  }
  fault(const char* text) : fault(std::string{text}) {
  }

  fault(const fault& other) : text_(other.text_ ? std::make_unique<std::string>(*other.text_) : nullptr) {
  }
  fault(fault&&) noexcept = default;
  fault& operator=(const fault& other) {
    return *this = fault{other};
  }
  fault& operator=(fault&&) noexcept = default;
  ~fault() = default;

  bool empty() const noexcept {
    return text_ == nullptr;
  }

  std::string text() const {
    return text_ ? *text_ : std::string{};
  }

private:
  std::unique_ptr<std::string> text_; // null: none
};

} // namespace tandem
