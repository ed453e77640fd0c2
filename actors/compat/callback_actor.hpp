/// An address for something that is not an actor itself: an end, or the far side of a connection. It hands each message
/// to a function at once, in the sender's thread.
#pragma once

#include "light_actor.hpp"

#include <functional>
#include <utility>

namespace tandem {

class callback_actor final : public compat::light_actor {
public:
  /// `receive` must be quick, thread-safe and must not throw. `name` must be a literal.
  callback_actor(caf::actor_config& config, const char* name, std::function<void(compat::envelope)> receive)
    : light_actor(config), name_(name), receive_(std::move(receive)) {
  }

  const char* name() const override {
    return name_;
  }

protected:
  void receive(compat::envelope what) override {
    receive_(std::move(what));
  }

private:
  const char* name_;
  std::function<void(compat::envelope)> receive_;
};

/// True if `content` is exactly one T.
template <class T>
bool is_message(const caf::message& content) {
  return content.size() == 1 && content.match_element<T>(0);
}

} // namespace tandem
