#include "balanced_world.hpp"

#include <chrono>

namespace tandem_test {

using namespace tandem;
using namespace std::literals;

namespace {

std::shared_ptr<servicer> services_of(const std::string& name) {
  auto result = std::make_shared<method_table>();
  auto answer = [](const std::string& prefix) {
    return [prefix](const operation_context&, const output_consumer& out) {
      return make_consumer([out, prefix](payload x) { out.consume(text(prefix + *payload_as<std::string>(x))); },
                           [out] { out.terminate(); });
    };
  };
  result->add("echo", answer(""));
  result->add("who", answer(name + ":"));
  result->add("hold", [](const operation_context&, const output_consumer&) { return make_consumer({}); });
  return result;
}

} // namespace

balanced_back::balanced_back(node& x, std::string name, std::shared_ptr<manual_clock> clock)
  : name(std::move(name)), back(x.system, services_of(this->name), {.clock = std::move(clock)}) {
}

balanced_world::balanced_world(size_t backs, balanced_options options)
  : link(balanced_link::make(std::move(options))), front(x.system, {.clock = clock}) {
  front.join_rear_link(link);
  link->join_fore_link(front.link());
  for (size_t i = 0; i < backs; ++i)
    add();
  settle_all();
}

balanced_back& balanced_world::add() {
  members.push_back(std::make_unique<balanced_back>(x, "b" + std::to_string(members.size()), clock));
  add_again(*members.back());
  return *members.back();
}

void balanced_world::add_again(balanced_back& x) const {
  x.link = std::make_shared<in_memory_link>();
  join_links(x.link, x.back.make_port());
  x.id = link->add(x.link, x.name);
}

void balanced_world::settle_all() const {
  std::vector<busy_end> all{front};
  for (const auto& x : members)
    all.push_back(x->back);
  settle(all);
}

back_status balanced_world::status(size_t i) const {
  for (auto& x : link->status())
    if (x.id == members[i]->id)
      return std::move(x);
  return {};
}

std::vector<size_t> balanced_world::in_flight() const {
  std::vector<size_t> result;
  for (const auto& x : link->status())
    result.push_back(x.in_flight);
  return result;
}

size_t balanced_world::all_in_flight() const {
  size_t result = 0;
  for (auto x : in_flight())
    result += x;
  return result;
}

uint64_t balanced_world::ended(size_t i, outcome value) const {
  return members[i]->back.operation_stats().of(value);
}

operation balanced_world::hold(bool wait_for_link) const {
  auto result = front.operate({.name = "hold",
                               .timeout = 1min,
                               .subscription = termination_only_serviced_subscription(),
                               .wait_for_link = wait_for_link});
  settle_all();
  return result;
}

std::string balanced_world::who(const std::string& what) const {
  auto results = std::make_shared<journal>();
  auto op = front.operate({.name = "who",
                           .payload = text(what),
                           .complete = true,
                           .timeout = 1min,
                           .subscription = full_serviced_subscription(noting_consumer(results))});
  const auto how = await(ending_of(op));
  settle_all();
  if (how.value != outcome::completed)
    return to_string(how.value) + ": " + how.details;
  const auto answer = results->await(1).front();
  return answer.substr(0, answer.find(':'));
}

} // namespace tandem_test
