/// CAF's networking: what it needs before a configuration is made, publishing, and connecting, with and without TLS.
#pragma once

#include <tandem/actors/compat/version.hpp>

#include <tandem/actors/compat/system.hpp>

#include <caf/actor_cast.hpp>
#include <caf/expected.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>
#if TANDEM_WITH_TLS
#  include <caf/openssl/manager.hpp>
#  include <caf/openssl/publish.hpp>
#endif

#include <cstdint>
#include <string>
#include <utility>

namespace tandem::compat {

/// Whether this CAF answers a message from another node that it cannot read, without looking whether it has a sender.
inline constexpr bool answers_unreadable_messages = !TANDEM_CAF_17;

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

/// Asks CAF's middleman, from an actor (a pointer to it, or a scoped_actor), for the actor published at `host` and
/// `port`; the answer is (caf::node_id, caf::strong_actor_ptr, std::set<std::string>), the pointer null if nothing is
/// published there.
template <class Self>
auto request_connection(Self&& self, const std::string& host, uint16_t port, bool tls) {
  const auto middleman = middleman_of(self->system(), tls);
#if TANDEM_CAF_17
  return request(self, middleman, caf::connect_atom::value, host, port);
#else
  return request(self, middleman, caf::connect_atom_v, host, port);
#endif
}

/// The same from a scoped_actor, which gets caf::sec::request_timeout if there is no answer in time.
inline auto request_connection_within(caf::scoped_actor& self, const std::string& host, uint16_t port, bool tls,
                                      caf::timespan timeout) {
  const auto middleman = middleman_of(self->system(), tls);
#if TANDEM_CAF_17
  return request_within(self, middleman, timeout, caf::connect_atom::value, host, port);
#else
  return request_within(self, middleman, timeout, caf::connect_atom_v, host, port);
#endif
}

/// Publishes `what` at `port`, or at any free one if that is 0, of the machine's `address`, null for all of them. The
/// port is taken even if connections of an earlier process there still linger.
inline caf::expected<uint16_t> publish(caf::actor_system& system, const caf::actor& what, uint16_t port,
                                       const char* address, [[maybe_unused]] bool tls) {
#if TANDEM_WITH_TLS
  if (tls)
    return caf::openssl::publish(what, port, address, true);
#endif
  return system.middleman().publish(what, port, address, true);
}

/// Takes back publish(). By hand, since caf::openssl::unpublish does not compile on either version.
inline void unpublish(caf::actor_system& system, const caf::actor& what, uint16_t port, bool tls) {
  caf::scoped_actor self{system};
#if TANDEM_CAF_17
  auto answer = request(self, middleman_of(system, tls), caf::unpublish_atom::value, what.address(), port);
#else
  auto answer = request(self, middleman_of(system, tls), caf::unpublish_atom_v, what.address(), port);
#endif
  std::move(answer).receive([] {}, [](const caf::error&) {});
}

} // namespace tandem::compat
