/// The backs' side of several links as one, to try a balanced link by the link suite.
#pragma once

#include "../../actors/links/relay_link.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace tandem_test {

/// Each ticket goes back the way that its operation came.
class ways_back final : public tandem::fore_peer, public std::enable_shared_from_this<ways_back> {
public:
  /// `patience`: how long to wait for an operation that is to come. One that does not takes the first way.
  explicit ways_back(tandem::duration patience = {}) : patience_(patience) {
  }

  /// A link for one of the links to be joined to; kept as long as this is.
  std::shared_ptr<tandem::duplex_link> add_way();

  /// All ways lead to this back.
  void join_rear_link(const std::shared_ptr<tandem::rear_peer>& back);

  std::vector<tandem::refusal> accept(std::vector<tandem::back_to_front_ticket>&& tickets) override;

private:
  class way;

  way& way_of(const tandem::operation_id& operation);

  tandem::duration patience_;
  std::mutex mutex_; // for all below
  std::condition_variable came_;
  std::vector<std::shared_ptr<way>> ways_;
  std::shared_ptr<tandem::rear_peer> back_;
  std::map<tandem::operation_id, way*> of_operation_;
};

} // namespace tandem_test
