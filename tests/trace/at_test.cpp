/// `tandem trace at`: times that are out of reach, and traces that have nothing; follow_test.cpp has the others.
#include "../support/written_trace.hpp"

#include "../../tools/trace/listing/at.hpp"

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;

namespace {

printed at(const std::string& when, const std::string& file) {
  auto x = run_command(trace_at, {.when = *parse_trace_time(when), .files = {file}});
  CHECK(x.status == 0);
  return x;
}

} // namespace

TEST_CASE("trace at: a time past all that 64 bits hold is the last one of them") {
  written_trace trace{trace_side::front, "one/1"};
  trace.ticket(trace_event::sent, 1, 0, 0, ticket_kind::commencement, "", std::chrono::hours{1});
  const temporary_folder folder;
  const auto file = folder.file("t", trace.text());
  const auto late = at("8999999999s", file);
  CHECK(contains(late.out, " ms after the first record, 2262-04-11T23:47:16.854775807Z: 1 open"));
  CHECK(contains(late.out, "overdue"));
  CHECK(contains(late.notes, "tandem: that is after the last record, of "));
  CHECK(contains(at("-9223372036854775808", file).notes, "that is before the first record"));
}

TEST_CASE("trace at: a trace without records") {
  const temporary_folder folder;
  const auto x = at("1s", folder.file("t", written_trace{trace_side::front, "one/1"}.text()));
  CHECK(x.out == "");
  CHECK(contains(x.notes, "tandem: there are no records"));
}

TEST_CASE("trace at: whether a stream is open is not known where its beginning is missing") {
  written_trace trace{trace_side::front, "one/1"};
  trace.ticket(trace_event::sent, 1, 3, 3, ticket_kind::continuation, "x");
  const temporary_folder folder;
  const auto file = folder.file("t", trace.text());
  CHECK(contains(at("0s", file).out, "open?"));
  const auto x = run_command(trace_at, {.when = *parse_trace_time("0s"), .files = {file}, .json = true});
  CHECK(contains(x.out, R"("output":null,"input":null)"));
}
