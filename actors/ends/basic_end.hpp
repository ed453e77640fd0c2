/// The parts of both kinds of end: several shards, each a scheduled actor, an actor that stands for the end, and a
/// handle that stops all of it. Internal to the ends.
#pragma once

#include "../../messages/json/text.hpp"
#include "../../messages/local_messages.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/actor_threads.hpp"
#include "../compat/callback_actor.hpp"
#include "../execution/trampoline.hpp"
#include "../links/link_address.hpp"
#include "../tracing/flight_record.hpp"
#include "../tracing/recording_messages.hpp"
#include "distribute.hpp"
#include "end_context.hpp"
#include "operation_listing.hpp"
#include "shard_operation.hpp"

#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace tandem {

/// `Shard` is the type of its shards, and `Link` the kind of link that it is to others: lane 0.
template <class Shard, class Link>
class basic_end : public Link, public std::enable_shared_from_this<basic_end<Shard, Link>> {
public:
  using incoming = typename Shard::incoming;

  basic_end(caf::actor_system& system, const end_options& options, trace_side side)
    : context_(std::make_shared<end_context>(system, options, side)),
      recording_desk_(std::make_shared<recording_desk>(system, context_->recorder())) {
  }

  /// Apart from the constructor because it needs shared_from_this.
  void start(const char* name) {
    actor_ = compat::make_light_actor<callback_actor>(context_->system(), name,
                                                      [weak = this->weak_from_this()](compat::envelope what) {
                                                        if (auto self = weak.lock())
                                                          self->receive(std::move(what));
                                                      });
    context_->watch_calls_by([weak = this->weak_from_this()] {
      if (auto self = weak.lock())
        compat::send_after(std::chrono::seconds(1), self->handle(), timer_due{});
    });
    context_->sent().tell_by([weak = this->weak_from_this()](bool too_many) {
      if (auto self = weak.lock())
        self->set_congested(congestion::all_lanes, too_many);
    });
    for (auto& shard : shards_)
      shard->start();
  }

  stats operation_stats() const {
    return total_stats(shards_, context_->ongoing());
  }

  void add_idle_action(std::function<void()> action) {
    if (!action)
      throw std::invalid_argument{"add_idle_action: action must not be empty"};
    context_->add_idle_action(std::move(action));
  }

  /// `done` is called with the open operations, the oldest `most` of them, by any thread (operation_listing.hpp).
  void list_operations(size_t most, operation_listing::callback done) {
    nlohmann::json head{{"end", text_to_json(context_->recorder()->link())},
                        {"side", to_string(context_->recorder()->side())},
                        {"ongoing", context_->ongoing()}};
    auto listing = std::make_shared<operation_listing>(std::move(head), shards_.size(), most, std::move(done));
    for (auto& shard : shards_)
      if (!shard->post([shard, listing] { listing->add(shard->list(listing->most())); }))
        listing->add({});
  }

  /// `done` is called with the trace of the flight recorder's records, by any thread.
  void list_flight(std::function<void(std::string)> done) {
    auto collected = std::make_shared<flight_record>(context_->recorder(), shards_.size(), std::move(done));
    for (auto& shard : shards_)
      if (!shard->post([shard, collected] { collected->add(shard->flight().records()); }))
        collected->add({});
  }

  const std::shared_ptr<end_context>& context() const {
    return context_;
  }

  caf::actor handle() {
    return compat::handle_of(*actor_);
  }

  /// As a link, this end has the same actor.
  caf::actor handle(caf::actor_system&) override {
    return handle();
  }

  virtual void stop() {
    for (auto& shard : shards_)
      shard->post([shard] { shard->stop(); });
    actor_->end(caf::exit_reason::user_shutdown);
  }

  /// S-END-13.
  void drain(duration grace) {
    context_->drain();
    if (!ends_sooner(grace))
      return;
    if (grace > duration::zero())
      return pass_half_of_grace({.half = true, .wait = grace / 2});
    grace_passed({.half = true});
    grace_passed({});
  }

  std::vector<refusal> accept(std::vector<incoming>&& tickets) override {
    distribute(shards_, std::move(tickets), 0);
    return {};
  }

  /// What the link of this lane says of itself: the first shard records it, if it is to be recorded.
  void take_news(lane_id lane, const link_news& x) {
    if (x.is_about_congestion())
      return set_congested(lane, x.what == link_news::kind::congested);
    auto& shard = shards_.front();
    shard->post([shard, lane, x] { shard->links().news(lane, x); });
  }

protected:
  using shard_list = std::vector<std::shared_ptr<Shard>>;

  /// Answers a command that only this side knows; an empty message if it does not know the command either.
  virtual caf::message answer(const compat::envelope&) {
    return {};
  }

  /// To be filled by the constructor of the side.
  shard_list shards_;
  std::shared_ptr<end_context> context_;

  /// S-END-14.
  virtual void half_of_grace_over() {
  }

private:
  void set_congested(uint64_t lane, bool congested) {
    context_->congested().set(lane, congested);
    if (!congested)
      for (auto& each : shards_)
        each->post([each, lane] { each->relieve(lane); });
  }

