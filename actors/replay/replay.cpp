#include "replay.hpp"
#include "../compat/system.hpp"
#include "../system.hpp"
#include "../testing/manual_clock.hpp"
#include "../testing/settle.hpp"
#include "held_calls.hpp"
#include "operation_source.hpp"
#include "paced_servicer.hpp"
#include "stand_ins.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace tandem {

namespace {

/// The actor system that was given, or one of its own.
class replay_system {
public:
  explicit replay_system(caf::actor_system* given) {
    if (given != nullptr) {
      system_ = given;
      return;
    }
    init_types<>();
    config_ = std::make_unique<caf::actor_system_config>(); // all in one process: without networking
    compat::add_types<caf::id_block::tandem>(*config_);
    compat::set_option(*config_, "scheduler.policy", "sharing");
    compat::set_option(*config_, "scheduler.max-threads", int64_t{2});
    own_ = std::make_unique<caf::actor_system>(*config_);
    system_ = own_.get();
  }

  caf::actor_system& operator*() const noexcept {
    return *system_;
  }

private:
  std::unique_ptr<caf::actor_system_config> config_;
  std::unique_ptr<caf::actor_system> own_;
  caf::actor_system* system_ = nullptr;
};

/// Notes what an end sends, by operation; refuses what it is told to.
template <class Ticket>
class noting_link : public std::conditional_t<std::is_same_v<Ticket, front_to_back_ticket>, rear_peer, fore_peer> {
public:
  std::vector<refusal> accept(std::vector<Ticket>&& tickets) override {
    return accept_each(std::move(tickets), [this](Ticket&& ticket) { note(ticket); });
  }

  void note(const Ticket& ticket) {
    auto entry = entry_of(ticket);
    std::lock_guard guard{mutex_};
    const auto [came, is_new] = came_.try_emplace(ticket.operation);
    came->second.push_back(std::move(entry));
    if (is_new && refused_of_next_)
      refused_[ticket.operation] = *std::exchange(refused_of_next_, std::nullopt);
    const auto refused = refused_.find(ticket.operation);
    if (refused != refused_.end() && refused->second == ticket.sequence_number)
      throw std::runtime_error{"the link was lost when this was recorded"};
  }

  /// The ticket of this operation that is not to be taken.
  void refuse(const operation_id& operation, sequence_number number) {
    std::lock_guard guard{mutex_};
    refused_[operation] = number;
  }

  /// The same of the operation that comes next, whose id is not known before its first ticket may be here.
  void refuse_of_next(std::optional<sequence_number> number) {
    std::lock_guard guard{mutex_};
    refused_of_next_ = number;
  }

  std::vector<trace_entry> came(const operation_id& operation) const {
    std::lock_guard guard{mutex_};
    const auto found = came_.find(operation);
    return found == came_.end() ? std::vector<trace_entry>{} : found->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<operation_id, std::vector<trace_entry>> came_;
  std::map<operation_id, sequence_number> refused_;
  std::optional<sequence_number> refused_of_next_;
};

using noting_fore_peer = noting_link<back_to_front_ticket>;
using noting_rear_peer = noting_link<front_to_back_ticket>;

/// The operations that can be played, and all their steps in the order of time.
struct script {
  std::vector<recorded_operation> operations;
  std::shared_ptr<held_calls> held;
  struct step {
    const recorded_operation* operation;
    const recorded_step* what; ///< null: the operation begins
    duration time;
  };
  std::vector<step> steps;

  script(std::vector<recorded_operation> group, trace_side side, const replay_options& options, replay_report& report)
    : operations(std::move(group)) {
    std::erase_if(operations, [&](const recorded_operation& x) { return options.choose && !options.choose(x); });
    held = std::make_shared<held_calls>(operations, side);
    skip_unfit(operations, report);
    report.operations += operations.size();
    for (const auto& x : operations) {
      steps.push_back({&x, nullptr, x.began});
      for (const auto& y : x.steps)
        steps.push_back({&x, &y, std::max(y.time, x.began)});
    }
    std::stable_sort(steps.begin(), steps.end(), [](const step& x, const step& y) { return x.time < y.time; });
  }

