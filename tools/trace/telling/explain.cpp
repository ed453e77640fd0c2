#include "explain.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/text.hpp"
#include "explanation.hpp"

#include "../../../messages/json/text.hpp"

#include <algorithm>
#include <cctype>
#include <ostream>

namespace tandem::cli {

namespace {

/// Of the tickets of a side that were on their way; nobody reads hundreds.
constexpr size_t most_listed = 20;

std::string capitalized(std::string text) {
  if (!text.empty())
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

void write_text(const explanation& x, std::ostream& out) {
  out << "operation " << to_string(x.id) << (x.name.empty() ? "" : ", " + printable(x.name)) << "\n";
  for (const auto& side : x.sides) {
    out << '\n'
        << capitalized(std::string{to_string(side.side)}) << ": "
        << (side.ended                                          ? to_string(*side.ended)
            : side.known && side.cause != ending_cause::unknown ? "open"
                                                                : "not known")
        << '\n';
    for (const auto& sentence : side.sentences)
      out << "  " << capitalized(sentence) << ".\n";
    const auto listed = std::min(side.under_way.size(), most_listed);
    for (size_t i = 0; i < listed; ++i)
      out << "  On its way at that moment: " << side.under_way[i] << ".\n";
    if (const auto more = side.under_way.size() - listed; more > 0)
      out << "  On its way at that moment, too: " << more << (more == 1 ? " other ticket" : " other tickets")
          << ", listed with --json.\n";
  }
  out << '\n';
  for (const auto& remark : x.remarks)
    out << capitalized(remark) << ".\n";
  out << "What the caller may do next: " << x.advice << ".\n";
}

nlohmann::ordered_json number_or_null(const std::optional<int64_t>& x) {
  return x ? nlohmann::ordered_json(*x) : nlohmann::ordered_json();
}

nlohmann::ordered_json json_of(const explanation& x) {
  nlohmann::ordered_json result{{"operation_id", to_string(x.id)}};
  if (!x.name.empty())
    result["name"] = text_to_json(x.name);
  for (const auto& side : x.sides) {
    nlohmann::ordered_json json{{"known", side.known}};
    json["outcome"] = side.ended ? nlohmann::ordered_json(to_string(*side.ended)) : nlohmann::ordered_json(nullptr);
    json["inferred"] = side.inferred;
    json["cause"] = side.known ? to_string(side.cause) : to_string(ending_cause::unknown);
    json["sentences"] = side.sentences;
    json["under_way"] = side.under_way;
    json["without_credit_ns"] = number_or_null(side.without_credit_ns);
    json["consumer_took_ns"] = number_or_null(side.consumer_took_ns);
    result[std::string{to_string(side.side)}] = std::move(json);
  }
  result["remarks"] = x.remarks;
  result["advice"] = x.advice;
  return result;
}

} // namespace

int trace_explain(const trace_explain_options& options, std::ostream& out, std::ostream& notes) {
  const auto which = operation_selector::parse(options.operation);
  if (!which)
    throw usage_error{"OPERATION: expected " + std::string{operation_wanted} + ", got \"" + options.operation + "\""};
  const auto found = read_operations(*which, options.operation, options.files, notes);
  bool first = true;
  for (const auto& x : found.operations) {
    const auto result = explain(x);
    if (options.json) {
      out << to_line(json_of(result)) << '\n';
      continue;
    }
    out << (std::exchange(first, false) ? "" : "\n\n");
    write_text(result, out);
  }
  if (const auto text = found.note_about_left_out(); !text.empty())
    notes << "tandem: " << text << '\n';
  out.flush();
  return found.status;
}

} // namespace tandem::cli
