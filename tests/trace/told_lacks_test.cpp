/// `tandem trace explain` and `draw` take no missing record for a lost ticket, and no clock for a delay.
#include "told_operations.hpp"

#include "../../tools/trace/filtering/filter.hpp"
#include "../../tools/trace/telling/draw.hpp"
#include "../../tools/trace/telling/drawing.hpp"
#include "../../tools/trace/telling/explain.hpp"
#include "../../tools/trace/telling/explanation.hpp"

#include <algorithm>
#include <sstream>

using namespace tandem;
using namespace tandem::cli;
using namespace tandem_test;
using event = trace_event;
using kind = ticket_kind;

namespace {

constexpr auto trace_id_text = "01234567-89ab-4cde-8f01-23456789abcd";

/// A stream of results, each of which arrives 10 ms after it was sent; the last one does not arrive.
struct stream {
  stream(uint64_t results, int64_t clock_ns = 0) {
    back.clock_ns = clock_ns;
    front.begun(1, 0, "range", std::chrono::seconds{60});
    front.ticket(event::sent, 1, 10, 0, kind::entire, "1", std::chrono::seconds{60});
    back.ticket(event::received, 1, 10'010, 0, kind::entire, "1", std::chrono::seconds{60});
    back.begun(1, 10'010, "range", std::chrono::seconds{60});
    for (uint64_t i = 0; i < results; ++i)
      back.ticket(event::sent, 1, at(i), i, kind::continuation, "x");
    for (uint64_t i = 0; i + 1 < results; ++i)
      front.ticket(event::received, 1, at(i) + 10'000, i, kind::continuation, "x");
    last = at(results - 1);
  }

  static int64_t at(uint64_t i) {
    return 20'000 + static_cast<int64_t>(i);
  }

  /// The front's timer fires 5 ms after the last result was sent, and the last record comes after that.
  void end_at_front(int64_t last_record) {
    auto expired = front.entry(event::sent, 1, last + 15'000);
    expired.sequence_number = {1};
    expired.kind = kind::expiration;
    front.add(expired);
    front.ended(1, last + 15'000, outcome::expired);
    front.begun(9, last_record, "another");
  }

  read_steps read(const std::string& front_text, size_t most = usual_steps) const {
    std::ostringstream notes;
    const auto x = read_operations(*operation_selector::parse("3f2a.1"), "3f2a.1",
                                   {folder.file("front", front_text), folder.file("back", back.text())}, notes, most);
    CHECK(x.status == 0);
    return x;
  }

  std::vector<std::string> under_way(const std::string& front_text) const {
    return explain(read(front_text).operations.at(0)).sides[0].under_way;
  }

  size_t lost(const std::string& front_text) const {
    const auto picture = make_drawing(read(front_text), 0);
    return static_cast<size_t>(
      std::count_if(picture.tickets.begin(), picture.tickets.end(), [](const drawn_ticket& x) { return x.lost; }));
  }

  written_trace front{trace_side::front, "h/1"};
  written_trace back{trace_side::back, "h/2"};
  int64_t last = 0;
  temporary_folder folder;
};

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("trace explain: a ticket that the traces have has arrived, though only the ends of the operation are kept") {
  stream x{1000};
  const auto end = x.last + 20'000;
  x.back.ended(1, x.last, outcome::completed);
  x.front.ended(1, end, outcome::completed);
  const auto found = x.read(x.front.text(), 40);
  const auto& steps = found.operations.at(0);
  CHECK(steps.steps.size() == 40);
  CHECK(steps.left_out == 2 + 1000 + 1 + 2 + 999 + 1 - 40);
  const auto told = explain(steps);
  // Only the last result has not arrived.
  CHECK(told.sides[0].under_way == x.under_way(x.front.text()));
  CHECK(told.sides[0].under_way.size() == 1);
  CHECK(told.sides[1].under_way.empty());
  CHECK(told.remarks.back().starts_with("1965 records in the middle were too many to be kept"));
  const auto picture = make_drawing(found, 0);
  for (const auto& ticket : picture.tickets) {
    CHECK(!ticket.lost);
    if (ticket.sent_ns && ticket.received_ns)
      CHECK(*ticket.received_ns - *ticket.sent_ns == 10'000'000);
  }
}

TEST_CASE("trace explain: what was under way among steps that are left out is listed all the same") {
  stream x{1};
  constexpr uint64_t last = 100;
  for (uint64_t i = 1; i <= last; ++i)
    x.back.ticket(event::sent, 1, stream::at(i), i, kind::continuation, "x");
  x.front.ended(1, stream::at(last) + 5'000, outcome::cancelled); // 10 ms are not over: no result has arrived
  for (uint64_t i = 0; i < last; ++i)
    x.front.ticket(event::received, 1, stream::at(i) + 10'000, i, kind::continuation, "x");
  x.front.begun(9, stream::at(last) + 3'000'000, "another");
  for (int64_t i = 0; i < 100; ++i) { // and then so many notes that the tickets are in the midst
    auto note = x.back.entry(event::annotation, 1, stream::at(last) + 20'000 + i);
    note.text = "note";
    x.back.add(note);
  }
  const auto whole = explain(x.read(x.front.text(), 1000).operations.at(0)).sides[0].under_way;
  CHECK(whole.size() == last + 1);
  const auto steps = x.read(x.front.text(), 40).operations.at(0);
  CHECK(steps.left_out > 100);
  CHECK(explain(steps).sides[0].under_way == whole);
  CHECK(explain(steps).remarks.back()
        == std::to_string(steps.left_out) + " records in the middle were too many to be kept");
}

TEST_CASE("trace explain: a ticket never arrived only if the trace goes on and lacks nothing") {
  stream goes_on{2};
  goes_on.end_at_front(goes_on.last + 1'000'001); // more than a second later
  CHECK(
    goes_on.under_way(goes_on.front.text())
    == texts{"the back's continuation 1, sent 15.0 ms before, never arrived, though the trace of the front goes on"});
  CHECK(goes_on.lost(goes_on.front.text()) == 1);
  stream ends{2};
  ends.end_at_front(ends.last + 20'000);
  CHECK(ends.under_way(ends.front.text())
        == texts{"the back's continuation 1, sent 15.0 ms before, is not in the trace of the front, which ends 20.0 ms "
                 "after it was sent"});
  CHECK(ends.lost(ends.front.text()) == 0);
}

TEST_CASE("trace explain: what the recorder dropped, and what a filter left out, may have arrived") {
  stream x{2};
  auto dropped = x.front.entry(event::dropped, 0, x.last + 1);
  dropped.count = 3;
  x.front.add(dropped);
  x.end_at_front(x.last + 2'000'000);
  CHECK(x.under_way(x.front.text())
        == texts{"the back's continuation 1, sent 15.0 ms before, is not in the trace of the front, which is not "
                 "complete: its recorder dropped 3 records"});
  CHECK(x.lost(x.front.text()) == 0);

  stream whole{2};
  whole.end_at_front(whole.last + 2'000'000);
  std::ostringstream filtered;
  std::ostringstream notes;
  CHECK(trace_filter({"kind != continuation", {whole.folder.file("whole", whole.front.text())}}, filtered, notes) == 0);
  CHECK(whole.lost(filtered.str()) == 0);
  for (const auto& text : whole.under_way(filtered.str()))
    CHECK(contains(text, "which is not complete: it has only what `kind != continuation` selects"));
}

TEST_CASE("trace explain: what came before a recording began may have arrived") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "h/1"};
  written_trace back{trace_side::back, "h/2"};
  front.begun(1, 0, "echo", std::chrono::seconds{10});
  front.ticket(event::sent, 1, 10, 0, kind::commencement, "a", std::chrono::seconds{10});
  front.ticket(event::sent, 1, 500, 1, kind::continuation, "b");
  front.ended(1, 600, outcome::transmission_failure);
  back.ticket(event::received, 1, 550, 1, kind::continuation, "b");
  back.ended(1, 610, outcome::transmission_failure);
  back.begun(9, 2'000'000, "another");
  const std::vector<std::string> files{folder.file("front", front.text()), folder.file("back", back.text())};
  const auto x = run_command(trace_explain, {"3f2a.1", files});
  CHECK(contains(x.out,
                 "On its way at that moment: the front's commencement 0, sent 0.6 ms before, is not in the trace "
                 "of the back, which begins later."));
}

TEST_CASE("trace explain: a clock that is ahead is no delay") {
  stream x{2, 3'000'000'000};
  x.end_at_front(x.last + 2'000'000);
  // 10 ms each way, so that nothing is left to guess.
  const auto steps = x.read(x.front.text()).operations.at(0);
  CHECK(steps.back_ahead_ns == 3'000'000'000);
  CHECK(steps.uncertainty_ns == 10'000'000);
  CHECK(
    x.under_way(x.front.text())
    == texts{"the back's continuation 1, sent 15.0 ms before, never arrived, though the trace of the front goes on"});
  const auto remarks = explain(steps).remarks;
  CHECK(std::find(remarks.begin(), remarks.end(),
                  "the back's clock is 3.000 s ahead of the front's, off by 10.0 ms at most, which is taken off")
        != remarks.end());
}

TEST_CASE("trace explain: where clocks are not known to agree, no times are told between the sides") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  written_trace back{trace_side::back, "two/1"};
  back.clock_ns = 3'000'000'000;
  front.begun(1, 0, "echo", std::chrono::seconds{10});
  front.ticket(event::sent, 1, 10, 0, kind::commencement, "a", std::chrono::seconds{10});
  back.ticket(event::received, 1, 100, 0, kind::commencement, "a", std::chrono::seconds{10});
  front.ticket(event::sent, 1, 200, 1, kind::cancellation);
  front.ended(1, 210, outcome::cancelled);
  back.ticket(event::received, 1, 300, 1, kind::cancellation);
  back.ended(1, 310, outcome::cancelled);
  const std::vector<std::string> files{folder.file("front", front.text()), folder.file("back", back.text())};
  const auto x = run_command(trace_explain, {"3f2a.1", files});
  CHECK(x.status == 0);
  CHECK(!contains(x.out, "3.0"));
  CHECK(!contains(x.out, "after it was sent"));
  CHECK(!contains(x.out, "ended first"));
  CHECK(contains(x.out,
                 "How far apart the clocks of the two nodes are is not known, so neither is how long tickets took "
                 "between them."));
}

TEST_CASE("trace explain and draw: of a trace id, a note says how many operations are left out") {
  const temporary_folder folder;
  written_trace front{trace_side::front, "one/1"};
  front.trace_id = parse_trace_id(trace_id_text);
  for (uint64_t i = 0; i < most_operations + 5; ++i)
    front.ticket(event::sent, i, static_cast<int64_t>(i), 0, kind::entire, "x");
  const auto file = folder.file("front", front.text());
  const std::string note = "tandem: 5 further operations of this trace id, after the first 1000, are left out\n";
  CHECK(run_command(trace_explain, {trace_id_text, {file}}).notes == note);
  const auto drawn = run_command(trace_draw, {trace_id_text, {file}, false, 10});
  CHECK(drawn.notes == note + "tandem: 990 tickets and notes in the midst are not drawn (--most 0 draws all)\n");
  CHECK(contains(drawn.out, "1000 operations, and 5 more that are not drawn"));
}
