#include "replay.hpp"

#include "../cli/exit_status.hpp"
#include "../cli/input_file.hpp"
#include "../cli/text.hpp"
#include "../cli/trace_notes.hpp"
#include "connect_to.hpp"

#include "../../actors/configuration.hpp"
#include "../../actors/nodes/configuration.hpp"
#include "../../actors/replay/replay_report.hpp"
#include "../../actors/replay/stand_ins.hpp"
#include "../../actors/system.hpp"
#include "../../messages/json/text.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

namespace tandem::cli {

namespace {

using clock = std::chrono::steady_clock;

/// Stands for all the fronts of the trace: takes what the back sends to them.
class recorded_fronts final : public fore_peer {
public:
  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override {
    {
      std::lock_guard guard{mutex_};
      for (const auto& ticket : tickets)
        came_[ticket.operation].push_back(entry_of(ticket));
    }
    changed_.notify_all();
    return {};
  }

  void rear_lost(const std::string& details) override {
    {
      std::lock_guard guard{mutex_};
      lost_ = details;
    }
    changed_.notify_all();
  }

  /// Waits until so many tickets have come for the operation, or one that ends it, or the time is over.
  void await(const operation_id& operation, size_t count, clock::time_point until) {
    std::unique_lock lock{mutex_};
    changed_.wait_until(lock, until, [&] {
      const auto& tickets = came_[operation];
      return !lost_.empty() || tickets.size() >= count || (!tickets.empty() && is_abortive(tickets.back().kind));
    });
    if (!lost_.empty())
      throw user_error{"the connection was lost: " + lost_};
  }

  std::vector<trace_entry> came(const operation_id& operation) const {
    std::lock_guard guard{mutex_};
    const auto found = came_.find(operation);
    return found == came_.end() ? std::vector<trace_entry>{} : found->second;
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<operation_id, std::vector<trace_entry>> came_;
  std::string lost_;
};

/// One ticket that is to be sent.
struct outgoing {
  const recorded_operation* operation;
  const recorded_step* step;
  operation_id id;       ///< of the operation now
  size_t answers_before; ///< tickets of the back that are recorded before it
};

/// Oddities of the trace go to standard error.
std::vector<recorded_operation> read_trace(const std::string& file) {
  const auto name = name_of_input(file);
  input_file in{file};
  const auto require_good = [&] {
    if (const int error = in.error(); error != 0)
      throw user_error{cannot_read(file, error)};
  };
  require_good();
  trace_reader reader{in.stream()};
  auto result = read_recorded(reader, trace_side::back);
  require_good();
  write_oddities(name, reader, reader.headers() == 0 && result.empty(), std::cerr);
  if (result.empty())
    throw user_error{"there is no operation in " + printable(name)};
  return result;
}

std::vector<outgoing> outgoing_of(const std::vector<recorded_operation>& operations) {
  std::vector<outgoing> result;
  const uint64_t front = random_bits();
  uint64_t number = 0;
  for (const auto& x : operations) {
    const operation_id id{front, number++ << 8};
    size_t answers = 0;
    for (const auto& step : x.steps) {
      if (step.kind == recorded_step::what::to_back)
        result.push_back({&x, &step, id, answers});
      answers += step.kind == recorded_step::what::to_front;
    }
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const outgoing& x, const outgoing& y) { return x.step->time < y.step->time; });
  return result;
}

nlohmann::json to_json(const replay_report& report) {
  auto differences = nlohmann::json::array();
  for (const auto& x : report.differences)
    differences.push_back({{"operation_id", to_string(x.operation)},
                           {"name", text_to_json(x.name)},
                           {"where", x.where},
                           {"expected", text_to_json(x.expected)},
                           {"actual", text_to_json(x.actual)}});
  return {{"operations", report.operations},
          {"tickets", report.tickets},
          {"differences", std::move(differences)},
          {"skipped", report.skipped}};
}

void print(const replay_report& report) {
  for (const auto& x : report.differences)
    std::cout << printable(to_string(x)) << '\n';
  for (const auto& x : report.skipped)
    std::cout << "not played: " << printable(x) << '\n';
  std::cout << "operations played: " << report.operations << ", not played: " << report.skipped.size()
            << "; tickets compared: " << report.tickets << ", differences: " << report.differences.size() << '\n';
}

void tell(const replay_report& report, bool json) {
  if (json)
    std::cout << to_line(to_json(report)) << '\n';
  else
    print(report);
  std::cout.flush();
}

} // namespace

int replay(const replay_command_options& options) {
  auto operations = read_trace(options.trace);
  replay_report report;
  skip_unfit(operations, report);
  report.operations = operations.size();
  if (operations.empty()) {
    tell(report, options.json);
    return exit_error;
  }
  system_config config;
  configure(config, options.node);
  caf::actor_system system{config};
  const auto link = connect_to(system, options.back, configured_connect_options(system));
  const auto fronts = std::make_shared<recorded_fronts>();
  link->join_fore_link(fronts);
  const auto beginning = clock::now();
  std::map<const recorded_operation*, operation_id> ids;
  for (const auto& x : outgoing_of(operations)) {
    ids[x.operation] = x.id;
    if (!options.no_delays)
      std::this_thread::sleep_until(beginning + x.step->time);
    // Steps that the front took in answer to the back, it takes in answer to the back now.
    fronts->await(x.id, x.answers_before, clock::now() + options.patience);
    accept_one(*link, ticket_of<front_to_back_ticket>(*x.step, x.id));
  }
  const auto until = clock::now() + options.patience;
  for (const auto& x : operations) {
    fronts->await(ids[&x], x.tickets(recorded_step::what::to_front).size(), until);
    compare(x, recorded_step::what::to_front, fronts->came(ids[&x]), std::nullopt, report);
  }
  tell(report, options.json);
  return report.is_same() ? exit_good : exit_error;
}

} // namespace tandem::cli
