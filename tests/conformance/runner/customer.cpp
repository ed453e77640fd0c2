#include "customer.hpp"

#include <stdexcept>

namespace tandem::conformance {

std::string text_of(const payload& content) {
  const auto* text = payload_as<std::string>(content);
  return text != nullptr ? *text : "not a text: " + caf::to_string(content);
}

customer::call customer::begin(side at, handle_ptr operation, call_kind kind, std::optional<std::string> text) {
  std::lock_guard guard{mutex_};
  auto& record = records_[{at, operation->id()}];
  record.operation = operation;
  const auto n = ++record.calls[kind];
  if (kind != call_kind::open)
    record.received.push_back({text, kind != call_kind::consume});
  const hook* what = nullptr;
  if (auto behaviour = behaviours_.find(at); behaviour != behaviours_.end()) {
    const auto& hooks = behaviour->second.hooks;
    if (auto entry = hooks.find(kind); entry != hooks.end() && entry->second.call.value_or(n) == n)
      what = &entry->second;
  }
  return {at, std::move(operation), kind, std::move(text), what};
}

void customer::finish(const call& x) {
  if (x.what != nullptr)
    act(x);
  auto behaviour = behaviours_.find(x.at);
  if (behaviour != behaviours_.end() && behaviour->second.echo && x.kind != call_kind::open)
    x.operation->give(x.text, x.kind != call_kind::consume);
}

void customer::act(const call& x) {
  for (const auto& [payload, last] : x.what->emit)
    x.operation->give(payload, last);
  if (x.what->allow > 0)
    x.operation->allow(x.what->allow);
  if (x.what->cancel)
    x.operation->cancel();
  if (x.what->fail)
    x.operation->fail();
  switch (x.what->thrown) {
    case hook::exception::none:
      break;
    case hook::exception::no_such_method:
      throw no_such_method{x.text.value_or("")};
    case hook::exception::abandoned:
      throw abandoned{};
    case hook::exception::error:
      throw std::runtime_error{"thrown by the scenario"};
  }
}

std::vector<customer::received_call> customer::received(side at, const operation_id& id) const {
  std::lock_guard guard{mutex_};
  auto entry = records_.find({at, id});
  return entry == records_.end() ? std::vector<received_call>{} : entry->second.received;
}

uint64_t customer::services(const operation_id& id) const {
  std::lock_guard guard{mutex_};
  auto entry = records_.find({side::back, id});
  if (entry == records_.end())
    return 0;
  auto opened = entry->second.calls.find(call_kind::open);
  return opened == entry->second.calls.end() ? 0 : opened->second;
}

void customer::introduce(side at, handle_ptr operation) {
  std::lock_guard guard{mutex_};
  records_[{at, operation->id()}].operation = std::move(operation);
}

handle_ptr customer::find(side at, const operation_id& id) const {
  std::lock_guard guard{mutex_};
  auto entry = records_.find({at, id});
  return entry == records_.end() ? nullptr : entry->second.operation;
}

std::vector<handle_ptr> customer::operations(side at) const {
  std::lock_guard guard{mutex_};
  std::vector<handle_ptr> result;
  for (const auto& [key, record] : records_)
    if (key.first == at && record.operation)
      result.push_back(record.operation);
  return result;
}

void customer::release() {
  std::map<std::pair<side, operation_id>, side_record> released; // operations may end when they are let go
  std::lock_guard guard{mutex_};
  for (auto& [key, record] : records_)
    released[key].operation = std::move(record.operation);
}

} // namespace tandem::conformance
