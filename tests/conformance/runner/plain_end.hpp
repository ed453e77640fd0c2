/// An end made of nothing but the machines of actors/core: no actors, one thread, virtual time. It shows that the
/// machines alone decide what the rules say.
#pragma once

#include "../../../actors/core/operation.hpp"
#include "../../../messages/commands.hpp"
#include "../../../messages/trace/trace_entry.hpp"
#include "channel.hpp"
#include "customer.hpp"
#include "plain_loop.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tandem::conformance {

template <class Side>
class plain_end {
public:
  using incoming = typename Side::incoming;
  using outgoing = typename Side::outgoing;
  static constexpr side which = Side::is_front ? side::front : side::back;

  plain_end(plain_loop& loop, std::shared_ptr<customer> code, end_settings settings)
    : loop_(loop), code_(std::move(code)), settings_(settings) {
  }

  /// At the front only.
  handle_ptr operate(const steps::operate& x);

  void receive(incoming ticket);

  /// From now on tickets go there; those that waited go first.
  void join(acceptor<outgoing> link);

  void add_idle_action(std::function<void()> action);

  stats end_stats() const;

  /// Called as the recorder of an end is, if it is set: what begins and ends, what comes before it takes effect, and
  /// what is sent. Numbers and the wall clock are left to the recording code.
  std::function<void(trace_entry)> record;

  /// The remains of operations that have ended; empty if there are none.
  std::string left_behind() const;

private:
  class operation;
  using operation_ref = std::shared_ptr<operation>;
  using effects = core::effects<Side>;

  struct waiting_ticket {
    operation_ref sender;
    core::send_ticket<outgoing> what;
  };

  core::flow_settings flow() const {
    return {.window = settings_.window, .window_bytes = 0, .waiting_payloads = settings_.waiting_payloads};
  }

  void receive_unknown(incoming ticket);
  operation_ref adopt(const core::settings& x, std::string name, std::optional<tandem::trace_id> trace,
                      typename Side::beginning how);

  template <class Event>
  void apply(const operation_ref& x, Event event);
  void carry_out(const operation_ref& x, effects what);

  void execute(const operation_ref& x, core::send_ticket<outgoing>& what);
  void execute(const operation_ref& x, core::open_customer& what);
  void execute(const operation_ref& x, core::deliver& what);
  void execute(const operation_ref& x, core::report_ready& what);
  void execute(const operation_ref& x, core::set_timer& what);
  void execute(const operation_ref& x, core::finish& what);

  template <class Ticket>
  void record_ticket(trace_event event, const Ticket& ticket);
  void record_entry(trace_entry entry);

  void hand_over(const operation_ref& x, core::send_ticket<outgoing> what);
  void call(const operation_ref& x, call_kind kind, const std::optional<std::string>& text);
  void finish_call(const operation_ref& x, const customer::call& what);
  void run_idle_actions();

  plain_loop& loop_;
  std::shared_ptr<customer> code_;
  end_settings settings_;
  acceptor<outgoing> link_;
  std::vector<waiting_ticket> outbox_; // until joined
  std::unordered_map<operation_id, operation_ref> operations_;
  std::unordered_set<operation_id> known_; // all that this end ever had
  std::vector<std::pair<operation_ref, core::effect<outgoing>>> effects_;
  bool carrying_out_ = false;
  stats stats_;
  std::vector<std::function<void()>> idle_actions_;
};

extern template class plain_end<core::front_side>;
extern template class plain_end<core::back_side>;

} // namespace tandem::conformance
