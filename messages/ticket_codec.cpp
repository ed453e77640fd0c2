#include "ticket_codec.hpp"
#include "big_endian.hpp"

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
  announcement = 11,   // of a payload in pieces: its transfer, the number of its field, and its size, a varint each
  allowed = 12,        // varint
};

/// What an item is.
enum class item : uint8_t { ticket = 1, piece = 2, dropped = 3, room = 4 };

// -- writing ------------------------------------------------------------------------------

char* put_varint(char* out, uint64_t x) {
  for (; x >= 0x80; x >>= 7)
    *out++ = static_cast<char>(x | 0x80);
  *out++ = static_cast<char>(x);
  return out;
}

/// The fields of limited size, put together where that costs no allocation; then they are copied once.
class small_fields {
public:
  template <class Ticket>
  explicit small_fields(const Ticket& ticket) {
    begin(field::operation_id, 16);
    end_ = put_big_endian(end_, ticket.operation.high);
    end_ = put_big_endian(end_, ticket.operation.low);
    char number[10];
    const auto length = static_cast<size_t>(put_varint(number, ticket.sequence_number.value) - number);
    put(field::sequence_number, number, length);
    put_byte(field::kind, static_cast<uint8_t>(ticket.kind));
    if (ticket.allowed) {
      const auto size = static_cast<size_t>(put_varint(number, *ticket.allowed) - number);
      put(field::allowed, number, size);
    }
    if constexpr (std::is_same_v<Ticket, front_to_back_ticket>)
      put_own(ticket);
  }

  std::string_view bytes() const {
    return {bytes_, static_cast<size_t>(end_ - bytes_)};
  }

private:
  void put_own(const front_to_back_ticket& ticket) {
    if (ticket.subscription)
      put_byte(field::subscription, static_cast<uint8_t>(*ticket.subscription));
    if (ticket.trace_id)
      put(field::trace_id, ticket.trace_id->bytes.data(), 16);
    if (ticket.timeout) {
      begin(field::timeout, 8);
      end_ = put_big_endian(end_, static_cast<uint64_t>(ticket.timeout->count()));
    }
  }

  void begin(field number, size_t length) {
    *end_++ = static_cast<char>(number);
    *end_++ = static_cast<char>(length);
  }

  void put_byte(field number, uint8_t x) {
    begin(number, 1);
    *end_++ = static_cast<char>(x);
  }

  void put(field number, const void* bytes, size_t length) {
    begin(number, length);
    std::memcpy(end_, bytes, length);
    end_ += length;
  }

  char bytes_[80]; // 18 + 12 + 3 + 12 + 3 + 18 + 10 at most
  char* end_ = bytes_;
};

size_t size_of_varint(uint64_t x) {
  size_t result = 1;
  for (; x >= 0x80; x >>= 7)
    ++result;
  return result;
}

size_t size_of_field(std::string_view bytes) {
  return 1 + size_of_varint(bytes.size()) + bytes.size();
}

void put_varint(std::string& out, uint64_t x) {
  char bytes[10];
  out.append(bytes, static_cast<size_t>(put_varint(bytes, x) - bytes));
}

void put_field(std::string& out, field number, std::string_view bytes) {
  out += static_cast<char>(number);
  put_varint(out, bytes.size());
  out += bytes;
}

std::string_view name_of(const front_to_back_ticket& ticket) {
  return ticket.name ? std::string_view{*ticket.name} : std::string_view{};
}

std::string_view name_of(const back_to_front_ticket&) {
  return {};
}

bool has_name(const front_to_back_ticket& ticket) {
  return ticket.name.has_value();
}

bool has_name(const back_to_front_ticket&) {
  return false;
}

/// At most longest_details bytes, and no part of a character.
std::string_view cut_details(std::string_view details) {
  if (details.size() <= longest_details)
    return details;
  size_t end = longest_details;
  while (end > 0 && (static_cast<uint8_t>(details[end]) & 0xc0) == 0x80)
    --end;
  return details.substr(0, end);
}

/// Bytes on their way to a frame; `owner` is set only for those that CAF wrote.
struct content {
  field number = field::text_payload;
  std::string_view bytes;
  std::shared_ptr<const void> owner;
};

