#include "part_tables.hpp"
#include "explore_part.hpp"
#include "ticket_builders.hpp"

#include "../../actors/core/customer.hpp"
#include "../../actors/core/input.hpp"
#include "../../actors/core/output.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

namespace tandem_test {

using namespace tandem;

namespace {

std::string in_words(core::share x) {
  switch (x) {
    case core::share::everything:
      return "everything is wanted";
    case core::share::end_only:
      return "the end is wanted";
    case core::share::nothing:
      return "nothing is wanted";
  }
  return "?";
}

/// Output or input, with what is wanted of it, which matters while it is open.
template <class Part>
struct direction {
  Part part;
  core::share wanted;

  explicit direction(core::share x) : part(typename Part::open{x}), wanted(x) {
  }

  /// One that is not open.
  explicit direction(Part x) : part(x), wanted(core::share::everything) {
  }

  std::string name() const {
    return std::string{part.name()} + (part.is_open() ? ", " + in_words(wanted) : "");
  }
  static bool is_deep() {
    return false;
  }
  bool is_closing() const {
    return !part.is_open() && !part.is_closed();
  }
};

std::string in_words(core::sending x) {
  switch (x) {
    case core::sending::nothing:
      return "nothing";
    case core::sending::continuation:
      return "send a continuation";
    case core::sending::completion:
      return "send a completion";
    case core::sending::bare_completion:
      return "send a completion without payload";
    case core::sending::too_late:
      return "too late";
  }
  return "?";
}

std::string in_words(core::taking x) {
  switch (x) {
    case core::taking::nothing:
      return "nothing";
    case core::taking::delivery:
      return "deliver";
    case core::taking::too_late:
      return "too late";
  }
  return "?";
}

/// Customer code, with what waits in words, and whether the end has been given to it to deliver.
struct customer_walker {
  core::customer part;
  std::deque<std::string> waiting{};
  bool end_given = false;
  int asked = 0;

  std::string name() const {
    std::string result{part.name()};
    if (asked > 0)
      result += ", " + std::to_string(asked) + " wait to send";
    for (const auto& x : waiting)
      result += ", " + x + " waits";
    return result;
  }
  bool is_deep() const {
    return waiting.size() > 1 || asked > 1;
  }

  std::string deliver(bool last) {
    end_given = last;
    core::effects<core::back_side> calls;
    auto content = last ? std::nullopt : std::optional{text("b")};
    std::shared_ptr<const void> receipt;
    part.handle(core::to_deliver{content, last, 0, receipt}, calls);
    if (calls.empty()) {
      waiting.push_back(last ? "the end" : "a payload");
      return "nothing";
    }
    return written(calls);
  }

  std::string ask() {
    ++asked;
    part.handle(core::readiness_asked{});
    return "nothing";
  }

  /// It can send now.
  std::string report() {
    core::effects<core::back_side> calls;
    part.report(calls);
    return written(calls);
  }

  std::string extend_call() {
    core::effects<core::back_side> calls;
    part.handle(core::call_extended{}, calls);
    return written(calls);
  }

  std::string return_from_call(bool may_send) {
    core::effects<core::back_side> calls;
    const auto result = part.handle(core::customer_returned{}, may_send, calls);
    auto words = written(calls);
    const auto consumed = "consumed " + std::to_string(result.consumed) + (result.all ? ", which is all" : "");
    return consumed + (words == "nothing" ? "" : "; " + words);
  }

