/// Runs something in the network thread and waits for it, but not for long (S-PORT-7). Internal to nodes/.
#pragma once

#include "network.hpp"

#include <asio/post.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <utility>

namespace tandem {

/// Runs `f` in the network thread, at once if this is it. True when it has run; false after a second, for somebody may
/// be waiting for this thread there.
template <class Function>
bool run_in(network& where, Function f) {
  const network::return_from_shard back{where};
  if (where.is_here()) {
    f();
    return true;
  }
  auto done = std::make_shared<std::promise<void>>();
  asio::post(where.context(), [done, f = std::move(f)]() mutable {
    f();
    done->set_value();
  });
  return done->get_future().wait_for(std::chrono::seconds(1)) == std::future_status::ready;
}

} // namespace tandem
