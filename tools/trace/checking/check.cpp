#include "check.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/text.hpp"
#include "../reading/prepared_trace.hpp"
#include "trace_checker.hpp"

#include "../../../messages/json/text.hpp"

#include <charconv>
#include <ostream>
#include <sstream>
#include <unordered_map>

namespace tandem::cli {

namespace {

/// Prints findings as they come.
class finding_writer {
public:
  finding_writer(const trace_check_options& options, const trace_input& input, std::ostream& out)
    : options_(options),
      most_of_a_rule_(options.most_of_a_rule.value_or(options.json ? 0 : usual_most_of_a_rule)),
      input_(input),
      out_(out) {
  }

  void write(const finding& x) {
    ++summary.by_severity[static_cast<size_t>(x.level())];
    for (size_t i = 0; i < x.not_listed.size(); ++i)
      summary.by_severity[i] += x.not_listed[i];
    if (x.level() < options_.shown || (x.follows && !options_.json && !options_.all))
      return;
    auto& count = printed_[x.rule];
    if (most_of_a_rule_ > 0 && count++ >= most_of_a_rule_)
      return;
    if (options_.json)
      return write_json(x);
    out_ << printable(input_.name_of(x.file)) << ':';
    if (x.line > 0)
      out_ << x.line << ':';
    out_ << ' ' << to_string(x.level()) << ' ' << about(x.rule).id << ": " << printable(x.text);
    if (x.operation)
      out_ << " (operation " << to_string(*x.operation) << ')';
    if (x.followers > 0)
      out_ << ", and " << x.followers << (x.followers == 1 ? " more that follows" : " more that follow") << " from it";
    out_ << '\n';
  }

  void write_summary() {
    if (options_.json)
      return write_json_summary();
    for (const auto& [rule, count] : printed_)
      if (most_of_a_rule_ > 0 && count > most_of_a_rule_)
        out_ << "and " << count - most_of_a_rule_ << " more of " << about(rule).id << '\n';
    const auto& found = summary.by_severity;
    out_ << summary.records << " records of " << summary.operations << " operations: " << found[2] << " errors, "
         << found[1] << " warnings, " << found[0] << " notes\n";
  }

  check_summary summary;

private:
  void write_json(const finding& x) {
    nlohmann::ordered_json json{
      {"id", about(x.rule).id}, {"severity", to_string(x.level())}, {"file", text_to_json(input_.name_of(x.file))}};
    if (x.line > 0)
      json["line"] = x.line;
    if (x.operation)
      json["operation_id"] = to_string(*x.operation);
    json["text"] = text_to_json(x.text);
    if (x.follows)
      json["follows"] = true;
    if (x.followers > 0)
      json["followers"] = x.followers;
    out_ << to_line(json) << '\n';
  }

  void write_json_summary() {
    const auto& found = summary.by_severity;
    const nlohmann::ordered_json json{{"summary",
                                       {{"records", summary.records},
                                        {"operations", summary.operations},
                                        {"bytes", summary.bytes},
                                        {"errors", found[2]},
                                        {"warnings", found[1]},
                                        {"notes", found[0]}}}};
    out_ << to_line(json) << '\n';
  }

  const trace_check_options& options_;
  const uint64_t most_of_a_rule_;
  const trace_input& input_;
  std::ostream& out_;
  std::unordered_map<rule, uint64_t> printed_;
};

/// "line 12: not JSON" as a finding.
finding as_finding(rule which, size_t file, const std::string& text) {
  finding result{which, file, 0, std::nullopt, text};
  constexpr std::string_view prefix = "line ";
  if (!text.starts_with(prefix))
    return result;
  const char* end = text.data() + text.size();
  const auto number = std::from_chars(text.data() + prefix.size(), end, result.line);
  if (number.ec == std::errc{} && end - number.ptr > 2)
    result.text.assign(number.ptr + 2, end);
  return result;
}

/// The findings about lines that are not records. A file without any record is not a trace, and reported as such.
void write_lines(const trace_input& input, const std::vector<bool>& has_records, finding_writer& to) {
  for (size_t file = 0; file < input.files().size(); ++file) {
    const auto* reader = input.reader_of(file);
    if (reader == nullptr || (!has_records[file] && !reader->header() && !reader->errors().empty()))
      continue;
    if (reader->bytes() > 0 && reader->headers() == 0)
      to.write({rule::header, file, 1, std::nullopt, "there is no header"});
    for (const auto& text : reader->errors())
      to.write(as_finding(rule::line, file, text));
    for (auto i = reader->errors().size(); i < reader->broken_lines(); ++i)
      to.write({rule::line, file, 0, std::nullopt, "a line cannot be read"});
  }
}

/// No finding, since a program that dies leaves such a line; but what stood there is not known.
void write_cut_lines(const trace_input& input, std::ostream& notes) {
  for (size_t file = 0; file < input.files().size(); ++file)
    if (const auto* reader = input.reader_of(file))
      for (const auto& text : reader->notes())
        if (text.ends_with(": cut off"))
          notes << "tandem: " << printable(input.name_of(file)) << ": " << text << '\n';
}

} // namespace

int trace_check(const trace_check_options& options, std::ostream& out, std::ostream& notes) {
  std::ostringstream reading;
  prepared_trace trace{options.files, reading, {.in_order = false}};
  const auto& input = trace.input();
  finding_writer writer{options, input, out};
  const auto clocks = [&trace](const checked_run& x, const checked_run& y) {
    return trace.uncertainty_ns(x.file, x.node, y.file, y.node);
  };
  trace_checker checker{[&writer](const finding& x) { writer.write(x); }, {}, clocks};
  notes << reading.str();
  reading.str({});
  std::vector<bool> has_records(options.files.size());
  while (const auto* x = trace.next()) {
    has_records[x->file] = true;
    const auto& reader = *input.reader_of(x->file);
    checker.take(*x, {reader.headers(), reader.broken_lines(), reader.skipped()});
    ++writer.summary.records;
  }
  checker.finish();
  const int status = trace.finish();
  write_lines(input, has_records, writer);
  if (status != exit_good)
    notes << reading.str(); // what kept a file from being read; the rest of it are findings too
  else
    write_cut_lines(input, notes);
  writer.summary.operations = checker.operation_count();
  writer.summary.bytes = input.bytes();
  writer.write_summary();
  out.flush();
  uint64_t bad = 0;
  for (auto i = static_cast<size_t>(options.failing); i < writer.summary.by_severity.size(); ++i)
    bad += writer.summary.by_severity[i];
  return bad > 0 ? exit_error : status;
}

int trace_check_rules(bool json, std::ostream& out) {
  for (const auto& x : all_rules()) {
    if (json)
      out << to_line(nlohmann::ordered_json{{"id", x.id}, {"severity", to_string(x.level)}, {"text", x.text}}) << '\n';
    else
      out << x.id << std::string(12 - x.id.size(), ' ') << to_string(x.level)
          << std::string(9 - to_string(x.level).size(), ' ') << x.text << '\n';
  }
  out.flush();
  return exit_good;
}

} // namespace tandem::cli
