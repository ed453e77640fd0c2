/// A servicer that tells about each operation's beginning and end, and leaves the work to another one.
#pragma once

#include "../../actors/servicer.hpp"

#include <functional>
#include <memory>
#include <string>

namespace tandem::cli {

class observed_servicer final : public servicer {
public:
  /// `say` gets one line at a time, from any thread.
  observed_servicer(std::shared_ptr<servicer> inner, std::function<void(const std::string&)> say)
    : inner_(std::move(inner)), say_(std::move(say)) {
  }

  std::shared_ptr<consumer> service(const std::string& name, const operation_context& context,
                                    const output_consumer& output) override;

private:
  std::shared_ptr<servicer> inner_;
  std::function<void(const std::string&)> say_;
};

} // namespace tandem::cli
