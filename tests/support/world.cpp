#include "world.hpp"
#include "test_types.hpp"

#include <chrono>
#include <stdexcept>

#include <unistd.h>

namespace tandem_test {

using namespace tandem;

namespace {

constexpr auto patience = std::chrono::seconds(60);

} // namespace

node::configuration::configuration() {
  add_block<caf::id_block::tandem_test>();
  compat::set_option(*this, "scheduler.max-threads", int64_t{3});
}

patient_node::configuration::configuration() {
  compat::set_option(*this, "middleman.connection-timeout", caf::timespan{std::chrono::minutes(10)});
}

void journal::note(std::string what) {
  std::lock_guard guard{mutex_}; // also while notifying: the thread that waits may be about to destroy this
  notes_.push_back(std::move(what));
  changed_.notify_all();
}

std::vector<std::string> journal::await(size_t count) {
  std::unique_lock lock{mutex_};
  if (!changed_.wait_for(lock, patience, [&] { return notes_.size() >= count; }))
    throw std::runtime_error{"a journal has " + std::to_string(notes_.size()) + " notes, not " + std::to_string(count)};
  return notes_;
}

std::vector<std::string> journal::notes() const {
  std::lock_guard guard{mutex_};
  return notes_;
}

std::shared_ptr<consumer> noting_consumer(std::shared_ptr<journal> to) {
  return make_consumer([to](payload x) { to->note(*payload_as<std::string>(x)); }, [to] { to->note("."); });
}

std::shared_ptr<servicer> test_services() {
  auto result = std::make_shared<method_table>();
  result->add("echo", [](const operation_context&, const output_consumer& out) {
    return make_consumer([out](payload x) { out.consume(std::move(x)); }, [out] { out.terminate(); });
  });
  result->add("hold", [](const operation_context&, const output_consumer&) { return make_consumer({}); });
  result->add("who", [](const operation_context&, const output_consumer& out) {
    return make_consumer({}, [out] { out.consume_and_terminate(text(std::to_string(::getpid()))); });
  });
  result->add("throw", [](const operation_context&, const output_consumer&) -> std::shared_ptr<consumer> {
    throw std::runtime_error{"as it was told"};
  });
  return result;
}

std::future<ending> ending_of(const operation& operation) {
  auto result = std::make_shared<std::promise<ending>>();
  operation.handle()->attach_functor([result](const caf::error& reason) {
    result->set_value({outcome_of(reason), details_of(reason)});
  });
  return result->get_future();
}

ending await(std::future<ending> x) {
  if (x.wait_for(patience) != std::future_status::ready)
    throw std::runtime_error{"the operation has not ended"};
  return x.get();
}

} // namespace tandem_test
