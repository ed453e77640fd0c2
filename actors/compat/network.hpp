/// CAF's networking: preparing it before a configuration is made, publishing, and connecting, with and without TLS.
#pragma once

#include "../../messages/caf/version.hpp"

#include "network/guarded_connection.hpp"
#include "system.hpp"

#include <caf/actor_cast.hpp>
#include <caf/expected.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>
#include <caf/sec.hpp>
#if TANDEM_WITH_TLS
#  include <caf/openssl/manager.hpp>
#  include <caf/openssl/publish.hpp>
#endif

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>

namespace tandem::compat {

/// Whether this CAF answers a message from another node that it cannot read, without looking whether it has a sender.
inline constexpr bool answers_unreadable_messages = !TANDEM_CAF_17;

#if TANDEM_CAF_17
inline constexpr auto connect_atom = caf::connect_atom::value;
inline constexpr auto publish_atom = caf::publish_atom::value;
inline constexpr auto unpublish_atom = caf::unpublish_atom::value;
inline constexpr auto basp_broker_name = caf::atom("BASP");
#else
inline constexpr auto connect_atom = caf::connect_atom_v;
inline constexpr auto publish_atom = caf::publish_atom_v;
inline constexpr auto unpublish_atom = caf::unpublish_atom_v;
inline constexpr auto basp_broker_name = "BASP";
#endif

/// Makes the types of CAF's middleman known; needed by CAF 1.x only. As init_types.
inline void init_network_types() {
#if !TANDEM_CAF_17
  caf::io::middleman::init_global_meta_objects();
#endif
}

/// CAF's actor that makes connections. With `tls`, that of its openssl module, which must be loaded.
inline caf::actor middleman_of(caf::actor_system& system, [[maybe_unused]] bool tls) {
#if TANDEM_WITH_TLS
  if (tls)
    return caf::actor_cast<caf::actor>(system.openssl_manager().actor_handle());
#endif
  return caf::actor_cast<caf::actor>(system.middleman().actor_handle());
}

/// Whether a connection that CAF could not make may be possible all the same, so that it is worth another attempt, when
/// it has been tried for so long already. The caller's timeout decides about a peer that really says nothing.
inline bool is_worth_another_attempt(const caf::error& reason, bool tls, std::chrono::nanoseconds tried) {
  // CAF counts a new connection as silent since the beginning of time, and gives it up when its heartbeat falls before
  // the other side's first word.
  if (reason == caf::make_error(caf::sec::connection_timeout))
    return true;
  // A node that does not know yet that the last connection broke refuses another (network/guarded_connection.cpp). It
  // may have to miss heartbeats first: CAF 1.x hears of a connection's end by a message to itself, and if another one
  // has got the same descriptor meanwhile, it forgets that one, but leaves it open.
  constexpr auto until_missed = std::chrono::seconds(2);
  return reason == caf::make_error(caf::sec::disconnect_during_handshake) && !tls && tried < until_missed;
}

/// Asks CAF's middleman, from an actor (a pointer to it, or a scoped_actor), for the actor published at `host` and
/// `port`; the answer is (caf::node_id, caf::strong_actor_ptr, std::set<std::string>), the pointer null if nothing is
/// published there.
template <class Self>
auto request_connection(Self&& self, const std::string& host, uint16_t port, bool tls) {
  const auto middleman = middleman_of(self->system(), tls);
  return request(self, middleman, connect_atom, host, port);
}

/// The same from a scoped_actor, which gets caf::sec::request_timeout if there is no answer in time.
inline auto request_connection_within(caf::scoped_actor& self, const std::string& host, uint16_t port, bool tls,
                                      caf::timespan timeout) {
  const auto middleman = middleman_of(self->system(), tls);
  return request_within(self, middleman, timeout, connect_atom, host, port);
}

/// Publishes `what` at a port. For the arguments see listen() in network/guarded_connection.hpp, which has the guards
/// and their log; with `tls`, CAF's openssl module listens instead.
inline caf::expected<uint16_t> publish(caf::actor_system& system, const caf::actor& what, uint16_t port,
                                       const char* address, [[maybe_unused]] bool tls,
                                       std::function<void(const std::string&)> log) {
#if TANDEM_WITH_TLS
  if (tls)
    return caf::openssl::publish(what, port, address, true);
#endif
  auto doorman = listen(system, port, address, std::move(log));
  if (!doorman)
    return std::move(doorman.error());
  const auto result = (*doorman)->port();
  const auto broker = system.middleman().named_broker<caf::io::basp_broker>(basp_broker_name);
  compat::anon_send(broker, publish_atom, std::move(*doorman), result, caf::actor_cast<caf::strong_actor_ptr>(what),
                    std::set<std::string>{});
  return result;
}

/// Takes back publish(), with TLS or without: every port is the same broker's.
inline void unpublish(caf::actor_system& system, const caf::actor& what, uint16_t port) {
  caf::scoped_actor self{system};
  auto answer = request(self, middleman_of(system, false), unpublish_atom, what.address(), port);
  std::move(answer).receive([] {}, [](const caf::error&) {});
}

} // namespace tandem::compat
