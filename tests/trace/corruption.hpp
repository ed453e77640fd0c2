/// The corruption of a valid trace in one respect: a line is changed, and `tandem trace check` has something to say of
/// it, or cannot have. The table of corruptions is in corruptions.hpp.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tandem_test {

using ordered = nlohmann::ordered_json;
using words = std::vector<std::string>;

// -- traces -----------------------------------------------------------------------------------------------------------

/// One line, before it is changed.
struct trace_place {
  size_t file = 0;
  size_t line = 0; ///< from 0
};

/// Traces that belong together, as lines.
struct trace_texts {
  std::vector<std::string> names;
  std::vector<words> files;

  const std::string& at(const trace_place& x) const {
    return files[x.file][x.line];
  }
  std::string& at(const trace_place& x) {
    return files[x.file][x.line];
  }
};

/// "header", or the event.
inline std::string kind_of(const ordered& line) {
  return line.contains("tandem_trace") ? "header" : line.value("event", "");
}

/// The operation that a line is about; empty if it is about none.
inline std::string operation_of(const ordered& line) {
  const bool is_ticket = line.contains("ticket") && line["ticket"].is_object();
  const auto& owner = is_ticket ? line["ticket"] : line;
  return owner.contains("operation_id") && owner["operation_id"].is_string() ? owner["operation_id"].get<std::string>()
                                                                             : "";
}

// -- what is found ----------------------------------------------------------------------------------------------------

/// Something that holds of a place in valid traces.
using place_condition = std::function<bool(const trace_texts& valid, const trace_place& at)>;

/// The findings that have to be there.
struct expectation {
  enum class where {
    at_line,      ///< at the line that was changed
    at_next,      ///< at the one after it
    of_operation, ///< of the operation: its finding may stand at a line that does not fit the changed one any more
    nowhere,      ///< nobody can see it
  };
  where place;
  std::set<std::string> rules = {}; ///< one of these; empty: any
  std::string word = {};            ///< that the finding has in its text
  std::string why = {};             ///< why nobody can see it
  place_condition hidden = {};      ///< nobody can see it where this holds; elsewhere it has to be found

  /// The one that holds for a change of this line.
  expectation of(const trace_texts& valid, const trace_place& at) const {
    return hidden && hidden(valid, at) ? expectation{where::nowhere, {}, {}, why, {}} : *this;
  }
};

inline expectation at_line(std::set<std::string> rules, std::string word = {}) {
  return {expectation::where::at_line, std::move(rules), std::move(word), {}, {}};
}

inline expectation at_next(std::set<std::string> rules) {
  return {expectation::where::at_next, std::move(rules), {}, {}, {}};
}

inline expectation of_operation(std::set<std::string> rules, std::string word = {}) {
  return {expectation::where::of_operation, std::move(rules), std::move(word), {}, {}};
}

inline expectation unseen(std::string why) {
  return {expectation::where::nowhere, {}, {}, std::move(why), {}};
}

/// It is found exactly where `hidden` does not hold.
inline expectation unseen_if(place_condition hidden, std::string why, expectation otherwise) {
  otherwise.why = std::move(why);
  otherwise.hidden = std::move(hidden);
  return otherwise;
}

// -- changes ----------------------------------------------------------------------------------------------------------

/// Changes a line; false if there is nothing to be changed in such a one.
using line_change = std::function<bool(ordered& line)>;

struct corruption {
  std::set<std::string> kinds; ///< of lines
  std::string field;           ///< "ticket.kind"
  std::string how;
  line_change change;
  expectation expect;
  bool merged = false; ///< of a merged trace

  std::string text() const {
    std::string result = field + " " + how + " in";
    for (const auto& x : kinds)
      result += " " + x;
    return result;
  }
};

inline const std::set<std::string> all_events{"sent",   "received", "begun",   "ended",       "annotation", "consumed",
                                              "joined", "lost",     "dropped", "interrupted", "resumed"};
/// Those that tell of a link.
inline const std::set<std::string> link_events{"joined", "lost", "dropped", "interrupted", "resumed"};
inline const std::set<std::string> ticket_events{"sent", "received"};

/// The object that has a field of this name, and the field's own name.
inline std::pair<ordered*, std::string> owner_of(ordered& line, const std::string& field) {
  const auto dot = field.find('.');
  if (dot == std::string::npos)
    return {&line, field};
  return {&line[field.substr(0, dot)], field.substr(dot + 1)};
}

inline line_change put(const std::string& field, const ordered& value) {
  return [=](ordered& line) {
    const auto [owner, name] = owner_of(line, field);
    if (owner->contains(name) && (*owner)[name] == value)
      return false;
    (*owner)[name] = value;
    return true;
  };
}

/// Only where it is there.
inline line_change change_present(const std::string& field, const std::function<ordered(const ordered&)>& f) {
  return [=](ordered& line) {
    const auto [owner, name] = owner_of(line, field);
    if (!owner->contains(name))
      return false;
    const ordered before = (*owner)[name];
    (*owner)[name] = f(before);
    return (*owner)[name] != before;
  };
}

inline line_change remove_field(const std::string& field) {
  return [=](ordered& line) {
    const auto [owner, name] = owner_of(line, field);
    return owner->erase(name) > 0;
  };
}

inline line_change add_number(const std::string& field, int64_t more) {
  return change_present(field, [=](const ordered& x) { return ordered(x.get<int64_t>() + more); });
}

/// The last digit but two of an id.
inline line_change other_id(const std::string& field) {
  return change_present(field, [](const ordered& x) {
    auto text = x.get<std::string>();
    text[text.size() - 3] = text[text.size() - 3] == '5' ? '6' : '5';
    return ordered(text);
  });
}

inline line_change only_if(const std::function<bool(const ordered&)>& condition, const line_change& change) {
  return [=](ordered& line) { return condition(line) && change(line); };
}

inline bool is_first_ticket(const ordered& line) {
  return line["ticket"]["kind"] == "entire" || line["ticket"]["kind"] == "commencement";
}

inline bool is_later_ticket(const ordered& line) {
  return !is_first_ticket(line);
}

inline bool is_of_front(const ordered& line) {
  return line["side"] == "front";
}

inline bool is_of_back(const ordered& line) {
  return line["side"] == "back";
}

inline bool has_abortive_kind(const ordered& line) {
  return line["ticket"].contains("details");
}

inline ordered longer(const ordered& x) {
  return ordered(x.get<std::string>() + "x");
}

inline ordered other_text(const ordered& x) { // of the same length
  auto text = x.get<std::string>();
  text.back() = text.back() == 'x' ? 'y' : 'x';
  return ordered(text);
}

} // namespace tandem_test
