/// For any bytes that arrive as a frame of tickets, reading ends well and costs little memory, and what was read of it
/// can be written and read again: libFuzzer makes the bytes. What does not hold is reported as a crash, with the input
/// in a file; `codec_fuzzer FILE` runs it again.
#include "codec_system.hpp"

#include "../../../actors/nodes/network/port_codec.hpp"
#include "../../../actors/nodes/session/large_payloads.hpp"
#include "../../../messages/greeting.hpp"
#include "../../../messages/ticket_codec.hpp"

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

using namespace tandem;
using namespace tandem_test;

namespace {

/// libFuzzer takes an abort for a find, and keeps the input.
void require(bool good, std::string_view what, const std::string& about = {}) {
  if (good)
    return;
  std::cerr << "\ncodec_fuzzer: " << what << ": " << about << '\n';
  std::abort();
}

/// A receiver's limit that some payloads exceed.
constexpr size_t maximum_payload = 100'000;

/// The tickets that can be read, as items again.
template <class Ticket>
struct content {
  std::string bytes;
  size_t tickets = 0;

  void add(const Ticket& x, bool has_large_payload) {
    if (!x.fault.empty() || has_large_payload)
      return;
    large_payload large;
    require(append_ticket(codec_system(), x, {.whole = SIZE_MAX, .maximum_payload = SIZE_MAX}, bytes, large)
              != ticket_written::not_serializable,
            "a ticket that was read cannot be written");
    ++tickets;
  }
};

/// Of the bytes up to where they make no sense.
template <class Ticket>
content<Ticket> read(std::string_view bytes, std::string& error) {
  content<Ticket> result;
  large_payloads<Ticket> large{codec_system(), maximum_payload};
  std::vector<Ticket> out;
  while (auto item = take_item<Ticket>(codec_system(), bytes, maximum_payload, error)) {
    if (auto* x = std::get_if<ticket_item<Ticket>>(&*item)) {
      check(x->ticket); // that it ends is all that is asked
      result.add(x->ticket, x->payload.has_value());
      if (x->payload && !large.begin(std::move(x->ticket), *x->payload, out, error))
        break;
    } else if (auto* piece = std::get_if<piece_item>(&*item)) {
      if (!large.add(*piece, out, error))
        break;
    } else if (const auto* dropped = std::get_if<dropped_item>(&*item)) {
      large.drop(*dropped);
    }
  }
  require(large.bytes() <= 16 * maximum_payload, "too much is kept");
  return result;
}

template <class Ticket>
void check_frame(std::string_view bytes) {
  std::string error;
  const auto first = read<Ticket>(bytes, error);
  error.clear();
  const auto again = read<Ticket>(first.bytes, error);
  require(error.empty(), "what was written cannot be read", error);
  require(again.tickets == first.tickets, "what was written has not all tickets");
  require(again.bytes == first.bytes, "a frame is another one when it was read and written");
}

/// What is before the frames.
void check_connection(std::string_view bytes) {
  std::string error;
  if (const auto prefix = read_handshake_prefix(bytes, error))
    require(prefix->greeting_size <= longest_greeting, "a greeting is too long");
  parse_greeting(std::string{bytes}, error);
  error.clear();
  while (take_message(bytes, error))
    ;
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  codec_system();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  check_frame<front_to_back_ticket>(bytes);
  check_frame<back_to_front_ticket>(bytes);
  check_connection(bytes);
  return 0;
}