  /// False if an earlier call has set a time that comes first: each promised that nothing runs after its own.
  bool ends_sooner(duration grace) {
    const auto at = std::min(grace, longest_timeout) + context_->now().time_since_epoch();
    auto before = ends_at_.load();
    while (at < before)
      if (ends_at_.compare_exchange_weak(before, at))
        return true;
    return false;
  }

  void pass_half_of_grace(grace_over then) {
    if (auto& clock = context_->options().clock)
      clock->wake_at(this, clock->now() + then.wait, [weak = this->weak_from_this(), then] {
        if (auto self = weak.lock())
          self->grace_passed(then);
      });
    else
      compat::send_after(then.wait, handle(), then);
  }

  void grace_passed(grace_over x) {
    if (x.half) {
      half_of_grace_over();
      if (x.wait > duration::zero())
        pass_half_of_grace({.half = false, .wait = x.wait});
      return;
    }
    for (auto& shard : shards_)
      shard->post([shard] { shard->abort_all(); });
  }

  /// The message API (messages/commands.hpp).
  void receive(compat::envelope what) {
    const auto& content = what.content;
    if (auto tickets = link_address::tickets_in<incoming>(content))
      respond(what, link_address::answer_for(accept(std::move(*tickets))));
    else if (is_message<caf::exit_msg>(content))
      stop();
    else if (is_message<grace_over>(content) && context_->is_draining())
      grace_passed(content.get_as<grace_over>(0));
    else if (is_message<timer_due>(content))
      look_at_calls();
    else if (is_message<get_stats>(content))
      respond(what, caf::make_message(operation_stats()));
    else if (is_message<get_operations>(content))
      list_operations(content.get_as<get_operations>(0).most, [self = this->shared_from_this(), what](auto result) {
        self->respond(what, caf::make_message(to_line(result)));
      });
    else if (is_message<get_flight_record>(content))
      list_flight([self = this->shared_from_this(), what](std::string trace) {
        self->respond(what, caf::make_message(std::move(trace)));
      });
    else if (is_recording_message(content))
      recording_desk_->take(content, [self = this->shared_from_this(), what](caf::message result) {
        self->respond(what, std::move(result));
      });
    else if (auto result = answer(what); !result.empty())
      respond(what, std::move(result));
    else
      respond(what, caf::make_message(caf::make_error(caf::sec::unexpected_message)));
  }

  /// Once a second while there are calls of customer code in the shards.
  void look_at_calls() {
    for (auto& shard : shards_)
      if (const auto x = shard->watch().look())
        context_->log("customer code of " + to_string(x->operation) + " (" + x->name
                      + ") has kept a thread of the scheduler for more than a second: give it a work pool "
                        "(end_options::work), or have it return promptly");
    const auto is_active = [](const auto& shard) { return shard->watch().is_active(); };
    if (std::ranges::any_of(shards_, is_active))
      return compat::send_after(std::chrono::seconds(1), handle(), timer_due{});
    context_->watch_over();
    const auto has_begun = [](const auto& shard) { return shard->watch().has_begun(); };
    if (std::ranges::any_of(shards_, has_begun)) // and may have relied on this look
      context_->watch_calls();
  }

  void respond(const compat::envelope& request, caf::message content) {
    compat::respond(request, actor_->strong(), std::move(content));
  }

  std::atomic<duration> ends_at_{duration::max()}; ///< when it ends what still runs, by its clock; max: not asked to
  std::shared_ptr<recording_desk> recording_desk_;
  compat::light_ptr<callback_actor> actor_;
};

/// Calls `begin` with a callback, and waits for the callback's argument.
template <class T, class Begin>
T await_answer(Begin begin) {
  if (trampoline::runs_shards())
    throw std::logic_error{"in customer code this would wait for itself; ask by message (messages/commands.hpp)"};
  auto answer = std::make_shared<std::promise<T>>(); // shared: the other thread may be the last to leave it
  auto result = answer->get_future();
  begin([answer](T x) { answer->set_value(std::move(x)); });
  return result.get();
}

/// The handles of an end share this: it stops the end when the last one goes. Links share the engine, not this: they do
/// not keep an end running.
template <class Engine>
struct end_owner {
  std::shared_ptr<Engine> end;
  std::atomic<bool> stopped{false};

  explicit end_owner(std::shared_ptr<Engine> x) : end(std::move(x)) {
  }

  /// Waits until the end has stopped; but not in a thread that runs customer code or actors, for which the end would
  /// have to wait in turn: there it stops soon after.
  ~end_owner() {
    stop();
    const auto context = end->context();
    // Its actors may live on for a moment, but then the trace must be whole.
    context->when_stopped([recorder = context->recorder()] {
      recorder->stop();
      recorder->stop_failures();
    });
    if (!trampoline::runs_shards() && !compat::is_actor_thread())
      context->await_stopped();
  }

  /// Without waiting.
  void stop() {
    if (!stopped.exchange(true))
      end->stop();
  }
};

} // namespace tandem
