/// `tandem trace check` finds nothing wrong with any run of the two machines; and whatever is changed in a trace
/// of it, the checker finds, unless an oracle that is not the checker says that the changed trace may be true as well.
#include "../support/property.hpp"
#include "random_run.hpp"
#include "replayed_side.hpp"

#include "../../actors/system.hpp"
#include "../../messages/trace/trace_line.hpp"
#include "../../tools/trace/checking/field_rules.hpp"

using namespace tandem;
using namespace tandem_test;
using tandem::cli::about;
using tandem::cli::finding;
using tandem::cli::rule;
using tandem::cli::severity;

namespace {

std::string written(const std::vector<finding>& all) {
  std::string result;
  for (const auto& x : all)
    result += std::string{about(x.rule).id} + " line " + std::to_string(x.line) + ": " + x.text + "\n";
  return result;
}

/// Ids and lines, to compare with those of a changed trace.
std::vector<rule> rules_of(const std::vector<finding>& all) {
  std::vector<rule> result;
  for (const auto& x : all)
    if (x.level() >= severity::warning || x.rule == rule::name)
      result.push_back(x.rule);
  return result;
}

/// Whether a finding says something of this side: not of what the other side or a link did to it.
bool blames_this_side(const finding& x) {
  if (x.rule == rule::name)
    return true;
  if (x.level() < severity::warning || x.rule == rule::s_recv_1 || x.rule == rule::overdue || x.rule == rule::missing)
    return false;
  const bool of_other = x.text.starts_with("received ") && x.rule != rule::s_end_2 && x.rule != rule::begun;
  return !of_other || x.rule == rule::clock;
}

bool anything(const std::vector<finding>& all) {
  return std::any_of(all.begin(), all.end(), blames_this_side);
}

// -- what can be changed ----------------------------------------------------------------------------------------------

template <class T>
T& value_of(std::optional<T>& x) {
  return x ? *x : x.emplace();
}

std::string changed(const std::string& x) {
  return x.empty() ? "x" : x.substr(1) + "x" + x;
}

/// Changes one field; its name, or nothing if the record has none of that kind.
std::string change_field(trace_entry& x, size_t which) {
  const bool has_beginning = x.event == trace_event::begun || (x.is_ticket() && is_first(x.kind));
  switch (which % 13) {
    case 0:
      x.operation.low += 0x100;
      return "operation_id";
    case 1:
      if (!x.is_ticket())
        return {};
      x.sequence_number.value = (x.sequence_number.value + 1 + which / 13 % 5) % 7;
      return "sequence_number";
    case 2:
      if (!x.is_ticket())
        return {};
      x.kind = static_cast<ticket_kind>((static_cast<size_t>(x.kind) + which / 13 % 10) % 11 + 1);
      return "kind";
    case 3:
      if (!has_beginning)
        return {};
      x.name = x.name ? std::optional{changed(*x.name)} : "name";
      return "name";
    case 4:
      if (!has_beginning)
        return {};
      x.subscription = value_of(x.subscription) == subscription_kind::full ? subscription_kind::termination_only
                                                                           : subscription_kind::full;
      return "subscription";
    case 5:
      if (!has_beginning)
        return {};
      value_of(x.trace_id).bytes[0] ^= 1;
      return "trace_id";
    case 6:
      if (!has_beginning && !(x.is_ticket() && x.timeout))
        return {};
      value_of(x.timeout) += std::chrono::seconds(1);
      return "timeout";
    case 7:
      if (!x.is_ticket())
        return {};
      if (x.payload) {
        x.payload.reset();
        x.payload_size = 0;
      } else {
        x.payload = trace_payload{.json = "\"more\"", .missing = {}, .start = {}, .hash = {}};
        x.payload_size = 4;
      }
      return "payload";
    case 8:
      if (!x.is_ticket())
        return {};
      ++x.payload_size;
      return "payload_size";
    case 9:
      if (!(x.event == trace_event::ended || (x.is_ticket() && is_abortive(x.kind))))
        return {};
      x.details = changed(x.details);
      return "details";
    case 10:
      if (x.event != trace_event::ended)
        return {};
      x.ended = all_outcomes[(static_cast<size_t>(x.ended) + which / 13 % 6) % 7];
      return "outcome";
    case 11:
      x.monotonic_ns -= 7'000'000'000;
      return "monotonic_ns";
    default:
      x.link += "x";
      return "link";
  }
}

/// Changes a record; returns what was changed, or nothing if that cannot be done.
std::string change(trace_entries& entries, size_t how, size_t place) {
  if (entries.empty())
    return {};
  const auto at = entries.begin() + static_cast<ptrdiff_t>(place % entries.size());
  const auto where = " in record " + std::to_string(at->record);
  switch (how % 8) {
    case 0:
      entries.erase(at);
      return "removed" + where;
    case 1: {
      const auto copy = *at;
      entries.insert(at, copy);
      return "repeated" + where;
    }
    case 2:
      if (at + 1 == entries.end() || *at == *(at + 1))
        return {};
      std::iter_swap(at, at + 1);
      std::swap(at->monotonic_ns, (at + 1)->monotonic_ns);
      return "swapped" + where;
    default: {
      const auto before = *at;
      const auto field = change_field(*at, how / 8);
      return field.empty() || before == *at ? "" : field + where;
    }
  }
}

// -- what a trace cannot know --------------------------------------------------------------------------------------

/// Whether a changed trace of one side may be true, by the machine, and by what a recording may leave out. Nothing:
/// only if the recording was switched on just after the first ticket, and then nobody knows.
std::optional<bool> may_be_true(const trace_entries& entries) {
  std::vector<trace_entries> operations(2);
  for (const auto& x : entries)
    operations[x.operation == the_operation ? 0 : 1].push_back(x);
  const auto header = header_of(entries);
  for (auto& x : operations) {
    if (x.empty())
      continue;
    for (const auto& y : x) {
      // The header and the size say so in any case.
      if (y.link != header.link || cli::size_fault(y) || y.monotonic_ns < header.start_monotonic_ns - 1'000'000'000)
        return false;
      bool extra = false;
      if (y.event == trace_event::sent)
        cli::check_extra_fields(y, [&](rule, const std::string&) { extra = true; });
      if (extra)
        return false;
    }
    const bool goes_back
      = std::adjacent_find(x.begin(), x.end(),
                           [](const trace_entry& y, const trace_entry& z) { return z.monotonic_ns < y.monotonic_ns; })
        != x.end();
    if (goes_back)
      return false;
    const bool has_begun
      = std::any_of(x.begin(), x.end(), [](const trace_entry& y) { return y.event == trace_event::begun; });
    // Without `begun`, the recording was switched on while the operation ran, or a link recorded it: see there.
    if (has_begun && x.front().event == trace_event::begun && x.front().side == trace_side::back)
      return std::nullopt;
    if (has_begun && impossible(x))
      return false;
  }
  return true;
}

} // namespace

TEST_CASE("trace check: what the machines do has no errors") {
  init_types<>();
  for (auto sky : {weather::fair, weather::late, weather::lossy, weather::repeating}) {
    CAPTURE(static_cast<int>(sky));
    check_property("nothing wrong with what machines do", 700, 100, [sky] {
      random_run run{sky};
      auto hold = [&](const trace_entries& entries, bool one_sided) {
        for (const auto& x : check_entries(entries)) {
          const bool repeated = sky == weather::repeating
                                && (x.rule == rule::s_recv_2 || x.rule == rule::s_recv_4 || x.rule == rule::twice);
          const bool lost = ((sky != weather::fair && x.rule == rule::lost) || x.rule == rule::missing) && !one_sided;
          if ((x.level() == severity::error || (x.level() == severity::warning && sky == weather::fair)) && !repeated
              && !lost)
            RC_FAIL(written(std::vector{x}) + written(entries));
        }
      };
      hold(run.recorder.entries, false);
      for (auto which : {trace_side::front, trace_side::back}) {
        const auto entries = run.recorder.side(which);
        hold(entries, true);
        if (auto why = impossible(entries))
          RC_FAIL("the oracle: " + *why + "\n" + written(entries));
        // Cut off anywhere, or begun anywhere, it is still right.
        const auto cut = any_below(entries.size() + 1);
        hold({entries.begin(), entries.begin() + static_cast<ptrdiff_t>(cut)}, true);
        trace_entries later{entries.begin() + static_cast<ptrdiff_t>(cut), entries.end()};
        number_anew(later);
        hold(later, true);
      }
    });
  }
}

TEST_CASE("trace check: a record that is missing, twice or misplaced is found by its number") {
  init_types<>();
  check_property("numbers tell", 1500, 60, [] {
    random_run run{weather::fair};
    auto entries = run.recorder.entries;
    const auto before = rules_of(check_entries(entries));
    const auto place = any_below(entries.size());
    const auto how = any_below(3);
    RC_PRE(how != 0 || place + 1 < entries.size()); // a trace without its last record may be true
    const auto what = change(entries, how, place);
    RC_PRE(!what.empty());
    const auto found = check_entries(entries);
    const bool named = std::any_of(found.begin(), found.end(), [](const finding& x) {
      return x.rule == rule::gap || x.rule == rule::repeat || x.rule == rule::order;
    });
    if (!named)
      RC_FAIL(what + "\n" + written(found) + written(entries));
    RC_ASSERT(rules_of(found).size() <= before.size() + 8); // one cause, few findings
  });
}

TEST_CASE("trace check: a change that no number gives away is found, or the machine may have done that") {
  init_types<>();
  int legal = 0;
  int found_count = 0;
  check_property("changes are found", 6000, 60, [&] {
    random_run run{*rc::gen::element(weather::fair, weather::late, weather::lossy)};
    auto entries = run.recorder.side(*rc::gen::element(trace_side::front, trace_side::back));
    RC_PRE(!entries.empty());
    const auto what = change(entries, any_below(10000), any_below(1000));
    RC_PRE(!what.empty());
    number_anew(entries);
    const auto possible = may_be_true(entries);
    RC_PRE(possible.has_value());
    const bool legal_now = *possible;
    const auto found = check_entries(entries);
    if (!legal_now && rules_of(found).empty())
      RC_FAIL(what + " is not found\n" + impossible(entries).value_or("") + "\n" + written(entries));
    if (legal_now && anything(found))
      RC_FAIL(what + " is legal, but:\n" + written(found) + written(entries));
    ++(legal_now ? legal : found_count);
  });
  CHECK(legal > 500); // both happen
  CHECK(found_count > 2000);
}

TEST_CASE("trace check: a change in one of two sides is found, or both sides may have done that") {
  init_types<>();
  check_property("changes between sides are found", 4000, 60, [] {
    random_run run{weather::fair};
    auto entries = run.recorder.entries;
    const auto before = entries;
    const auto how = any_below(10000);
    const auto what = change(entries, how, any_below(entries.size()));
    RC_PRE(!what.empty() && how % 8 >= 3);
    // Of all tickets that crossed, each has to be at both sides what it was.
    auto crossed = [](const trace_entries& all, bool to_back, trace_event event) {
      std::vector<std::string> result;
      for (auto x : all)
        if (x.event == event && x.is_ticket() && x.goes_to_back() == to_back) {
          x.record = 0;
          x.wall_ns = x.monotonic_ns = 0;
          x.side = trace_side::front;
          x.event = to_back ? trace_event::sent : trace_event::received;
          x.link.clear();
          result.push_back(to_line(x));
        }
      return result;
    };
    bool same = true;
    for (bool to_back : {true, false}) {
      const auto sent = crossed(entries, to_back, trace_event::sent);
      const auto received = crossed(entries, to_back, trace_event::received);
      for (const auto& x : received)
        same = same && std::find(sent.begin(), sent.end(), x) != sent.end();
    }
    const auto found = rules_of(check_entries(entries));
    const bool moved = what.starts_with("operation_id") || what.starts_with("link"); // another operation, or recorder
    if (!same && !moved && found.empty())
      RC_FAIL(what + " is not found\n" + written(entries));
  });
}
