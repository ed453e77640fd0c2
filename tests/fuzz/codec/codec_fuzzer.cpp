/// For any bytes that arrive as a frame of tickets, reading ends well and costs little memory, and what was read of it
/// can be written and read again: libFuzzer makes the bytes. What does not hold is reported as a crash, with the input
/// in a file; `codec_fuzzer FILE` runs it again.
#include "codec_system.hpp"

#include "../../../messages/ticket_codec.hpp"

#include <algorithm>
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

template <class Ticket>
bool is_readable(const Ticket& ticket) {
  return ticket.fault.empty();
}

template <class Ticket>
std::string frame_of(const std::vector<Ticket>& tickets) {
  auto result = empty_frame();
  for (const auto& x : tickets)
    if (is_readable(x))
      require(append_ticket(codec_system(), x, result), "a ticket that was read cannot be written");
  return result;
}

template <class Ticket>
void check_frame(std::string_view bytes) {
  std::vector<Ticket> tickets;
  std::string error;
  if (!decode_frame(codec_system(), bytes, tickets, error)) {
    require(!error.empty(), "a frame is refused without a reason");
    return;
  }
  for (const auto& x : tickets)
    check(x); // that it ends is all that is asked
  const auto good = std::count_if(tickets.begin(), tickets.end(), is_readable<Ticket>);
  const auto written = frame_of(tickets);
  std::vector<Ticket> again;
  require(decode_frame(codec_system(), written, again, error), "what was written cannot be read", error);
  require(std::all_of(again.begin(), again.end(), is_readable<Ticket>), "what was written has faults");
  require(again.size() == static_cast<size_t>(good), "what was written has not all tickets");
  require(frame_of(again) == written, "a frame is another one when it was read and written");
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
  return 0;
}
