/// Starting an actor system, its settings, and the few ways of sending that Tandem needs, on both CAF versions.
#pragma once

#include "../../messages/caf/version.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#if !TANDEM_CAF_17
#  include <caf/anon_mail.hpp>
#  include <caf/init_global_meta_objects.hpp>
#endif

#include <chrono>
#include <string>
#include <type_traits>

namespace tandem::compat {

/// The ending of the names of configuration files in the format that this CAF reads.
#if TANDEM_CAF_17
inline constexpr const char* configuration_format = "ini";
#else
inline constexpr const char* configuration_format = "conf";
#endif

/// Makes the types of CAF's core and of the given blocks known. Must run before an actor_system_config is made (CAF
/// 1.x looks at the types there); harmless when it runs again.
template <class... Blocks>
void init_types() {
#if !TANDEM_CAF_17
  caf::core::init_global_meta_objects();
  (caf::init_global_meta_objects<Blocks>(), ...);
#endif
}

/// Makes the types of the blocks known to one configuration; needed by CAF 0.17 only.
template <class... Blocks>
void add_types([[maybe_unused]] caf::actor_system_config& config) {
#if TANDEM_CAF_17
  (config.add_message_types<Blocks>(), ...);
#endif
}

/// Sets a CAF option by its name in CAF 0.17, such as "scheduler.max-threads"; 1.x puts "caf." before it.
template <class T>
void set_option(caf::actor_system_config& config, const std::string& key, T value) {
#if TANDEM_CAF_17
  if constexpr (std::is_convertible_v<T, std::string>) {
    if (key == "scheduler.policy" || key == "middleman.network-backend")
      config.set(key, caf::atom_from_string(std::string{value}));
    else
      config.set(key, std::string{value});
  } else {
    config.set(key, value);
  }
#else
  if constexpr (std::is_convertible_v<T, std::string>)
    config.set("caf." + key, std::string{value});
  else
    config.set("caf." + key, value);
#endif
}

/// The value of a CAF option by its 0.17 name, or `fallback`.
template <class T>
T get_option(const caf::actor_system_config& config, const std::string& key, T fallback) {
#if TANDEM_CAF_17
  return caf::get_or(config, key, fallback);
#else
  return caf::get_or(config, "caf." + key, fallback);
#endif
}

/// True if the user has set this option.
inline bool has_option(const caf::actor_system_config& config, const std::string& key) {
#if TANDEM_CAF_17
  const auto& settings = content(config);
  auto has = [&]<class T>(std::type_identity<T>) { return static_cast<bool>(caf::get_if<T>(&settings, key)); };
  return has(std::type_identity<caf::atom_value>{}) || has(std::type_identity<int64_t>{})
         || has(std::type_identity<std::string>{}) || has(std::type_identity<caf::timespan>{})
         || has(std::type_identity<bool>{});
#else
  return caf::get_if(&content(config), "caf." + key) != nullptr;
#endif
}

/// For an actor that other nodes can send to: refuses messages that it does not expect. CAF would write each of them to
/// standard output.
template <class Self>
void refuse_unexpected(Self* self) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations" // by CAF 1.x, for handlers that cannot refuse
  self->set_default_handler(caf::drop);
#pragma GCC diagnostic pop
}

/// Sends without a sender. Any thread.
template <class Handle, class... Ts>
void anon_send(const Handle& receiver, Ts&&... xs) {
#if TANDEM_CAF_17
  caf::anon_send(receiver, std::forward<Ts>(xs)...);
#else
  caf::anon_mail(std::forward<Ts>(xs)...).send(receiver);
#endif
}

/// Sends after a delay. That cannot be taken back, and on CAF 0.17 it keeps the receiver alive: use it for a coarse
/// tick, never for a timer of an operation.
template <class Handle, class... Ts>
void send_after(std::chrono::nanoseconds delay, const Handle& receiver, Ts&&... xs) {
#if TANDEM_CAF_17
  caf::delayed_anon_send(receiver, delay, std::forward<Ts>(xs)...);
#else
  caf::anon_mail(std::forward<Ts>(xs)...).delay(delay).send(receiver);
#endif
}

/// Sends from an actor (a pointer to it, or a scoped_actor).
template <class Self, class Handle, class... Ts>
void send(Self& self, const Handle& receiver, Ts&&... xs) {
#if TANDEM_CAF_17
  self->send(receiver, std::forward<Ts>(xs)...);
#else
  self->mail(std::forward<Ts>(xs)...).send(receiver);
#endif
}

/// A request from an actor, without a timeout of CAF's (operations have their own; CAF 0.17 gets slow with them).
template <class Self, class Handle, class... Ts>
auto request(Self& self, const Handle& receiver, Ts&&... xs) {
#if TANDEM_CAF_17
  return self->request(receiver, caf::infinite, std::forward<Ts>(xs)...);
#else
  return self->mail(std::forward<Ts>(xs)...).request(receiver, caf::infinite);
#endif
}

/// The same with a timeout.
template <class Self, class Handle, class... Ts>
auto request_within(Self& self, const Handle& receiver, caf::timespan timeout, Ts&&... xs) {
#if TANDEM_CAF_17
  return self->request(receiver, timeout, std::forward<Ts>(xs)...);
#else
  return self->mail(std::forward<Ts>(xs)...).request(receiver, timeout);
#endif
}

/// Calls `f` in the actor `self` with the reason for which `whom` has ended. For one other actor only: CAF 0.17 has one
/// handler for all.
template <class Self, class Function>
void monitor(Self* self, const caf::actor& whom, Function f) {
#if TANDEM_CAF_17
  self->set_down_handler([f](const caf::down_msg& x) { f(x.reason); });
  self->monitor(whom);
#else
  self->monitor(whom, [f](const caf::error& reason) { f(reason); });
#endif
}

} // namespace tandem::compat