  /// The time at which the clock begins; of a later group it has been later all along.
  duration begins() const {
    return steps.empty() ? duration::zero() : std::max(steps.front().time, duration::zero());
  }
};

/// Plays the trace group by group, by `play`, which gets the script of one.
template <class Play>
replay_report play_all(std::istream& trace, trace_side side, const replay_options& options, Play play) {
  replay_report report;
  trace_reader reader{trace};
  operation_source source{reader, side, options.trace_bytes};
  auto group = source.next();
  if (group.empty()) // a path with a mistake must not be a test that passes
    throw std::invalid_argument{"replay: there is no operation in the trace, or it cannot be read"};
  for (; !group.empty(); group = source.next()) {
    const script played{std::exchange(group, {}), side, options, report};
    if (!played.operations.empty())
      play(played, report);
  }
  report.broken_lines = reader.broken_lines();
  return report;
}

/// No call is held any more when this goes, so that the end can go too.
class release_at_end {
public:
  explicit release_at_end(std::shared_ptr<held_calls> held) : held_(std::move(held)) {
  }
  ~release_at_end() {
    held_->release_all();
  }

  release_at_end(const release_at_end&) = delete;
  release_at_end& operator=(const release_at_end&) = delete;

private:
  std::shared_ptr<held_calls> held_;
};

/// True for tickets that customer code at the back brings about.
bool is_output(ticket_kind kind) {
  return kind == ticket_kind::continuation || kind == ticket_kind::completion || kind == ticket_kind::servicer_failure;
}

/// True if it ended with transmission failure at the side that recorded it, and not because the other side said so.
bool lost_its_link(const recorded_operation& x) {
  if (x.ended != outcome::transmission_failure)
    return false;
  return std::none_of(x.steps.begin(), x.steps.end(), [](const recorded_step& step) {
    return step.kind != recorded_step::what::ended && step.entry.event == trace_event::received
           && (step.entry.kind == ticket_kind::transmission_failure || step.entry.kind == ticket_kind::refusal);
  });
}

/// If its link was lost, the last ticket that this side sent is where that shows.
std::optional<sequence_number> refused_ticket(const recorded_operation& x, trace_side at) {
  const auto sent = x.tickets(at == trace_side::front ? recorded_step::what::to_back : recorded_step::what::to_front);
  if (x.side != at || !lost_its_link(x) || sent.empty())
    return std::nullopt;
  return sent.back()->sequence_number;
}

/// As the recorded back had them, as far as the trace tells.
end_options options_like(const script& played, const replay_options& options, std::shared_ptr<manual_clock> clock) {
  end_options result;
  result.clock = std::move(clock);
  result.work = played.held->pool(options.work);
  result.held_tickets = options.held_tickets;
  result.shards = 1;
  result.window = 0; // the recording says when it allowed how much
  result.waiting_payloads = 0;
  result.maximum_timeout = longest_timeout;
  bool has_default = false;
  for (const auto& x : played.operations) {
    if (x.maximum_timeout)
      result.maximum_timeout = *x.maximum_timeout;
    if (!x.timeout && x.allowed && x.side == trace_side::back && !std::exchange(has_default, true))
      result.default_timeout = *x.allowed;
  }
  return result;
}

void play_to_back(caf::actor_system& system, const script& played, const std::shared_ptr<servicer>& services,
                  const replay_options& options, replay_report& report) {
  auto clock = std::make_shared<manual_clock>();
  auto paced = std::make_shared<paced_servicer>(system, services, played.held);
  const back_end back{system, paced, options_like(played, options, clock)};
  played.held->set_end(back);
  const release_at_end release{played.held};
  auto noting = std::make_shared<noting_fore_peer>();
  // Each operation has a way of its own, so that it can lose it alone.
  std::map<operation_id, std::shared_ptr<rear_link>> ways;
  const auto way_of = [&](const operation_id& id) -> rear_link& {
    auto& result = ways[id];
    if (result == nullptr) {
      result = back.make_port();
      result->join_fore_link(noting);
    }
    return *result;
  };
  for (const auto& x : played.operations)
    if (const auto number = refused_ticket(x, trace_side::back))
      noting->refuse(x.id, *number);
  const auto settled = [&] { settle({back}); };
  duration now = played.begins();
  for (const auto& step : played.steps) {
    if (step.time > now)
      clock->advance(step.time - std::exchange(now, step.time), settled);
    if (step.what == nullptr)
      continue;
    const auto& id = step.operation->id;
    switch (step.what->kind) {
      case recorded_step::what::to_back:
        accept_one(way_of(id), ticket_of<front_to_back_ticket>(*step.what, id));
        break;
      case recorded_step::what::to_front:
        if (step.what->entry.kind == ticket_kind::allowance)
          paced->allow(id, step.operation->more_allowed_by(*step.what));
        if (!is_output(step.what->entry.kind))
          break;
        if (!paced->release(id) && step.what->entry.kind == ticket_kind::servicer_failure)
          played.held->release(id); // its call threw
        break;
      case recorded_step::what::ended:
        if (step.operation->side != trace_side::back)
          break;
        if (lost_its_link(*step.operation))
          way_of(id).fore_lost(step.what->entry.details);
        paced->release_all(id);
        settled(); // within the call, if it is under way
        played.held->release(id);
    }
    settled();
  }
  for (const auto& x : played.operations)
    paced->release_all(x.id);
  settled();
  played.held->release_all();
  settled();
  for (const auto& x : played.operations) {
    const auto ended = x.side == trace_side::back ? paced->ended(x.id) : std::nullopt;
    compare(x, recorded_step::what::to_front, noting->came(x.id), ended, report);
  }
}

/// Does what the recorded customer code of a front did, as its tickets tell.
class recorded_customer {
public:
  static operation begin(const front_end& front, const recorded_operation& x, const std::shared_ptr<held_calls>& held) {
    for (const auto& step : x.steps)
      if (step.kind == recorded_step::what::to_back && is_first(step.entry.kind)) {
        auto first = ticket_of<front_to_back_ticket>(step, x.id);
        serviced_subscription subscription{first.subscription.value_or(subscription_kind::none), nullptr};
        if (subscription.kind == subscription_kind::full)
          subscription = full_serviced_subscription(
            failing_consumer(x.failing_call(trace_side::front), [held, id = x.id] { held->hold(id); }));
        const auto window = std::min<uint64_t>(first.allowed.value_or(no_window), no_window);
        auto result = front.operate({.name = x.name,
                                     .payload = std::move(first.payload),
                                     .complete = first.kind == ticket_kind::entire,
                                     .timeout = first.timeout,
                                     .subscription = std::move(subscription),
                                     .trace_id = first.trace_id,
                                     .window = static_cast<uint32_t>(window)});
        if (first.allowed)
          result.context().set_window(0); // the recording says when it allowed how much
        return result;
      }
    throw std::logic_error{"an operation without a first ticket"}; // read_recorded calls it unfit
  }

