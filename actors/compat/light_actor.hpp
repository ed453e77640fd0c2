/// A real CAF actor without a mailbox and a schedule of its own: it has an address, and can be monitored, linked and
/// sent to, but each message is handed at once to `receive`, in the sender's thread. So it is several times cheaper
/// than a spawned actor (no scheduler run for each message), and every operation can be one.
///
/// This relies on a few CAF internals; they are all in this file and light_actor.cpp, and
/// tests/actors/light_actor_test.cpp tests them on both versions.
#pragma once

#include "../../messages/caf/version.hpp"
#include "light_ptr.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/make_actor.hpp>
#include <caf/message.hpp>
#include <caf/message_id.hpp>
#if TANDEM_CAF_17
#  include <caf/monitorable_actor.hpp>
#else
#  include <caf/scheduler.hpp>
#endif

#include <memory>
#include <utility>

namespace tandem::compat {

/// A message on its way to a light actor.
struct envelope {
  caf::strong_actor_ptr sender; ///< null if the message was sent anonymously
  caf::message_id id;           ///< tells requests from other messages
  caf::message content;
};

/// Answers `request`; does nothing if it is not a request. `self` becomes the sender. Any thread.
void respond(const envelope& request, caf::strong_actor_ptr self, caf::message answer);

/// Sends `content` to `receiver` with `sender` as its sender, which may be null. Any thread.
void deliver(const caf::strong_actor_ptr& receiver, caf::strong_actor_ptr sender, caf::message content);

class light_actor
#if TANDEM_CAF_17
  : public caf::monitorable_actor
#else
  : public caf::abstract_actor
#endif
{
public:
#if TANDEM_CAF_17
  using super = caf::monitorable_actor;
  using host_type = caf::execution_unit;
  using enqueue_result = void;
#else
  using super = caf::abstract_actor;
  using host_type = caf::scheduler;
  using enqueue_result = bool;
#endif

  explicit light_actor(caf::actor_config& config) : super(config) {
  }

  /// CAF hands over a message. Any thread.
  enqueue_result enqueue(caf::mailbox_element_ptr element, host_type* host) override;
#if TANDEM_CAF_17
  using super::enqueue;
#endif

  /// Ends this actor: every monitor and link gets `reason`. Only the first call has an effect. Any thread.
  void end(caf::error reason);

  /// This actor as a pointer that keeps it alive.
  caf::strong_actor_ptr strong() {
    return caf::strong_actor_ptr{ctrl()};
  }

  const char* name() const override = 0;

protected:
  /// Takes a message, in the sender's thread; must be quick, thread-safe and must not throw. An exit message comes as
  /// a message holding caf::exit_msg, a down message as caf::down_msg.
  virtual void receive(envelope what) = 0;

  /// The last handle is gone.
  virtual void unreachable() {
  }

#if TANDEM_CAF_17
public:
  void on_destroy() override;
#else
  void on_unreachable() override;

public:
  // Pure virtual in some 1.x releases, absent from others: plain virtuals serve both.
  void setup_metrics() {
  }
  virtual void force_close_mailbox() {
  }
  virtual bool try_force_close_mailbox() {
    return true;
  }
#endif
};

/// Makes a light actor of class T, a subclass of light_actor with a constructor (caf::actor_config&, Args...).
template <class T, class... Args>
light_ptr<T> make_light_actor(caf::actor_system& system, Args&&... args) {
  // The main branch wants spawn options first. A template parameter, so that the other branch need not compile.
  auto config = []<class Config = caf::actor_config> {
    if constexpr (requires { Config{nullptr}; })
      return Config{nullptr};
    else
      return Config{caf::no_spawn_options, nullptr};
  }
  ();
  auto handle = caf::make_actor<T, caf::strong_actor_ptr>(system.next_actor_id(), system.node(), &system, config,
                                                          std::forward<Args>(args)...);
  return light_ptr<T>{static_cast<T*>(handle->get())};
}

/// The handle of a light actor, as CAF code passes it around.
inline caf::actor handle_of(light_actor& x) {
  return caf::actor_cast<caf::actor>(x.strong());
}

} // namespace tandem::compat
