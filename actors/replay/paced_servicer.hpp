/// Services whose output goes out when a script says so, and not when they make it, and whose calls end when it says so
/// where that matters. Internal to replay.
#pragma once

#include "../servicer.hpp"
#include "held_calls.hpp"

#include <caf/actor_system.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace tandem {

class paced_operation;

class paced_servicer final : public servicer, public std::enable_shared_from_this<paced_servicer> {
public:
  paced_servicer(caf::actor_system& system, std::shared_ptr<servicer> services, std::shared_ptr<held_calls> held);
  ~paced_servicer() override;

  std::shared_ptr<consumer> service(const std::string& name, const operation_context& context,
                                    const output_consumer& output) override;

  /// Lets the next waiting call of the operation's output through. False if none waits.
  bool release(const operation_id& operation);

  /// Lets through all calls that wait, and from now on all that come.
  void release_all(const operation_id& operation);

  /// Lets the other side send so many payloads more.
  void allow(const operation_id& operation, uint64_t payloads);

  /// The operation's outcome; nothing if it has not ended, or never reached the services.
  std::optional<outcome> ended(const operation_id& operation) const;

private:
  compat::light_ptr<paced_operation> find(const operation_id& operation) const;

  caf::actor_system& system_;
  std::shared_ptr<servicer> services_;
  std::shared_ptr<held_calls> held_;
  mutable std::mutex mutex_;
  std::map<operation_id, compat::light_ptr<paced_operation>> operations_;
  std::map<operation_id, outcome> ended_;
};

} // namespace tandem
