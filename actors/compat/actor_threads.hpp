/// Which threads are CAF's: those run actors, and code that runs there must not wait for anything.
#pragma once

#include "../../messages/caf/version.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/thread_hook.hpp>

namespace tandem::compat {

namespace detail {

inline thread_local bool is_actor_thread = false;

class actor_thread_marker final : public caf::thread_hook {
public:
  void init(caf::actor_system&) override {
  }
#if TANDEM_CAF_17
  void thread_started() override {
    is_actor_thread = true;
  }
#else
  void thread_started(caf::thread_owner) override {
    is_actor_thread = true;
  }
#endif
  void thread_terminates() override {
  }
};

} // namespace detail

/// From now on is_actor_thread() knows the threads of actor systems with this configuration.
inline void mark_actor_threads(caf::actor_system_config& config) {
  config.add_thread_hook<detail::actor_thread_marker>();
}

/// Whether the calling thread is one that such an actor system has started.
inline bool is_actor_thread() noexcept {
  return detail::is_actor_thread;
}

} // namespace tandem::compat
