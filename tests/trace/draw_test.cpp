/// `tandem trace draw` writes what is in golden/; taken over by running this with TANDEM_UPDATE_GOLDEN set.
#include "told_operations.hpp"

#include "../../tools/trace/telling/draw.hpp"
#include "../../tools/trace/telling/drawing.hpp"

#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;

namespace {

std::string drawn(const trace_draw_options& options) {
  const auto x = run_command(trace_draw, options);
  CHECK(x.status == 0);
  CHECK(x.notes == "");
  return x.out;
}

read_steps read(const std::string& which, const std::vector<std::string>& files) {
  std::ostringstream notes;
  return read_operations(*operation_selector::parse(which), which, files, notes);
}

} // namespace

TEST_CASE("trace draw: both sides, as Mermaid and as SVG") {
  const temporary_folder folder;
  const auto x = crossing_expiration();
  const std::vector<std::string> files{folder.file("front", x.front.text()), folder.file("back", x.back.text())};
  check_golden_text(drawn({"3f2a.100", files}), "draw_crossing.mmd");
  const auto svg = drawn({"3f2a.100", files, true});
  check_golden_text(svg, "draw_crossing.svg");
  CHECK(svg.find("sum <all>") == std::string::npos); // escaped
}

TEST_CASE("trace draw: clocks that differ do not let tickets travel back in time") {
  const temporary_folder folder;
  const auto x = failing_servicer();
  const auto all
    = make_drawing(read("3f2a.200", {folder.file("front", x.front.text()), folder.file("back", x.back.text())}), 0);
  CHECK(all.tickets.size() == 4);
  for (const auto& ticket : all.tickets) {
    REQUIRE(ticket.sent_ns.has_value());
    REQUIRE(ticket.received_ns.has_value());
    CHECK(*ticket.sent_ns <= *ticket.received_ns);
    CHECK(!ticket.lost);
  }
}

TEST_CASE("trace draw: one side only, and a ticket that was lost") {
  const temporary_folder folder;
  const auto x = failing_servicer();
  const auto front = folder.file("front", x.front.text());
  auto all = make_drawing(read("3f2a.200", {front}), 0);
  REQUIRE(all.lifelines.size() == 2);
  CHECK(all.lifelines[0].known);
  CHECK(!all.lifelines[1].known);
  for (const auto& ticket : all.tickets)
    CHECK(ticket.sent_ns.has_value() != ticket.received_ns.has_value());

  written_trace back{trace_side::back, "worker/7"};
  back.ticket(trace_event::received, 0x200, 500, 0, ticket_kind::commencement, "a", std::chrono::seconds{10});
  const auto lost = [&] {
    size_t result = 0;
    for (const auto& ticket : make_drawing(read("3f2a.200", {front, folder.file("back", back.text())}), 0).tickets)
      result += ticket.lost ? 1 : 0;
    return result;
  };
  CHECK(lost() == 0); // the trace of the back may end before the front's second ticket came
  back.ticket(trace_event::sent, 0x200, 600, 0, ticket_kind::continuation, "a");
  back.begun(0x300, 1'003'000, "another"); // more than a second after that ticket was sent
  CHECK(lost() == 1);
}

TEST_CASE("trace draw: many tickets are drawn in part") {
  written_trace trace{trace_side::front, "caller/1"};
  trace.ticket(trace_event::sent, 0x100, 0, 0, ticket_kind::commencement, "a");
  for (uint64_t i = 1; i < 1000; ++i)
    trace.ticket(trace_event::sent, 0x100, static_cast<int64_t>(i), i, ticket_kind::continuation, "b");
  const temporary_folder folder;
  const auto all = make_drawing(read("3f2a.100", {folder.file("front", trace.text())}), 10);
  CHECK(all.tickets.size() == 10);
  CHECK(all.left_out == 990);
  CHECK(all.tickets.front().label.starts_with("0 commencement"));
  CHECK(all.tickets.back().label.starts_with("999 continuation"));
}

TEST_CASE("trace draw: all operations of a trace id") {
  const auto trace = *parse_trace_id("01234567-89ab-4cde-8f01-23456789abcd");
  written_trace front{trace_side::front, "caller/1"};
  front.trace_id = trace;
  front.ticket(trace_event::sent, 0x100, 0, 0, ticket_kind::entire, "a");
  front.ticket(trace_event::sent, 0x200, 10, 0, ticket_kind::entire, "b");
  front.trace_id.reset();
  front.ticket(trace_event::sent, 0x300, 20, 0, ticket_kind::entire, "c");
  front.ticket(trace_event::received, 0x100, 30, 0, ticket_kind::completion, "d");
  const temporary_folder folder;
  const auto all = make_drawing(read("01234567-89ab-4cde-8f01-23456789abcd", {folder.file("front", front.text())}), 0);
  CHECK(all.tickets.size() == 3);
  CHECK(all.title == "2 operations");
  CHECK(all.tickets[1].label.starts_with("[2] 0 entire"));
}

TEST_CASE("trace draw: all tickets of a long operation, if all are asked for") {
  written_trace trace{trace_side::front, "caller/1"};
  trace.ticket(trace_event::sent, 0x100, 0, 0, ticket_kind::commencement, "a");
  for (uint64_t i = 1; i <= usual_steps; ++i)
    trace.ticket(trace_event::sent, 0x100, static_cast<int64_t>(i), i, ticket_kind::continuation, "b");
  const temporary_folder folder;
  const auto file = folder.file("front", trace.text());
  const auto all = drawn({"3f2a.100", {file}, false, 0});
  CHECK(all.find("10000 continuation") != std::string::npos);
  CHECK(all.find("not drawn") == std::string::npos);
  const auto part = run_command(trace_draw, {"3f2a.100", {file}, false, usual_steps});
  CHECK(contains(part.out, "10001 continuation"));
  CHECK(part.notes == "tandem: 1 tickets and notes in the midst are not drawn (--most 0 draws all)\n");
}

TEST_CASE("trace draw: an SVG picture has no characters that XML does not allow") {
  written_trace trace{trace_side::front, "caller/1"};
  trace.name = "x\uffff\ufffe\x01";
  trace.ticket(trace_event::sent, 0x100, 0, 0, ticket_kind::commencement, "\uffffa\uffee\ufffd");
  const temporary_folder folder;
  const auto svg = drawn({"3F2A.100", {folder.file("front", trace.text())}, true}); // ids in whatever case
  for (const auto* x : {"\ufffe", "\uffff", "\x01"})
    CHECK(svg.find(x) == std::string::npos);
  CHECK(svg.find("a\uffee\ufffd") != std::string::npos);
}
