/// Producers and services for tests of flow control.
#pragma once

#include "../../actors/consumer.hpp"
#include "../../actors/operation_context.hpp"
#include "../../actors/servicer.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace tandem_test {

/// Sends so many payloads, each made by `next`, at the pace of who gets them, and then the end.
void pour(const tandem::output_consumer& out, uint64_t payloads, std::function<tandem::payload()> next);

/// Charges that are kept, oldest first. To let go of one may bring the next payload, in any thread, so they go outside
/// of the lock.
class kept_charges {
public:
  void keep(tandem::payload_charge charge);
  size_t size() const;
  void let_go(size_t count); ///< of the oldest
  void let_go_of_all();

private:
  mutable std::mutex mutex_;
  std::vector<tandem::payload_charge> charges_;
};

/// Takes charge of each payload of an operation and keeps it.
std::shared_ptr<tandem::consumer> keeping_consumer(std::shared_ptr<kept_charges> charges,
                                                   const tandem::operation_context& it,
                                                   std::function<void()> terminate = {});

/// "keep" keeps the charges of what it is sent, and ends when its front does.
std::shared_ptr<tandem::servicer> keeping_services(std::shared_ptr<kept_charges> charges);

} // namespace tandem_test
