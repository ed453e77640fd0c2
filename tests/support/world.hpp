/// An actor system with ends in it, for tests that need the real thing.
#pragma once

#include "../../actors/back_end.hpp"
#include "../../actors/front_end.hpp"
#include "../../actors/system.hpp"
#include "../../actors/testing/manual_clock.hpp"
#include "../../actors/testing/settle.hpp"
#include "ticket_builders.hpp"

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tandem_test {

/// An actor system of its own, with few threads.
struct node {
  struct configuration : tandem::system_config {
    configuration();
  };
  configuration config;
  caf::actor_system system{config};
};

/// It does not give up a node of CAF's that says nothing for a second, as those on busy machines do: for links by
/// handle, which nothing resumes.
struct patient_node {
  struct configuration : node::configuration {
    configuration();
  };
  configuration config;
  caf::actor_system system{config};
};

/// Notes about events, in order; any thread writes them, the test waits for them.
class journal {
public:
  void note(std::string what);

  /// All notes, as soon as there are `count`. After a long time it throws, so that a test fails instead of hanging.
  std::vector<std::string> await(size_t count);

  std::vector<std::string> notes() const;

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> notes_;
};

/// Notes "payload", and "." at the end; payloads must be texts.
std::shared_ptr<tandem::consumer> noting_consumer(std::shared_ptr<journal> to);

/// Serves "echo", "hold", which is never answered, "who", which tells the process's id, and "throw", which fails.
std::shared_ptr<tandem::servicer> test_services();

/// The outcome of an operation, when it has come, and the details that its monitors get.
struct ending {
  tandem::outcome value;
  std::string details;
};
std::future<ending> ending_of(const tandem::operation& operation);

/// Waits for it, not for ever.
ending await(std::future<ending> x);

} // namespace tandem_test
