/// Writes frames of tickets for the fuzzer of the codec to begin with: `codec_seeds FOLDER`. Every kind, every field,
/// and payloads of several types.
#include "codec_system.hpp"

#include "../../../messages/outcome_error.hpp"
#include "../../../messages/ticket_codec.hpp"

#include <fstream>
#include <iostream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

constexpr operation_id operation{0x0123456789abcdef, 42};

std::vector<payload> payloads() {
  return {
    make_payload("text"s),
    make_payload(),
    make_payload(int64_t{-1}, 0.5, true),
    make_payload(std::vector<std::string>{"a", "", "b"}),
    make_payload(std::vector<back_to_front_ticket>(2)),
    make_payload(std::numeric_limits<double>::infinity(), 0.1f),
    make_payload(to_error(outcome::servicer_failure, "why")),
    make_payload(make_payload("within"s, uint8_t{7})),
  };
}

std::vector<front_to_back_ticket> front_to_back_tickets() {
  std::vector<front_to_back_ticket> result;
  for (const auto kind : front_to_back_kinds) {
    front_to_back_ticket x{.operation = operation, .sequence_number = {result.size()}, .kind = kind};
    if (is_first(kind)) {
      x.subscription = subscription_kind::full;
      x.name = "word count";
      x.trace_id = trace_id{1, 2};
    }
    if (is_abortive(kind))
      x.details = "details";
    else
      x.payload = make_payload("payload"s);
    x.timeout = 5s;
    result.push_back(std::move(x));
  }
  return result;
}

std::vector<back_to_front_ticket> back_to_front_tickets() {
  std::vector<back_to_front_ticket> result;
  for (const auto& x : payloads())
    result.push_back({.operation = operation, .sequence_number = {result.size()}, .payload = x});
  for (const auto kind : back_to_front_kinds)
    result.push_back({.operation = operation, .sequence_number = {result.size()}, .kind = kind, .details = "details"});
  return result;
}

/// Each ticket in a frame of its own, and all in one.
template <class Ticket>
bool write_frames(const std::string& prefix, const std::vector<Ticket>& tickets) {
  auto write = [](const std::string& path, const std::string& bytes) {
    std::ofstream file{path, std::ios::binary};
    file << bytes;
    return file.good();
  };
  std::string all;
  for (size_t i = 0; i < tickets.size(); ++i) {
    std::string one;
    large_payload large;
    // Every third without its payload, of which a piece follows.
    const auto written
      = append_ticket(codec_system(), tickets[i], {.transfer = i, .whole = i % 3 == 0 ? 0 : SIZE_MAX}, one, large);
    if (written == ticket_written::not_serializable)
      return false;
    if (written == ticket_written::without_payload) {
      append_piece(i, large.bytes.size(), one);
      one += large.bytes;
    }
    if (!write(prefix + std::to_string(i), one))
      return false;
    all += one;
  }
  return write(prefix + "all", all);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: codec_seeds FOLDER\n";
    return 2;
  }
  const std::string folder = argv[1];
  if (!write_frames(folder + "/front_to_back_", front_to_back_tickets())
      || !write_frames(folder + "/back_to_front_", back_to_front_tickets())) {
    std::cerr << "codec_seeds: cannot write to " << folder << '\n';
    return 1;
  }
  return 0;
}
