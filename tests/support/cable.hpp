/// A cable between this machine and a back in a network of its own, which can be pulled out: then packets are lost, and
/// neither side is told.
#pragma once

#include "far_process.hpp"

#include <memory>
#include <string>

namespace tandem_test {

/// Needs root, and a kernel with network namespaces. The namespace goes with the back's process, and the cable with it,
/// however the test ends.
class cable {
public:
  /// Lays a cable to a new back. Null if that is impossible; the running test case is skipped then, and has to return.
  static std::unique_ptr<cable> lay(std::chrono::milliseconds window);

  /// The address of the back.
  const std::string& address() const {
    return far_address_;
  }

  uint16_t port() const {
    return back_.port;
  }

  void pull_out();
  void plug_in();

private:
  explicit cable(std::chrono::milliseconds window);
  void at_far_end(const std::string& arguments_of_ip) const;

  far_process back_;
  std::string near_end_;
  std::string far_end_;
  std::string near_address_;
  std::string far_address_;
};

} // namespace tandem_test
