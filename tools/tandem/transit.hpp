/// Keeps customer code that sends a lot from queueing it all: the code waits until the link has taken its earlier
/// payloads, all but a small window.
///
///     auto counts = std::make_shared<transit>();
///     join_links(front.link(), std::make_shared<transit_link>(counts, transit_link::side::front), connection);
///     counts->watch(operation.context());
///     while (counts->await_room(id, given))
///       ++given, output.consume(...);
///
/// It bounds the payloads that wait on this side of the link. It does not bound those in the link itself, the network,
/// and the other side: the protocol has no flow control.
#pragma once

#include "../../actors/links/relay_link.hpp"
#include "../../actors/operation_context.hpp"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace tandem::cli {

/// Counts payloads by operation. Any thread.
class transit : public std::enable_shared_from_this<transit> {
public:
  /// How many payloads of an operation may be given and not yet taken by the link.
  static constexpr uint64_t window = 256;

  /// Counts this operation's payloads from now on, until its end.
  void watch(const operation_context& operation);

  /// Blocks until fewer than `window` of the `given` payloads have not been taken. False if the operation has ended:
  /// there is no reason to go on.
  bool await_room(const operation_id& operation, uint64_t given);

  /// False if the operation's front takes no results, so that none need be made (S-SEND-6). As long as the operation is
  /// watched.
  bool wants_results(const operation_id& operation) const;

  // -- for the link ---------------------------------------------------------------------------

  void taken(const operation_id& operation);
  void begins_without_results(const operation_id& operation);

private:
  void forget(const operation_id& operation);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<operation_id, uint64_t> taken_;
  std::unordered_set<operation_id> without_results_;
};

/// Tells a transit about the payloads that pass from its own side, and at the back which operations want no results.
class transit_link final : public relay_link {
public:
  enum class side { front, back };

  transit_link(std::shared_ptr<transit> counts, side at) : counts_(std::move(counts)), at_(at) {
  }

protected:
  void intercept(std::vector<front_to_back_ticket>& tickets) override;
  void intercept(std::vector<back_to_front_ticket>& tickets) override;

private:
  std::shared_ptr<transit> counts_;
  side at_;
};

} // namespace tandem::cli
