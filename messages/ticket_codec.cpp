#include <tandem/messages/ticket_codec.hpp>

#include <algorithm>
#include <cstring>

namespace tandem {

namespace {

/// Numbers of fields; 0 is reserved, a retired one is never used again.
enum class field : uint64_t {
  operation_id = 1,    // 16 bytes: high, low, each most significant byte first
  sequence_number = 2, // varint
  kind = 3,            // 1 byte
  name = 4,            // text
  subscription = 5,    // 1 byte
  trace_id = 6,        // 16 bytes
  payload = 7,         // as CAF serializes a message
  timeout = 8,         // 8 bytes: nanoseconds, signed, most significant byte first
  details = 9,         // text
  text_payload = 10,   // a payload that is exactly one std::string: its bytes; the common case, and four times as fast
};

// -- writing ------------------------------------------------------------------------------

void put_varint(std::string& out, uint64_t x) {
  while (x >= 0x80) {
    out += static_cast<char>(x | 0x80);
    x >>= 7;
  }
  out += static_cast<char>(x);
}

void put_big_endian(std::string& out, uint64_t x) {
  for (int shift = 56; shift >= 0; shift -= 8)
    out += static_cast<char>(x >> shift);
}

void put_field(std::string& out, field number, std::string_view bytes) {
  put_varint(out, static_cast<uint64_t>(number));
  put_varint(out, bytes.size());
  out += bytes;
}

void put_byte_field(std::string& out, field number, uint8_t x) {
  put_field(out, number, std::string_view{reinterpret_cast<const char*>(&x), 1});
}

bool put_payload(caf::actor_system& system, const payload& content, std::string& out) {
  if (auto* text = payload_as<std::string>(content)) {
    put_field(out, field::text_payload, *text);
    return true;
  }
  thread_local std::string bytes;
  bytes.clear();
  if (!compat::append_bytes(system, content, bytes))
    return false;
  put_field(out, field::payload, bytes);
  return true;
}

/// The fields that both directions have.
template <class Ticket>
bool put_common(caf::actor_system& system, const Ticket& ticket, std::string& out) {
  put_varint(out, static_cast<uint64_t>(field::operation_id));
  put_varint(out, 16);
  put_big_endian(out, ticket.operation.high);
  put_big_endian(out, ticket.operation.low);
  std::string number;
  put_varint(number, ticket.sequence_number.value);
  put_field(out, field::sequence_number, number);
  put_byte_field(out, field::kind, static_cast<uint8_t>(ticket.kind));
  if (!ticket.details.empty())
    put_field(out, field::details, ticket.details);
  return !ticket.payload || put_payload(system, *ticket.payload, out);
}

void put_own(const front_to_back_ticket& ticket, std::string& out) {
  if (ticket.name)
    put_field(out, field::name, *ticket.name);
  if (ticket.subscription)
    put_byte_field(out, field::subscription, static_cast<uint8_t>(*ticket.subscription));
  if (ticket.trace_id)
    put_field(out, field::trace_id,
              std::string_view{reinterpret_cast<const char*>(ticket.trace_id->bytes.data()), 16});
  if (ticket.timeout) {
    std::string timeout;
    put_big_endian(timeout, static_cast<uint64_t>(ticket.timeout->count()));
    put_field(out, field::timeout, timeout);
  }
}

void put_own(const back_to_front_ticket&, std::string&) {
}

template <class Ticket>
bool append(caf::actor_system& system, const Ticket& ticket, std::string& frame) {
  thread_local std::string body;
  body.clear();
  if (!put_common(system, ticket, body))
    return false;
  put_own(ticket, body);
  put_varint(frame, body.size());
  frame += body;
  return true;
}

// -- reading ------------------------------------------------------------------------------

bool take_varint(std::string_view& in, uint64_t& x) {
  x = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (in.empty())
      return false;
    const auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    if (shift == 63 && byte > 1)
      return false; // more than 64 bits
    x |= uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0)
      return true;
  }
  return false;
}

bool take_bytes(std::string_view& in, std::string_view& out) {
  uint64_t length = 0;
  if (!take_varint(in, length) || length > in.size())
    return false;
  out = in.substr(0, length);
  in.remove_prefix(length);
  return true;
}

uint64_t big_endian(std::string_view in) {
  uint64_t result = 0;
  for (char c : in.substr(0, 8))
    result = result << 8 | static_cast<uint8_t>(c);
  return result;
}

/// Reads one ticket's fields and notes the first thing that is wrong.
template <class Ticket>
class ticket_reader {
public:
  ticket_reader(caf::actor_system& system, Ticket& ticket, std::string& fault)
    : system_(system), ticket_(ticket), fault_(fault) {
  }

