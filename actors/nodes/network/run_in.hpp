/// Runs something in the network thread and waits for it, but not for long (S-PORT-7). Internal to nodes/.
#pragma once

#include "network.hpp"

#include <asio/post.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <utility>

namespace tandem {

/// Runs `f` in the network thread, at once if this is it. Returns when it has run, or after a second: somebody may be
/// waiting for this thread there.
template <class Function>
void run_in(network& where, Function f) {
  if (where.is_here())
    return f();
  auto done = std::make_shared<std::promise<void>>();
  asio::post(where.context(), [done, f = std::move(f)]() mutable {
    f();
    done->set_value();
  });
  done->get_future().wait_for(std::chrono::seconds(1));
}

} // namespace tandem
