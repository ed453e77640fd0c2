/// The actors of the plain CAF baseline, as one would write them by hand for this one purpose.
#pragma once

#include "caf_messages.hpp"
#include "meter.hpp"

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>

#include <atomic>
#include <mutex>
#include <vector>

namespace tandem::bench::caf_baseline {

/// Starts operations: at the beginning from outside, then from the front actor of each that has ended, in its thread,
/// which spares a message to a driving actor.
class unary_driver {
public:
  /// Without a factory, both actors of an operation are spawned in this process.
  unary_driver(meter& progress, int in_flight, caf::actor factory = {});

  /// Starts as many as may be open at a time.
  void start(caf::actor_system& system);

  /// Called by a front actor as the last thing it does. The next operation takes over its slot.
  void ended(caf::event_based_actor& front, meter::clock::time_point begin, int slot);

  /// Called by the front of a remote operation before it sends anything. False if it must not begin any more.
  bool opened(caf::actor front, int slot);

  /// Called instead of ended() by a front that was told to exit.
  void lost();

  /// Tells the fronts of all remote operations to exit, since nobody will answer them.
  void stop();

private:
  template <class Spawner>
  void launch(Spawner& spawner, int slot);

  meter& progress_;
  const int in_flight_;
  const caf::actor factory_;
  std::atomic<uint64_t> next_operation_ = 1;

  std::mutex mutex_;
  bool stopped_ = false;
  std::vector<caf::actor> open_fronts_;
};

/// Answers one ticket and ends.
class back_operation : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override;
};

/// Sends one ticket to its back and ends with the answer.
class front_operation : public caf::event_based_actor {
public:
  front_operation(caf::actor_config& cfg, unary_driver& driver, meter::clock::time_point begin, int slot,
                  uint64_t operation, caf::actor back);

  caf::behavior make_behavior() override;

private:
  unary_driver& driver_;
  const meter::clock::time_point begin_;
  const int slot_;
  const uint64_t operation_;
  const caf::actor back_;
};

/// The same with a back that the factory on the other node has to spawn first.
class remote_front_operation : public caf::event_based_actor {
public:
  remote_front_operation(caf::actor_config& cfg, unary_driver& driver, meter::clock::time_point begin, int slot,
                         uint64_t operation, caf::actor factory);

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  unary_driver& driver_;
  const meter::clock::time_point begin_;
  const int slot_;
  const uint64_t operation_;
  const caf::actor factory_;
  bool answered_ = false;
};

/// Answers the one ticket of a front on another node and ends.
class remote_back_operation : public caf::event_based_actor {
public:
  remote_back_operation(caf::actor_config& cfg, caf::actor front);

  caf::behavior make_behavior() override;

private:
  const caf::actor front_;
};

/// The actor that the server publishes.
class factory : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override;
};

/// The back of a stream: returns every ticket.
class echo_actor : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override;
};

/// The front of a stream: waits for the handle of its back, then keeps a window of tickets under way, and ends the back
/// with itself.
class stream_actor : public caf::event_based_actor {
public:
  stream_actor(caf::actor_config& cfg, meter& progress);

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  void send_next();

  meter& progress_;
  caf::actor back_;
  uint32_t sent_ = 0;
  bool complete_ = false;
};

} // namespace tandem::bench::caf_baseline