  /// False if the fields do not add up or there is no operation id: nobody can be told about such a ticket.
  bool read(std::string_view in) {
    bool has_id = false;
    bool has_number = false;
    bool has_kind = false;
    while (!in.empty()) {
      uint64_t number = 0;
      std::string_view bytes;
      if (!take_varint(in, number) || !take_bytes(in, bytes))
        return false;
      const auto f = static_cast<field>(number);
      has_id = has_id || (f == field::operation_id && bytes.size() == 16);
      has_number = has_number || f == field::sequence_number;
      has_kind = has_kind || f == field::kind;
      take(f, bytes);
    }
    if (!has_number)
      wrong("S-TICKET-1: no sequence number");
    if (!has_kind)
      wrong("S-TICKET-1: no kind");
    return has_id;
  }

private:
  void take(field number, std::string_view bytes) {
    switch (number) {
      case field::operation_id:
        if (fits(bytes, 16, "operation_id"))
          ticket_.operation = {big_endian(bytes), big_endian(bytes.substr(8))};
        break;
      case field::sequence_number:
        if (!take_varint(bytes, ticket_.sequence_number.value))
          wrong("S-TICKET-1: sequence_number cannot be read");
        break;
      case field::kind:
        if (fits(bytes, 1, "kind"))
          ticket_.kind = static_cast<ticket_kind>(bytes.front());
        break;
      case field::payload:
        ticket_.payload.emplace();
        if (!compat::from_bytes(system_, bytes, *ticket_.payload))
          wrong("S-TICKET-2: payload of a type that is not known here, or cut off");
        break;
      case field::text_payload:
        ticket_.payload = make_payload(std::string{bytes});
        break;
      case field::details:
        ticket_.details = bytes;
        break;
      default:
        if constexpr (std::is_same_v<Ticket, front_to_back_ticket>)
          take_own(number, bytes);
    }
  }

  void take_own(field number, std::string_view bytes) {
    switch (number) {
      case field::name:
        ticket_.name = std::string{bytes};
        break;
      case field::subscription:
        if (fits(bytes, 1, "subscription"))
          ticket_.subscription = static_cast<subscription_kind>(bytes.front());
        break;
      case field::trace_id:
        if (fits(bytes, 16, "trace_id"))
          std::memcpy(ticket_.trace_id.emplace().bytes.data(), bytes.data(), 16);
        break;
      case field::timeout:
        if (fits(bytes, 8, "timeout"))
          ticket_.timeout = duration{static_cast<int64_t>(big_endian(bytes))};
        break;
      default: // a later format's: skipped (S-TICKET-8)
        break;
    }
  }

  bool fits(std::string_view bytes, size_t size, const char* name) {
    if (bytes.size() == size)
      return true;
    wrong(std::string{"S-TICKET-1: "} + name + " of " + std::to_string(bytes.size()) + " bytes instead of "
          + std::to_string(size));
    return false;
  }

  void wrong(std::string what) {
    if (fault_.empty())
      fault_ = std::move(what);
  }

  caf::actor_system& system_;
  Ticket& ticket_;
  std::string& fault_;
};

template <class Ticket>
bool decode(caf::actor_system& system, std::string_view in, decoded_frame<Ticket>& out, std::string& error) {
  if (in.empty() || static_cast<uint8_t>(in.front()) < oldest_ticket_format) {
    error = "the frame has no ticket format that this side reads";
    return false;
  }
  in.remove_prefix(1);
  bool any_fault = false;
  while (!in.empty()) {
    std::string_view body;
    if (!take_bytes(in, body)) {
      error = "the frame is cut off";
      return false;
    }
    auto& fault = out.faults.emplace_back();
    if (!ticket_reader<Ticket>{system, out.tickets.emplace_back(), fault}.read(body)) {
      error = "the fields of a ticket do not add up, or it has no operation id";
      return false;
    }
    any_fault = any_fault || !fault.empty();
  }
  if (!any_fault)
    out.faults.clear();
  return true;
}

} // namespace

std::string empty_frame() {
  return std::string(1, static_cast<char>(ticket_format));
}

bool append_ticket(caf::actor_system& system, const front_to_back_ticket& ticket, std::string& frame) {
  return append(system, ticket, frame);
}

bool append_ticket(caf::actor_system& system, const back_to_front_ticket& ticket, std::string& frame) {
  return append(system, ticket, frame);
}

bool decode_frame(caf::actor_system& system, std::string_view bytes, decoded_frame<front_to_back_ticket>& out,
                  std::string& error) {
  return decode(system, bytes, out, error);
}

bool decode_frame(caf::actor_system& system, std::string_view bytes, decoded_frame<back_to_front_ticket>& out,
                  std::string& error) {
  return decode(system, bytes, out, error);
}

} // namespace tandem
