#include "replayed_way.hpp"

#include "../../../actors/replay/replay.hpp"
#include "../../../actors/replay/stand_ins.hpp"

#include <fstream>
#include <map>
#include <stdexcept>
#include <utility>

namespace tandem::conformance {

namespace {

/// Services that do what the recorded ones did, as their tickets tell; all at once, since replay holds it back.
class recorded_services final : public servicer {
public:
  explicit recorded_services(std::vector<recorded_operation> operations) {
    for (auto& x : operations)
      operations_.emplace(x.id, std::move(x));
  }

  /// From now on, `text` in the place of the first payload of this operation.
  void change(const operation_id& operation, std::string text) {
    changed_ = {operation, std::move(text)};
  }

  std::shared_ptr<consumer> service(const std::string& name, const operation_context& context,
                                    const output_consumer& output) override {
    const auto& x = operations_.at(context.id());
    const auto why = details_of_end(x);
    if (x.ended == outcome::reception_failure && why.starts_with("no such method"))
      throw no_such_method{name};
    bool is_first_payload = true;
    for (const auto* ticket : x.tickets(recorded_step::what::to_front)) {
      auto content = payload_of(*ticket);
      if (content && std::exchange(is_first_payload, false) && changed_.first == context.id())
        content = make_payload(changed_.second);
      if (ticket->kind == ticket_kind::continuation)
        output.consume(std::move(*content));
      else if (ticket->kind == ticket_kind::completion && content)
        output.consume_and_terminate(std::move(*content));
      else if (ticket->kind == ticket_kind::completion)
        output.terminate();
    }
    if (x.ended == outcome::completed && x.subscription == subscription_kind::none)
      output.terminate(); // of which no ticket tells
    const auto failing_call = x.failing_call(trace_side::back);
    if (x.ended == outcome::servicer_failure && !failing_call)
      context.fail(why);
    return failing_consumer(failing_call);
  }

private:
  static std::string details_of_end(const recorded_operation& x) {
    for (const auto& step : x.steps)
      if (step.kind == recorded_step::what::ended)
        return step.entry.details;
    return {};
  }

  static std::optional<payload> payload_of(const trace_entry& entry) {
    std::string error;
    const auto ticket = to_ticket(entry, error);
    if (!ticket)
      throw std::runtime_error{error};
    return std::visit([](const auto& x) { return x.payload; }, *ticket);
  }

  std::map<operation_id, recorded_operation> operations_;
  std::pair<operation_id, std::string> changed_;
};

std::vector<recorded_operation> read(const std::string& file, trace_side side) {
  std::ifstream in{file, std::ios::binary};
  return read_recorded(in, side);
}

void note(const std::string& what, const replay_report& report, std::vector<std::string>& out) {
  for (const auto& x : report.differences)
    out.push_back(what + ": " + to_string(x));
  for (const auto& x : report.skipped)
    out.push_back(what + ": not played: " + x);
}

/// The number of its first ticket with a payload to the front; nothing if there is none.
std::optional<size_t> first_result(const recorded_operation& x) {
  const auto tickets = x.tickets(recorded_step::what::to_front);
  for (size_t i = 0; i < tickets.size(); ++i)
    if (tickets[i]->payload)
      return i;
  return std::nullopt;
}

/// Whether a service that says something else once is found out, by nothing but that.
void check_changed(const std::string& file, const std::vector<recorded_operation>& operations,
                   const replay_options& options, std::vector<std::string>& out) {
  for (const auto& x : operations) {
    const auto place = first_result(x);
    if (!place)
      continue;
    auto services = std::make_shared<recorded_services>(operations);
    services->change(x.id, "something else");
    std::ifstream in{file, std::ios::binary};
    const auto report = replay(in, services, options);
    const bool found = report.differences.size() == 1 && report.differences[0].operation == x.id
                       && report.differences[0].where == "ticket " + std::to_string(*place);
    if (!found) {
      out.push_back("a changed service gave " + std::to_string(report.differences.size())
                    + " differences, where 1 was made");
      note("changed", report, out);
    }
    return;
  }
}

} // namespace

std::optional<std::string> replayed_way::obstacle(const scenario& x) const {
  if (x.topology == topology::link_only)
    return "link only";
  return std::nullopt;
}

std::vector<std::string> replayed_way::afterwards(const scenario& x) {
  std::vector<std::string> result;
  const auto held = [&x](side which) { return replay_options{.held_tickets = x.settings.at(which).held_tickets}; };
  // Where a link is broken from the beginning, a side has no operation to play, or no trace.
  const auto back = traces()->file_of("back");
  if (const auto operations = read(back, trace_side::back); !operations.empty()) {
    std::ifstream in{back, std::ios::binary};
    note("back", replay(in, std::make_shared<recorded_services>(operations), held(side::back)), result);
    check_changed(back, operations, held(side::back), result);
  }
  const auto front = traces()->file_of("front");
  if (!read(front, trace_side::front).empty()) {
    std::ifstream in{front, std::ios::binary};
    note("front", replay_to_front(in, {}, held(side::front)), result);
  }
  return result;
}

} // namespace tandem::conformance
