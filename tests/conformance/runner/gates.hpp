/// Where customer code blocks until a step lets it go on.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace tandem::conformance {

/// Any thread.
class gates {
public:
  /// True if the gate is open. If not, `go_on` is called when it opens.
  bool pass(const std::string& name, std::function<void()> go_on) {
    std::lock_guard guard{mutex_};
    auto& x = gates_[name];
    if (!x.open && !all_open_)
      x.waiting.push_back(std::move(go_on));
    return x.open || all_open_;
  }

  /// From now on the gate is open.
  void open(const std::string& name) {
    std::vector<std::function<void()>> waiting;
    {
      std::lock_guard guard{mutex_};
      gates_[name].open = true;
      waiting.swap(gates_[name].waiting);
    }
    for (auto& go_on : waiting)
      go_on();
  }

  /// A scenario that failed half-way must not leave threads behind.
  void open_all() {
    std::vector<std::string> names;
    {
      std::lock_guard guard{mutex_};
      all_open_ = true;
      for (const auto& [name, x] : gates_)
        names.push_back(name);
    }
    for (const auto& name : names)
      open(name);
  }

private:
  struct gate {
    bool open = false;
    std::vector<std::function<void()>> waiting;
  };

  std::mutex mutex_;
  std::map<std::string, gate> gates_;
  bool all_open_ = false;
};

} // namespace tandem::conformance