  std::string written(const core::effects<core::back_side>& calls) {
    std::string result;
    for (const auto& x : calls) {
      const auto* delivery = std::get_if<core::deliver>(&x);
      result += delivery == nullptr ? "report" : delivery->last ? "deliver the end" : "deliver a payload";
      if (delivery == nullptr)
        --asked;
      else if (!waiting.empty())
        waiting.pop_front();
    }
    return result.empty() ? "nothing" : result;
  }
};

std::string wide(std::string text) {
  text.resize(std::max<size_t>(text.size() + 1, 34), ' ');
  return text;
}

std::string in_quotes(const std::string& text) {
  return '"' + text + '"';
}

} // namespace

part_table explore_output() {
  using walker = direction<core::output>;
  auto give = [](bool content, bool last) {
    return [=](walker& x) {
      return in_words(x.part.handle(core::payload_given{content ? std::optional{text("a")} : std::nullopt, last}));
    };
  };
  auto take = [](walker& x) {
    x.part.handle(core::last_ticket_taken{});
    return std::string{"nothing"};
  };
  return explore_part<walker>("output",
                              {walker{core::share::everything}, walker{core::share::end_only},
                               walker{core::share::nothing}, walker{core::output{core::output::closing{}}}},
                              {{"payload given", give(true, false)},
                               {"payload given, the last", give(true, true)},
                               {"end of output given", give(false, true)},
                               {"last ticket taken", take, [](const walker& x) { return x.is_closing(); }}});
}

part_table explore_input() {
  using walker = direction<core::input>;
  auto come = [](bool content, bool last) {
    return [=](walker& x) { return in_words(x.part.handle(core::turn_came{content, last})); };
  };
  auto consume = [](walker& x) {
    x.part.handle(core::all_consumed{});
    return std::string{"nothing"};
  };
  return explore_part<walker>(
    "input",
    {walker{core::share::everything}, walker{core::share::end_only}, walker{core::input{core::input::closed{}}}},
    {{"a payload's turn came", come(true, false)},
     {"a new timeout's turn came", come(false, false)},
     {"the last payload's turn came", come(true, true)},
     {"the end's turn came", come(false, true)},
     {"all was consumed", consume, [](const walker& x) { return x.is_closing(); }}});
}

part_table explore_customer() {
  using core::customer;
  using walker = customer_walker;
  using kind = core::customer_threw::kind;
  auto more_may_come = [](const walker& x) { return !x.end_given; };
  auto in_call = [](const walker& x) { return x.part.name() != "idle"; };
  auto threw = [](kind what) {
    return [=](walker& x) {
      return std::string{x.part.handle(core::customer_threw{what, {}}) ? "no such method" : "an error"};
    };
  };
  return explore_part<walker>("customer", {walker{customer{customer::opening{}}}, walker{customer{customer::idle{}}}},
                              {{"a payload to deliver", [](walker& x) { return x.deliver(false); }, more_may_come},
                               {"the end to deliver", [](walker& x) { return x.deliver(true); }, more_may_come},
                               {"returned", [](walker& x) { return x.return_from_call(false); }, in_call},
                               {"returned, can send", [](walker& x) { return x.return_from_call(true); }, in_call},
                               {"readiness asked", [](walker& x) { return x.ask(); }},
                               {"can send", [](walker& x) { return x.report(); }},
                               {"call extended", [](walker& x) { return x.extend_call(); },
                                [](const walker& x) { return x.part.name() == "consuming" && !x.waiting.empty(); }},
                               {"threw", threw(kind::error), in_call},
                               {"threw: no such method", threw(kind::no_such_method), in_call}});
}

std::string written_table(const part_table& table) {
  std::string out = table.title + "\n" + std::string(table.title.size(), '=') + "\nbegins as:\n";
  for (const auto& x : table.beginnings)
    out += "  " + x + "\n";
  for (const auto& row : table.rows) {
    out += "\n" + row.name + "\n";
    for (const auto& cell : row.cells)
      out += "  " + wide(cell.event) + cell.answer + (cell.next == row.name ? "" : " -> " + cell.next) + "\n";
    for (const auto& x : row.cannot_happen)
      out += "  " + wide(x) + "cannot happen\n";
  }
  return out;
}

std::string written_diagram(const part_table& table) {
  std::map<std::pair<std::string, std::string>, std::string> edges;
  for (const auto& row : table.rows)
    for (const auto& cell : row.cells)
      if (cell.next != row.name)
        edges[{row.name, cell.next}] += cell.event + "\\l";
  std::string out = "// Generated by tests/core/golden_test.cpp; render it with: dot -Tsvg\n";
  out += "digraph " + in_quotes(table.title) + " {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n";
  out += "  \"the beginning\" [shape=point];\n";
  for (const auto& x : table.beginnings)
    out += "  \"the beginning\" -> " + in_quotes(x) + ";\n";
  for (const auto& [ends, events] : edges)
    out += "  " + in_quotes(ends.first) + " -> " + in_quotes(ends.second) + " [label=" + in_quotes(events) + "];\n";
  out += "}\n";
  return out;
}

} // namespace tandem_test
