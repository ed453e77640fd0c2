/// The language of `tandem trace filter`.
#include "../support/written_trace.hpp"

#include "../../tools/trace/filtering/expression.hpp"

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using namespace std::chrono_literals;

namespace {

/// An operation "db read" that took 80 ms and expired, with 64 KiB of payloads.
operation_view an_operation() {
  written_trace trace{trace_side::front, "one/1"};
  operation_view x{{0x3f2a9c0000000001, 0x100}, trace_side::front};
  auto begun = trace.entry(trace_event::begun, 0x100, 1000);
  begun.name = "db read";
  begun.timeout = 75ms;
  begun.subscription = subscription_kind::termination_only;
  x.take(begun);
  auto sent = trace.entry(trace_event::sent, 0x100, 1100);
  sent.kind = ticket_kind::entire;
  sent.payload = trace_payload{"\"...\"", "", "", ""};
  sent.payload_size = 65536;
  x.take(sent);
  auto ended = trace.entry(trace_event::ended, 0x100, 81'000);
  ended.ended = outcome::expired;
  ended.details = "too slow";
  x.take(ended);
  return x;
}

bool holds(const std::string& text) {
  const expression x{text};
  const auto operation = an_operation();
  return x.judge(x.answers({operation, "one/1", written_trace::start_wall_ns})) == truth::yes;
}

trace_entry a_ticket() {
  written_trace trace{trace_side::back, "two/1"};
  auto x = trace.entry(trace_event::sent, 0x100, 250);
  x.kind = ticket_kind::continuation;
  x.sequence_number = {7};
  x.payload = trace_payload{R"x("say \"hi\" (now)")x", "", "", ""};
  x.payload_size = 1500;
  return x;
}

bool holds_for_record(const std::string& text, const trace_entry& entry = a_ticket()) {
  const expression x{text};
  REQUIRE(!x.asks_for_operations());
  placed_entry placed;
  placed.entry = &entry;
  return x.matches({placed, written_trace::start_wall_ns});
}

std::string error_of(const std::string& text) {
  try {
    expression{text};
  } catch (const expression_error& e) {
    return e.what();
  }
  return "no error";
}

} // namespace

TEST_CASE("expression: fields of operations") {
  for (const auto* x : {
         "name = \"db read\"",
         "name ~ ^db",
         "name !~ write",
         "name != echo",
         "outcome = expired",
         "outcome != completed",
         "duration > 50ms",
         "duration = 80ms",
         "duration <= 0.08s",
         "duration < 1m",
         "timeout = 75ms",
         "subscription = termination_only",
         "subscription = 'termination only'",
         "tickets = 1",
         "payloads >= 1",
         "bytes = 64KiB",
         "bytes > 64kB",
         "name = 'db read' and side = front",
         "begun = 1ms",
         "ended = 81000us",
         "operation_id = 3f2a.100 and bytes > 0",
         "operation_id = 3f2a9c00000000010000000000000100 and tickets=1",
         "details = 'too slow' and bytes > 0",
         "node = one/1 and bytes > 0",
         "trace_id = '' and parent != 3f2a.1",
       }) {
    CAPTURE(x);
    CHECK(holds(x));
    CHECK(!holds("not (" + std::string{x} + ")"));
  }
}

TEST_CASE("expression: fields of records") {
  for (const auto* x : {
         "kind = continuation",
         "event = sent",
         "direction = \"back to front\"",
         "sequence_number = 7",
         "payload_size > 1kB",
         "payload ~ \"hi\"",
         "payload = 'say \"hi\" (now)'",
         "payload ~ \"\\\"hi\\\" \\(\"",
         "side = back",
         "operation_id = 3f2a.100",
         "link = link",
         "time = 250us",
         "payload !~ bye",
         "text = ''",
       }) {
    CAPTURE(x);
    CHECK(holds_for_record(x));
    CHECK(!holds_for_record("not (" + std::string{x} + ")"));
  }
  auto joined = a_ticket();
  joined.event = trace_event::joined;
  for (const auto* x : {"kind = continuation", "sequence_number >= 0", "operation_id = 3f2a.100"}) {
    CAPTURE(x);
    CHECK(!holds_for_record(x, joined));
  }
}

TEST_CASE("expression: not binds before and, and before or; parentheses before all") {
  const std::string yes = "tickets = 1";
  const std::string no = "tickets = 2";
  CHECK(holds(yes + " or " + yes + " and " + no));
  CHECK(!holds("(" + yes + " or " + yes + ") and " + no));
  CHECK(!holds("not " + yes + " and " + no));
  CHECK(holds("not (" + yes + " and " + no + ")"));
  CHECK(holds("not not " + yes));
  CHECK(holds(no + " or not " + no));
}

TEST_CASE("expression: what depends on records is not known before them") {
  const auto operation = an_operation();
  const operation_facts facts{operation, "", 0};
  auto judged = [&facts](const std::string& text) {
    const expression x{text};
    return x.judge(x.answers(facts));
  };
  CHECK(judged("tickets = 1 and kind = entire") == truth::unknown);
  CHECK(judged("tickets = 2 and kind = entire") == truth::no);
  CHECK(judged("tickets = 1 or kind = entire") == truth::yes);
  CHECK(judged("tickets = 2 or not kind = entire") == truth::unknown);
  const expression x{"tickets = 1 and kind = continuation"};
  const auto entry = a_ticket();
  placed_entry placed;
  placed.entry = &entry;
  CHECK(x.matches(x.answers(facts), {placed, 0}));
  CHECK(!x.matches(0, {placed, 0}));
}

TEST_CASE("expression: what is wrong, where, and what would be right") {
  CHECK(error_of("nme = echo").starts_with("there is no field \"nme\"; the fields are name, outcome, "));
  CHECK(error_of("name = echo and kidn = entire").ends_with("\n  name = echo and kidn = entire\n                  ^"));
  CHECK(error_of("name =") == "expected a value to compare name with\n  name =\n        ^");
  CHECK(error_of("name echo").starts_with("expected an operator behind name: = != < <= > >= ~ !~\n"));
  CHECK(error_of("name < echo").starts_with("name is a text, which takes = != ~ !~\n  name < echo\n       ^"));
  CHECK(error_of("bytes ~ 1").starts_with("bytes is a number, which takes = != < <= > >=\n"));
  CHECK(error_of("outcome = complete").starts_with("outcome is one of: completed, cancelled, expired, "));
  CHECK(error_of("outcome = servicer failure").find("a value with a space must be quoted") != std::string::npos);
  CHECK(error_of("duration > 50").find("a time such as 50ms") != std::string::npos);
  CHECK(error_of("bytes > 5x").find("a number such as 12, 64KiB") != std::string::npos);
  CHECK(error_of("operation_id = xyz").find("3f2a.100") != std::string::npos);
  CHECK(error_of("(name = echo").starts_with("the \")\" for this is missing\n  (name = echo\n  ^"));
  CHECK(error_of("name = echo)").starts_with("the \"(\" for this is missing\n  name = echo)\n             ^"));
  CHECK(error_of("name = \"echo").starts_with("the closing \" of this is missing\n  name = \"echo\n         ^"));
  CHECK(error_of("name ~ \"(\"").starts_with("not a regular expression: missing ): (\n"));
  CHECK(error_of("name = a && bytes > 0").starts_with("expected \"and\" here\n  name = a && bytes > 0\n           ^"));
  CHECK(error_of("name ! echo").starts_with("expected not, or an operator: "));
  CHECK(error_of("").starts_with("an expression is missing"));
  CHECK(error_of("café = 1").find("\n  café = 1\n  ^") != std::string::npos);
  CHECK(error_of("name = 'é' x").ends_with("\n             ^"));
}

TEST_CASE("expression: too much of it is refused, not a crash") {
  CHECK(error_of(std::string(100'000, '(') + "tickets = 1").starts_with("too many parentheses"));
  std::string nots;
  for (int i = 0; i < 1000; ++i)
    nots += "not ";
  CHECK(error_of(nots + "tickets = 1").starts_with("too many parentheses and nots"));
  std::string many = "tickets = 1";
  for (size_t i = 1; i < expression::most_comparisons; ++i)
    many += " and tickets = 1";
  CHECK(holds(many));
  CHECK(error_of(many + " and tickets = 1").starts_with("more than 64 comparisons"));
}
