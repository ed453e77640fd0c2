#include "replay.hpp"

#include "../cli/exit_status.hpp"
#include "../cli/input_file.hpp"
#include "../cli/text.hpp"
#include "../cli/trace_notes.hpp"
#include "connect_to.hpp"
#include "replay_player.hpp"

#include "../../actors/configuration.hpp"
#include "../../actors/nodes/configuration.hpp"
#include "../../actors/replay/operation_source.hpp"
#include "../../actors/system.hpp"
#include "../../messages/json/text.hpp"

#include <iostream>
#include <memory>
#include <optional>
#include <vector>

namespace tandem::cli {

namespace {

/// The operations of the trace that can be played, one by one; the others go into the report.
class playable_operations {
public:
  playable_operations(const replay_command_options& options, replay_report& report)
    : file_(options.trace), in_(options.trace), report_(report) {
    require_good();
    reader_.emplace(in_.stream());
    source_.emplace(*reader_, trace_side::back, options.trace_bytes);
    fill();
    if (!has_any_) {
      tell_oddities();
      throw user_error{"there is no operation in " + printable(name_of_input(file_))};
    }
  }

  std::optional<recorded_operation> next() {
    if (at_ == group_.size())
      fill();
    return at_ == group_.size() ? std::nullopt : std::optional{std::move(group_[at_++])};
  }

  bool is_empty() const noexcept {
    return at_ == group_.size();
  }

  /// Oddities of the trace go to standard error. At its end. False if the trace is not whole.
  bool tell_oddities() const {
    const bool is_empty = reader_->headers() == 0 && !has_any_;
    return write_oddities(name_of_input(file_), *reader_, is_empty, in_.problem(), std::cerr);
  }

private:
  void require_good() const {
    if (const int error = in_.error(); error != 0)
      throw user_error{cannot_read(file_, error)};
  }

  /// Reads until there is one that can be played, or the end.
  void fill() {
    for (at_ = 0;;) {
      group_ = source_->next();
      require_good();
      if (group_.empty())
        return;
      has_any_ = true;
      skip_unfit(group_, report_);
      if (!group_.empty())
        return;
    }
  }

  const std::string file_;
  packed_input_file in_;
  replay_report& report_;
  std::optional<trace_reader> reader_;
  std::optional<operation_source> source_;
  std::vector<recorded_operation> group_;
  size_t at_ = 0; ///< the next one of the group
  bool has_any_ = false;
};

nlohmann::json to_json(const std::vector<replay_difference>& list) {
  auto result = nlohmann::json::array();
  for (const auto& x : list)
    result.push_back({{"operation_id", to_string(x.operation)},
                      {"name", text_to_json(x.name)},
                      {"where", x.where},
                      {"expected", text_to_json(x.expected)},
                      {"actual", text_to_json(x.actual)}});
  return result;
}

nlohmann::json to_json(const replay_report& report) {
  return {{"operations", report.operations},
          {"tickets", report.tickets},
          {"unanswered", report.unanswered},
          {"differences", to_json(report.differences)},
          {"late", to_json(report.late)},
          {"skipped", report.skipped},
          {"further_differences", report.further_differences},
          {"further_late", report.further_late},
          {"further_skipped", report.further_skipped}};
}

void print(const replay_report& report) {
  for (const auto& x : report.differences)
    std::cout << printable(to_string(x)) << '\n';
  for (const auto& x : report.late)
    std::cout << "late: " << printable(to_string(x)) << '\n';
  for (const auto& x : report.skipped)
    std::cout << "not played: " << printable(x) << '\n';
  if (const auto more = report.further_differences + report.further_late + report.further_skipped; more > 0)
    std::cout << "and " << more << " more that are only counted\n";
  const auto late = report.late.size() + report.further_late;
  std::cout << "operations played: " << report.operations
            << ", not played: " << report.skipped.size() + report.further_skipped
            << (report.unanswered > 0 ? ", without a recorded answer: " + std::to_string(report.unanswered) : "")
            << "; tickets compared: " << report.tickets << (late > 0 ? ", late: " + std::to_string(late) : "")
            << ", differences: " << report.differences.size() + report.further_differences << '\n';
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
  replay_report report;
  playable_operations operations{options, report};
  if (!operations.is_empty()) {
    system_config config;
    configure(config, options.node);
    caf::actor_system system{config};
    const auto link = connect_to(system, options.back, configured_connect_options(system));
    const auto answers = std::make_shared<replay_answers>();
    link->join_fore_link(answers);
    replay_player{*link, answers, {options.no_delays, options.patience, options.at_once}, report}.play(
      [&operations] { return operations.next(); });
  }
  const bool is_whole = operations.tell_oddities();
  tell(report, options.json);
  return is_whole && report.is_same() ? exit_good : exit_error;
}

} // namespace tandem::cli
