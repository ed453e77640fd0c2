/// What customer code throws in tests, and a log that is kept.
#pragma once

#include "../../actors/log.hpp"
#include "world.hpp"

#include <caf/error.hpp>
#include <caf/sec.hpp>

#include <array>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace tandem_test {

struct silent_exception final : std::exception {
  const char* what() const noexcept override {
    return nullptr;
  }
};

/// What customer code throws, and what is said of it.
struct thrown {
  std::function<void()> now;
  std::string text;
};

inline std::array<thrown, 6> all_thrown() {
  return {thrown{[] { throw std::runtime_error{"out of order"}; }, "out of order"},
          thrown{[] { throw silent_exception{}; }, "an exception whose what() is null"},
          thrown{[] { throw std::runtime_error{""}; }, "an exception whose what() is empty"},
          thrown{[] { throw 42; }, "something that is not a std::exception"},
          thrown{[] { throw std::string{"a text"}; }, "something that is not a std::exception"},
          thrown{[] { throw caf::make_error(caf::sec::runtime_error); }, "something that is not a std::exception"}};
}

/// A front and a back whose logs are kept.
struct kept_log {
  std::shared_ptr<journal> lines = std::make_shared<journal>();

  tandem::log_function taker() const {
    return [to = lines](const std::string& x) { to->note(x); };
  }
};

} // namespace tandem_test
