/// The actor that a node of CAF's cluster publishes, with a limit of time: CAF's own middleman::remote_actor waits as
/// long as it takes.
#pragma once

#include "system.hpp"

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/expected.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>
#include <caf/sec.hpp>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>

namespace tandem::compat {

/// The actor that CAF's middleman has published at `host` and `port`. The error caf::sec::request_timeout says that
/// there was no answer in time. Blocks the calling thread, which must not be an actor's.
inline caf::expected<caf::actor> remote_actor(caf::actor_system& system, const std::string& host, uint16_t port,
                                              caf::timespan timeout) {
#if TANDEM_CAF_17
  constexpr auto connect = caf::connect_atom::value;
#else
  constexpr auto connect = caf::connect_atom_v;
#endif
  const auto until = std::chrono::steady_clock::now() + timeout;
  const auto middleman = caf::actor_cast<caf::actor>(system.middleman().actor_handle());
  caf::expected<caf::actor> result{caf::make_error(caf::sec::request_timeout)};
  for (;;) {
    const caf::timespan left = until - std::chrono::steady_clock::now();
    if (left <= caf::timespan::zero())
      return result;
    caf::scoped_actor self{system};
    request_within(self, middleman, left, connect, host, port)
      .receive(
        [&](const caf::node_id&, const caf::strong_actor_ptr& found, const std::set<std::string>&) {
          if (found)
            result = caf::actor_cast<caf::actor>(found);
          else
            result = caf::make_error(caf::sec::no_actor_published_at_port);
        },
        [&](const caf::error& reason) { result = reason; });
    // CAF counts a new connection as silent since the beginning of time, and gives it up when its heartbeat falls
    // before the other side's first word.
    if (result || result.error() != caf::make_error(caf::sec::connection_timeout))
      return result;
  }
}

} // namespace tandem::compat