/// Whole, unless it cannot be sent.
ticket_written serialize(caf::actor_system& system, const payload& from, const ticket_writing& how, content& to) {
  if (auto* text = payload_as<std::string>(from)) { // mostly
    to.bytes = *text;
    return ticket_written::whole;
  }
  if (!compat::actor_in(from).empty())
    return ticket_written::has_actor;
  thread_local std::string serialized;
  serialized.clear();
  if (!compat::append_bytes(system, from, serialized))
    return ticket_written::not_serializable;
  to.number = field::payload;
  to.bytes = serialized;
  if (serialized.size() > how.whole) {
    auto owner = std::make_shared<const std::string>(std::move(serialized));
    to.bytes = *owner;
    to.owner = std::move(owner);
  }
  return ticket_written::whole;
}

/// Knows the size of all before it writes any.
template <class Ticket>
ticket_written append(caf::actor_system& system, const Ticket& ticket, const ticket_writing& how, std::string& out,
                      large_payload& large) {
  content content;
  if (ticket.payload)
    if (const auto what = serialize(system, *ticket.payload, how, content); what != ticket_written::whole)
      return what;
  if (content.bytes.size() > how.maximum_payload) {
    large.bytes = content.bytes;
    return ticket_written::too_large;
  }
  const small_fields small{ticket};
  const auto name = name_of(ticket);
  const auto details = cut_details(ticket.details);
  size_t size = small.bytes().size();
  size += has_name(ticket) ? size_of_field(name) : 0;
  size += details.empty() ? 0 : size_of_field(details);
  const bool in_pieces
    = ticket.payload && (content.bytes.size() > how.whole || size + size_of_field(content.bytes) > longest_ticket);
  std::string announcement;
  if (in_pieces) {
    put_varint(announcement, how.transfer);
    put_varint(announcement, static_cast<uint64_t>(content.number));
    put_varint(announcement, content.bytes.size());
    size += size_of_field(announcement);
  } else if (ticket.payload) {
    size += size_of_field(content.bytes);
  }
  out += static_cast<char>(item::ticket);
  put_varint(out, size);
  out += small.bytes();
  if (has_name(ticket))
    put_field(out, field::name, name);
  if (!details.empty())
    put_field(out, field::details, details);
  if (in_pieces)
    put_field(out, field::announcement, announcement);
  else if (ticket.payload)
    put_field(out, content.number, content.bytes);
  if (!in_pieces)
    return ticket_written::whole;
  large.bytes = content.bytes;
  large.owner = std::move(content.owner);
  if (large.owner == nullptr) {
    if (content.number == field::text_payload) {
      large.owner = std::make_shared<const payload>(*ticket.payload); // shares the text
    } else {
      auto owner = std::make_shared<const std::string>(content.bytes);
      large.bytes = *owner;
      large.owner = std::move(owner);
    }
  }
  return ticket_written::without_payload;
}

// -- reading ------------------------------------------------------------------------------

bool take_long_varint(std::string_view& in, uint64_t& x) {
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

inline bool take_varint(std::string_view& in, uint64_t& x) {
  if (in.empty() || static_cast<uint8_t>(in.front()) >= 0x80)
    return take_long_varint(in, x);
  x = static_cast<uint8_t>(in.front()); // nearly always
  in.remove_prefix(1);
  return true;
}

inline bool take_bytes(std::string_view& in, std::string_view& out) {
  uint64_t length = 0;
  if (!take_varint(in, length) || length > in.size())
    return false;
  out = in.substr(0, length);
  in.remove_prefix(length);
  return true;
}

constexpr const char* unknown_payload = "S-TICKET-2: payload of a type that is not known here, or cut off";

/// Reads one ticket's fields and notes the first thing that is wrong, as its fault.
template <class Ticket>
class ticket_reader {
public:
  ticket_reader(caf::actor_system& system, ticket_item<Ticket>& to, size_t maximum_payload)
    : system_(system), ticket_(to.ticket), announcement_(to.payload), maximum_payload_(maximum_payload) {
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
          ticket_.operation = {big_endian<8>(bytes.data()), big_endian<8>(bytes.data() + 8)};
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
        if (is_small_enough(bytes.size()) && !compat::from_bytes(system_, bytes, *ticket_.payload))
          wrong(unknown_payload);
        break;
      case field::text_payload:
        ticket_.payload.emplace();
        if (is_small_enough(bytes.size()))
          ticket_.payload = make_payload(std::string{bytes});
        break;
      case field::announcement:
        announce(bytes);
        break;
      case field::details:
        ticket_.details = bytes;
        break;
      case field::allowed:
        if (!take_varint(bytes, ticket_.allowed.emplace()))
          wrong("S-TICKET-1: allowed cannot be read");
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
          ticket_.timeout = duration{static_cast<int64_t>(big_endian<8>(bytes.data()))};
        break;
      default: // a later format's: skipped (S-TICKET-8)
        break;
    }
  }

  void announce(std::string_view bytes) {
    payload_announcement x;
    uint64_t number = 0;
    if (!take_varint(bytes, x.transfer) || !take_varint(bytes, number) || !take_varint(bytes, x.size)
        || (number != static_cast<uint64_t>(field::payload) && number != static_cast<uint64_t>(field::text_payload)))
      return wrong("S-TICKET-1: the announcement of the payload cannot be read");
    x.form = static_cast<payload_form>(number);
    announcement_ = x;
  }

  bool is_small_enough(size_t size) {
    if (size <= maximum_payload_)
      return true;
    wrong(too_large(size, maximum_payload_));
    return false;
  }

  bool fits(std::string_view bytes, size_t size, const char* name) {
    if (bytes.size() == size)
      return true;
    wrong(std::string{"S-TICKET-1: "} + name + " of " + std::to_string(bytes.size()) + " bytes instead of "
          + std::to_string(size));
    return false;
  }

  void wrong(std::string what) {
    if (ticket_.fault.empty())
      ticket_.fault = std::move(what);
  }

  caf::actor_system& system_;
  Ticket& ticket_;
  std::optional<payload_announcement>& announcement_;
  size_t maximum_payload_;
};

} // namespace