  static void go_on(const operation& op, const recorded_operation& x, const recorded_step& step) {
    auto ticket = ticket_of<front_to_back_ticket>(step, op.context().id());
    switch (ticket.kind) {
      case ticket_kind::continuation:
        if (ticket.payload)
          op.consumer().consume(std::move(*ticket.payload));
        else if (ticket.timeout)
          op.set_timeout(*ticket.timeout);
        break;
      case ticket_kind::completion:
        if (ticket.payload)
          op.consumer().consume_and_terminate(std::move(*ticket.payload));
        else
          op.consumer().terminate();
        break;
      case ticket_kind::allowance:
        op.context().allow(x.more_allowed_by(step));
        break;
      case ticket_kind::cancellation:
        op.cancel(ticket.details);
        break;
      case ticket_kind::serviced_failure:
        op.context().fail(ticket.details);
        break;
      case ticket_kind::expiration:
        op.set_timeout(duration::zero()); // before its time, it can only have been this
        break;
      default:
        break; // first tickets; what the front does by itself
    }
  }
};

/// Of the first front that had one.
std::optional<uint32_t> first_window(const script& played) {
  for (const auto& x : played.operations)
    for (const auto* ticket : x.tickets(recorded_step::what::to_back)) {
      const auto allowed = is_first(ticket->kind) ? ticket->allowed.value_or(0) : 0;
      if (allowed > 0 && allowed < no_window)
        return static_cast<uint32_t>(allowed);
    }
  return std::nullopt;
}

void play_to_front(caf::actor_system& system, const script& played, const replay_caller& caller,
                   const replay_options& options, replay_report& report) {
  auto clock = std::make_shared<manual_clock>();
  end_options settings;
  settings.clock = clock;
  settings.work = caller ? options.work : played.held->pool(options.work);
  settings.held_tickets = options.held_tickets;
  settings.shards = 1;
  settings.waiting_payloads = 0;
  if (const auto window = first_window(played))
    settings.window = *window;
  for (const auto& x : played.operations)
    if (!x.timeout && x.allowed && x.side == trace_side::front) {
      settings.default_timeout = *x.allowed;
      break;
    }
  const front_end front{system, settings};
  played.held->set_end(front);
  const release_at_end release{played.held};
  auto noting = std::make_shared<noting_rear_peer>();
  front.join_rear_link(noting);
  const auto settled = [&] { settle({front}); };
  std::map<operation_id, operation> operations;
  const auto find = [&operations](const operation_id& recorded) -> std::optional<operation_context> {
    const auto found = operations.find(recorded);
    return found == operations.end() ? std::nullopt : std::optional{found->second.context()};
  };
  duration now = played.begins();
  for (const auto& step : played.steps) {
    if (step.time > now)
      clock->advance(step.time - std::exchange(now, step.time), settled);
    const auto& id = step.operation->id;
    if (step.what == nullptr) {
      if (!step.operation->has_first_ticket())
        continue;
      noting->refuse_of_next(refused_ticket(*step.operation, trace_side::front));
      operations.emplace(id, caller ? caller(front, *step.operation)
                                    : recorded_customer::begin(front, *step.operation, played.held));
    } else if (step.what->kind == recorded_step::what::to_front) {
      const auto real = find(id);
      accept_one(*front.link(), ticket_of<back_to_front_ticket>(*step.what, real ? real->id() : id));
    } else if (step.what->kind == recorded_step::what::to_back && !caller) {
      recorded_customer::go_on(operations.at(id), *step.operation, *step.what);
    } else if (step.what->kind == recorded_step::what::ended) {
      played.held->release(id);
    }
    settled();
  }
  for (const auto& x : played.operations) {
    const auto real = find(x.id);
    const auto ended = real && x.side == trace_side::front ? real->ended() : std::nullopt;
    compare(x, recorded_step::what::to_back, noting->came(real ? real->id() : x.id), ended, report);
  }
}

} // namespace

replay_report replay(std::istream& trace, std::shared_ptr<servicer> services, const replay_options& options) {
  if (services == nullptr)
    throw std::invalid_argument{"replay: services must not be null"};
  const replay_system system{options.system};
  return play_all(trace, trace_side::back, options, [&](const script& played, replay_report& report) {
    play_to_back(*system, played, services, options, report);
  });
}

replay_report replay_to_front(std::istream& trace, replay_caller caller, const replay_options& options) {
  const replay_system system{options.system};
  return play_all(trace, trace_side::front, options, [&](const script& played, replay_report& report) {
    play_to_front(*system, played, caller, options, report);
  });
}

} // namespace tandem
