#include "service_input.hpp"

#include "../../messages/json/payload_json.hpp"
#include "../../messages/json/text.hpp"

#include <optional>
#include <stdexcept>

namespace tandem::cli {

namespace {

class one_text final : public consumer {
public:
  one_text(std::string usage, std::function<void(const std::string&)> run)
    : usage_(std::move(usage)), run_(std::move(run)) {
  }

  void consume(payload content) override {
    if (text_)
      throw std::runtime_error{usage_ + ", got a second payload"};
    text_ = text_of(content, usage_);
  }

  void terminate() override {
    if (!text_)
      throw std::runtime_error{usage_ + ", got no payload"};
    run_(*text_);
  }

  void consume_and_terminate(payload content) override {
    consume(std::move(content));
    terminate();
  }

private:
  std::string usage_;
  std::function<void(const std::string&)> run_;
  std::optional<std::string> text_;
};

} // namespace

const std::string& text_of(const payload& content, const std::string& usage) {
  if (const auto* text = payload_as<std::string>(content))
    return *text;
  throw std::runtime_error{usage + ", got " + excerpt(payload_to_json(content))};
}

std::shared_ptr<consumer> take_one_text(std::string usage, std::function<void(const std::string&)> run) {
  return std::make_shared<one_text>(std::move(usage), std::move(run));
}

} // namespace tandem::cli
