/// Whose turn it is on the way to another node (S-PORT-4, S-PORT-5): the queue by itself, without a socket.
#include "../../actors/nodes/network/port_codec.hpp"
#include "../../actors/nodes/session/ticket_queue.hpp"
#include "../support/collecting_peers.hpp"
#include "../support/ticket_builders.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace tandem;
using namespace tandem_test;

namespace {

/// A queue, and what its frames have in them: "1/0 commencement", "2 +1000" for a piece of payload 2, "2 dropped".
struct queue_world {
  node at;
  ticket_queue queue;
  uint64_t transfers = 0;

  void push(const std::vector<front_to_back_ticket>& tickets) {
    ticket_batch batch;
    for (const auto& x : tickets) {
      auto& entry = batch.entries.emplace_back();
      entry.operation = x.operation;
      entry.is_first = is_first(x.kind);
      entry.is_abortive = is_abortive(x.kind);
      entry.transfer = ++transfers;
      append_ticket(at.system, x, {.transfer = entry.transfer}, batch.bytes, entry.payload);
      entry.end = batch.bytes.size();
    }
    queue.push(std::move(batch));
  }

  std::vector<std::string> next(bool only_control = false) {
    std::vector<std::string> result;
    const auto frame = queue.next_frame(only_control);
    if (frame == nullptr)
      return result;
    CHECK(frame->size() <= frame_limit);
    const auto all = frame->bytes + std::string{frame->piece};
    std::string_view in = all;
    std::string error;
    while (auto item = take_item<front_to_back_ticket>(at.system, in, SIZE_MAX, error)) {
      if (const auto* x = std::get_if<ticket_item<front_to_back_ticket>>(&*item))
        result.push_back(std::to_string(x->ticket.operation.low) + "/" + std::to_string(x->ticket.sequence_number.value)
                         + " " + to_string(x->ticket.kind));
      else if (const auto* piece = std::get_if<piece_item>(&*item))
        result.push_back(std::to_string(piece->transfer) + " +" + std::to_string(piece->bytes.size()));
      else
        result.push_back(std::to_string(std::get<dropped_item>(*item).transfer) + " dropped");
    }
    CHECK(error == "");
    return result;
  }
};

front_to_back_ticket first(uint64_t operation, size_t bytes = 1) {
  return of(operation, commencement(std::string(bytes, 'x')));
}

front_to_back_ticket later(uint64_t operation, uint64_t number, size_t bytes = 1) {
  return of(operation, to_back(number, ticket_kind::continuation, std::string(bytes, 'x')));
}

front_to_back_ticket cancellation(uint64_t operation, uint64_t number) {
  return of(operation, to_back(number, ticket_kind::cancellation));
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("S-PORT-4: what fits into a frame goes as it was given") {
  queue_world x;
  CHECK(x.queue.empty());
  x.push({first(1), later(1, 1), first(2)});
  x.push({later(2, 1)});
  CHECK_FALSE(x.queue.empty());
  CHECK(x.next() == texts{"1/0 commencement", "1/1 continuation", "2/0 commencement", "2/1 continuation"});
  CHECK(x.queue.empty());
  CHECK(x.queue.bytes() == 0);
  CHECK(x.next().empty());
}

TEST_CASE("S-PORT-4: what goes as it was given keeps its order, however long there is more") {
  queue_world x;
  texts expected;
  texts gone;
  for (uint64_t i = 0; i < 200; ++i) {
    x.push({first(i, 1500)});
    expected.push_back(std::to_string(i) + "/0 commencement");
    if (i < 4)
      continue; // from here on something waits at all times
    CHECK(x.queue.has_first());
    for (const auto& text : x.next())
      gone.push_back(text);
    x.push({later(i, 1, 500)});
    expected.push_back(std::to_string(i) + "/1 continuation");
    REQUIRE(x.queue.bytes() < size_t{16} << 10);
  }
  while (!x.queue.empty())
    for (const auto& text : x.next())
      gone.push_back(text);
  CHECK(gone == expected);
  CHECK_FALSE(x.queue.has_first());
  CHECK(x.queue.bytes() == 0);
}

TEST_CASE("S-PORT-4: operations take turns, a new one goes first, and each keeps its order") {
  queue_world x;
  std::vector<front_to_back_ticket> backlog;
  for (uint64_t operation : {1, 2}) {
    backlog.push_back(first(operation, 1000));
    for (uint64_t i = 1; i < 100; ++i)
      backlog.push_back(later(operation, i, 1000));
  }
  x.push(backlog);
  std::map<char, uint64_t> next;
  size_t frames = 0;
  size_t longest_run = 0;
  size_t run = 0;
  char last = ' ';
  while (!x.queue.empty()) {
    if (++frames == 12) { // both have had their first turn
      x.push({first(3)});
      const auto now = x.next();
      CHECK(now.front() == "3/0 commencement");
      for (const auto& text : now)
        if (text[0] != '3')
          ++next[text[0]];
      continue;
    }
    for (const auto& text : x.next()) {
      CHECK(text.find("/" + std::to_string(next[text[0]]++) + " ") == 1);
      run = text[0] == last ? run + 1 : 1;
      last = text[0];
      if (next['1'] < 100 && next['2'] < 100)
        longest_run = std::max(longest_run, run);
    }
  }
  CHECK(next['1'] == 100);
  CHECK(next['2'] == 100);
  CHECK(longest_run <= 20); // 16 KiB
  CHECK(x.queue.bytes() == 0);
}

TEST_CASE("S-PORT-4: a cancellation overtakes, with the first ticket that it needs, and drops the rest") {
  queue_world x;
  std::vector<front_to_back_ticket> backlog{first(1, 1000)};
  for (uint64_t i = 1; i < 20; ++i)
    backlog.push_back(later(1, i, 1000));
  backlog.push_back(first(2));
  backlog.push_back(later(2, 1));
  backlog.push_back(cancellation(2, 2));
  x.push(backlog);
  const auto now = x.next(true);
  CHECK(now == texts{"2/0 commencement", "2/2 cancellation"});
  CHECK(x.next(true).empty()); // S-SESSION-3: payloads have to wait
  CHECK_FALSE(x.queue.empty());
}

TEST_CASE("S-PORT-5: large payloads go in pieces, by turns, and so many at a time") {
  queue_world x;
  std::vector<front_to_back_ticket> batch;
  for (uint64_t operation = 1; operation <= 20; ++operation)
    batch.push_back(first(operation, 100'000));
  x.push(batch);
  std::map<std::string, size_t> bytes;
  size_t under_way = 0;
  size_t most = 0;
  std::map<std::string, size_t> turns; // of whom there were pieces since that of 1
  while (!x.queue.empty())
    for (const auto& text : x.next()) {
      if (text.find('/') != std::string::npos) {
        most = std::max(most, ++under_way);
        continue;
      }
      const auto whose = text.substr(0, text.find(' '));
      auto& sum = bytes[whose] += std::stoul(text.substr(text.find('+') + 1));
      under_way -= sum == 100'000 ? 1 : 0;
    }
  CHECK(most == 16);
  CHECK(bytes.size() == 20);
  for (const auto& [whose, sum] : bytes)
    CHECK(sum == 100'000);
  CHECK(x.queue.bytes() == 0);
}

TEST_CASE("S-PORT-5: an operation that is aborted in the middle of a payload says that no more comes") {
  queue_world x;
  SUBCASE("by this side, in its first ticket: the other side never hears of it") {
    x.push({first(1, 100'000)});
    x.push({cancellation(1, 1)});
    CHECK(x.next().empty());
  }
  SUBCASE("by this side, when a piece is gone") {
    x.push({first(1, 100'000)});
    CHECK(x.next().size() == 2);
    x.push({cancellation(1, 1)});
    CHECK(x.next() == texts{"1 dropped", "1/1 cancellation"});
  }
  SUBCASE("by the other side") {
    x.push({first(1), later(1, 1, 100'000)});
    CHECK(x.next().size() == 3);
    x.queue.forget(of(1, first(1)).operation);
    CHECK(x.next() == texts{"2 dropped"});
  }
  CHECK(x.queue.empty());
  CHECK(x.queue.bytes() == 0);
}
