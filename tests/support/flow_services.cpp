#include "flow_services.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tandem_test {

using namespace tandem;

void pour(const output_consumer& out, uint64_t payloads, std::function<payload()> next) {
  for (; payloads > 0 && out.ready(); --payloads)
    out.consume(next());
  if (payloads > 0)
    out.when_ready([out, payloads, next = std::move(next)] { pour(out, payloads, next); });
  else
    out.terminate();
}

void kept_charges::keep(payload_charge charge) {
  const std::lock_guard lock{mutex_};
  charges_.push_back(std::move(charge));
}

size_t kept_charges::size() const {
  const std::lock_guard lock{mutex_};
  return charges_.size();
}

void kept_charges::let_go(size_t count) {
  std::vector<payload_charge> gone;
  const std::lock_guard lock{mutex_};
  const auto end = charges_.begin() + static_cast<ptrdiff_t>(std::min(count, charges_.size()));
  gone.assign(std::make_move_iterator(charges_.begin()), std::make_move_iterator(end));
  charges_.erase(charges_.begin(), end);
}

void kept_charges::let_go_of_all() {
  let_go(SIZE_MAX);
}

std::shared_ptr<consumer> keeping_consumer(std::shared_ptr<kept_charges> charges, const operation_context& it,
                                           std::function<void()> terminate) {
  return make_consumer([charges = std::move(charges), it](const payload&) { charges->keep(it.take_charge()); },
                       std::move(terminate));
}

std::shared_ptr<servicer> keeping_services(std::shared_ptr<kept_charges> charges) {
  auto result = std::make_shared<method_table>();
  result->add("keep", [charges = std::move(charges)](const operation_context& it, const output_consumer& out) {
    return keeping_consumer(charges, it, [out] { out.terminate(); });
  });
  return result;
}

} // namespace tandem_test