ticket_written append_ticket(caf::actor_system& system, const front_to_back_ticket& ticket, const ticket_writing& how,
                             std::string& out, large_payload& large) {
  return append(system, ticket, how, out, large);
}

ticket_written append_ticket(caf::actor_system& system, const back_to_front_ticket& ticket, const ticket_writing& how,
                             std::string& out, large_payload& large) {
  return append(system, ticket, how, out, large);
}

void append_piece(uint64_t transfer, size_t size, std::string& out) {
  out += static_cast<char>(item::piece);
  put_varint(out, size_of_varint(transfer) + size);
  put_varint(out, transfer);
}

void append_dropped(uint64_t transfer, std::string& out) {
  out += static_cast<char>(item::dropped);
  put_varint(out, size_of_varint(transfer));
  put_varint(out, transfer);
}

void append_room(uint64_t bytes, std::string& out) {
  out += static_cast<char>(item::room);
  put_varint(out, size_of_varint(bytes));
  put_varint(out, bytes);
}

template <class Ticket>
std::optional<frame_item<Ticket>> take_item(caf::actor_system& system, std::string_view& in, size_t maximum_payload,
                                            std::string& error) {
  std::optional<frame_item<Ticket>> result; // the only one that is returned, so that no ticket is moved
  if (in.empty())
    return result;
  const auto kind = static_cast<item>(in.front());
  in.remove_prefix(1);
  std::string_view body;
  uint64_t number = 0;
  if (!take_bytes(in, body)) {
    error = "an item of a frame is cut off";
  } else if (kind == item::ticket) {
    if (!ticket_reader<Ticket>{system, std::get<0>(result.emplace()), maximum_payload}.read(body)) {
      error = "the fields of a ticket do not add up, or it has no operation id";
      result.reset();
    }
  } else if (kind != item::piece && kind != item::dropped && kind != item::room) {
    error = "a frame has an item of the unknown kind " + std::to_string(static_cast<int>(kind));
  } else if (!take_varint(body, number)) {
    error = "an item of a frame has no number";
  } else if (kind == item::piece) {
    result = piece_item{number, body};
  } else if (kind == item::dropped) {
    result = dropped_item{number};
  } else {
    result = room_item{number};
  }
  return result;
}

bool read_payload(caf::actor_system& system, payload_form form, std::string&& bytes, payload& out) {
  if (form != payload_form::text)
    return compat::from_bytes(system, bytes, out);
  out = make_payload(std::move(bytes));
  return true;
}

std::string too_large(uint64_t size, size_t maximum_payload) {
  return "S-TICKET-2: payload of " + std::to_string(size) + " bytes, and maximum_payload is "
         + std::to_string(maximum_payload);
}

template std::optional<frame_item<front_to_back_ticket>>
take_item<front_to_back_ticket>(caf::actor_system&, std::string_view&, size_t, std::string&);
template std::optional<frame_item<back_to_front_ticket>>
take_item<back_to_front_ticket>(caf::actor_system&, std::string_view&, size_t, std::string&);

} // namespace tandem
