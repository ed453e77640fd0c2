#include "performance.hpp"
#include "comparison.hpp"

#include <atomic>
#include <stdexcept>

namespace tandem::conformance {

namespace {

/// Scenarios let callbacks and idle actions throw this.
[[noreturn]] void throw_something() {
  throw std::runtime_error{"thrown by the scenario"};
}

} // namespace

std::optional<failure> performance::perform() {
  try {
    for (const auto& label : scenario_.unknown)
      notes_.labels.id_for(label);
    world_.settle();
    for (const auto& [name, what] : scenario_.steps) {
      where_ = name;
      progress_(where_);
      std::visit([this](const auto& x) { on(x); }, what);
      world_.settle();
      if (failure_)
        return failure_;
    }
    where_ = "at the end";
    progress_(where_);
    compare(scenario_.expect);
    if (!failure_)
      check_nothing_is_left();
  } catch (const std::exception& e) {
    failure_ = failure{where_, {e.what()}, nullptr, nullptr};
  }
  return failure_;
}

// -- steps: the front, customer code ----------------------------------------------------------

void performance::on(const steps::operate& x) {
  need(side::front);
  if (notes_.labels.has(x.op))
    throw scenario_error{"the label " + x.op + " is in use"};
  auto operation = world_.operate(x);
  notes_.labels.add(x.op, operation->id());
  code_.introduce(side::front, operation);
}

void performance::on(const steps::give& x) {
  operation(x.at, x.op)->give(x.payload, x.last);
}

void performance::on(const steps::cancel& x) {
  operation(side::front, x.op)->cancel();
}

void performance::on(const steps::fail& x) {
  operation(x.at, x.op)->fail();
}

void performance::on(const steps::set_timeout& x) {
  operation(side::front, x.op)->set_timeout(x.timeout);
}

void performance::on(const steps::add_callback& x) {
  notes_.journal->expect_callback(x.label);
  operation(x.at, x.op)->add_callback([journal = notes_.journal, x](outcome value) {
    journal->callback(x.label, value);
    if (x.throws)
      throw_something();
  });
}

void performance::on(const steps::allow& x) {
  operation(x.at, x.op)->allow(x.count);
}

void performance::on(const steps::when_ready& x) {
  notes_.journal->expect_ready_call(x.label);
  operation(x.at, x.op)->when_ready([journal = notes_.journal, x] { journal->ready_call(x.label); });
}

void performance::on(const steps::monitor& x) {
  notes_.monitors.insert(x.label);
  world_.monitor(operation(x.at, x.op), x.label);
}

void performance::on(const steps::read& x) {
  const auto context = operation(x.at, x.op);
  auto& result = notes_.reads[x.label];
  if (x.what == "is_active") {
    result = context->is_active();
  } else if (x.what == "ready") {
    result = context->is_ready();
  } else if (x.what == "time_remaining") {
    result = std::chrono::duration<double>(context->time_remaining()).count();
  } else {
    const auto trace = context->trace_id();
    result = trace ? json(to_string(*trace)) : json();
  }
}

handle_ptr performance::operation(side at, const std::string& label) const {
  auto result = code_.find(at, notes_.labels.id_of(label));
  if (result == nullptr)
    throw scenario_error{"customer code of the " + to_string(at) + " has not seen the operation " + label};
  return result;
}

// -- steps: ends ------------------------------------------------------------------------------

void performance::need(side which) const {
  if (!has_end(scenario_.topology, which))
    throw scenario_error{"there is no " + to_string(which)};
}

void performance::on(const steps::add_idle_action& x) {
  need(x.at);
  notes_.journal->expect_idle_action(x.label);
  world_.add_idle_action(x.at, [journal = notes_.journal, x] {
    journal->idle_action(x.label);
    if (x.throws)
      throw_something();
  });
}

void performance::on(const steps::wait_for_idle& x) {
  need(x.at);
  if (const auto counts = world_.end_stats(x.at); counts && counts->ongoing != 0)
    throw scenario_error{std::to_string(counts->ongoing) + " operations are going on"};
  world_.wait_for_idle(x.at);
}

void performance::on(const steps::join& x) {
  need(x.at);
  world_.join(x.at, x.to_null_link);
}

// -- steps: the link --------------------------------------------------------------------------

void performance::on(const steps::inject& x) {
  auto ticket = x.ticket;
  if (scenario_.topology != topology::link_only)
    need(std::holds_alternative<front_to_back_ticket>(ticket) ? side::back : side::front);
  std::visit([&](auto& y) { y.operation = notes_.labels.id_for(x.op); }, ticket);
  world_.inject(ticket);
}

template <class Function>
void performance::with_channel(direction which, Function f) {
  if (!has_test_link(scenario_.topology))
    throw scenario_error{"there is no test link in this topology"};
  if (which == direction::front_to_back)
    f(world_.to_back());
  else
    f(world_.to_front());
}

void performance::on(const steps::hold& x) {
  with_channel(x.which, [](auto& channel) { channel.hold(); });
}

void performance::on(const steps::release& x) {
  with_channel(
    x.which, [&](auto& channel) { channel.release(x.order, x.together, x.keep_holding, [this] { world_.settle(); }); });
}

void performance::on(const steps::set_broken& x) {
  with_channel(x.which, [&](auto& channel) { channel.set_broken(x.broken); });
}

void performance::on(const steps::join_peer& x) {
  world_.join_peer(x.peer);
}

void performance::on(const steps::null_link& x) {
  notes_.reads[x.label] = world_.null_link(x);
}

// -- steps: the rest --------------------------------------------------------------------------

void performance::on(const steps::open& x) {
  code_.gates().open(x.gate);
}

void performance::on(const steps::advance& x) {
  world_.advance(x.distance);
}

void performance::on(const steps::check& x) {
  compare(x.expect);
}

// -- comparing --------------------------------------------------------------------------------

void performance::compare(const json& expect) {
  auto observed = observe(scenario_, world_, code_, notes_, expect);
  auto found = differences(expect, observed);
  if (!found.empty())
    failure_ = failure{where_, std::move(found), expect, std::move(observed)};
}

void performance::check_nothing_is_left() {
  for (auto at : both_sides)
    for (const auto& operation : code_.operations(at))
      if (operation->is_active())
        return;
  where_ = "after the end of all operations";
  progress_(where_);
  for (auto at : both_sides)
    check_idle(at);
  if (failure_ || scenario_.topology == topology::link_only)
    return;
  const auto before = observe(scenario_, world_, code_, notes_, scenario_.expect);
  world_.advance(std::chrono::hours(2));
  world_.settle();
  const auto after = observe(scenario_, world_, code_, notes_, scenario_.expect);
  if (before != after)
    failure_ = failure{where_, {"S-END-9: something goes on as time passes"}, before, after};
  for (auto at : both_sides)
    for (const auto& operation : code_.operations(at))
      world_.watch(operation);
  code_.release();
  world_.settle();
  if (const auto left = world_.left_behind(); !failure_ && !left.empty())
    failure_ = failure{where_, {"S-END-9: left behind: " + left}, nullptr, nullptr};
}

void performance::check_idle(side at) {
  const auto counts = world_.end_stats(at);
  if (!counts || failure_)
    return;
  auto ran = std::make_shared<std::atomic<bool>>(false);
  world_.add_idle_action(at, [ran] { *ran = true; });
  world_.settle();
  if (counts->ongoing != 0 || !*ran)
    failure_ = failure{where_,
                       {"S-END-9: " + std::to_string(counts->ongoing) + " operations are ongoing at the "
                        + to_string(at) + (*ran ? "" : ", idle actions do not run")},
                       nullptr,
                       nullptr};
}

} // namespace tandem::conformance
