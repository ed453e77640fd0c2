#include "raw_peer.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace tandem_test {

using namespace tandem;

std::string read_greeting(const raw_socket& from) {
  std::string error;
  const auto prefix = read_handshake_prefix(from.read_exactly(handshake_prefix_size), error);
  return prefix ? from.read_exactly(prefix->greeting_size) : std::string{};
}

// -- a peer --------------------------------------------------------------------------------------

template <class Outgoing, class Incoming>
raw_peer<Outgoing, Incoming>::raw_peer(raw_socket socket)
  : socket_(std::move(socket)), has_closed_(closed_.get_future().share()), thread_([this] { read(); }) {
}

template <class Outgoing, class Incoming>
raw_peer<Outgoing, Incoming>::~raw_peer() {
  socket_.shut();
  thread_.join();
}

template <class Outgoing, class Incoming>
bool raw_peer<Outgoing, Incoming>::send_bytes(std::string_view bytes) {
  std::lock_guard guard{mutex_};
  return socket_.write(bytes);
}

template <class Outgoing, class Incoming>
bool raw_peer<Outgoing, Incoming>::send_content(std::string_view content, std::optional<uint64_t> number,
                                                uint64_t received) {
  std::lock_guard guard{mutex_};
  const auto head = frame_head(number ? *number : ++sent_, received, content.size());
  return socket_.write({head.data(), head.size()}) && socket_.write(content);
}

template <class Outgoing, class Incoming>
bool raw_peer<Outgoing, Incoming>::send(const Outgoing& ticket) {
  return send_content(item_of(ticket));
}

template <class Outgoing, class Incoming>
std::string raw_peer<Outgoing, Incoming>::item_of(const Outgoing& ticket) {
  std::string result;
  large_payload large;
  if (append_ticket(at_.system, ticket, {}, result, large) != ticket_written::whole)
    throw std::runtime_error{"raw_peer: a ticket that cannot be sent"};
  return result;
}

template <class Outgoing, class Incoming>
bool raw_peer<Outgoing, Incoming>::await_close() const {
  return has_closed_.wait_for(std::chrono::minutes(1)) == std::future_status::ready;
}

template <class Outgoing, class Incoming>
void raw_peer<Outgoing, Incoming>::read() {
  std::string buffer;
  for (;;) {
    const auto more = socket_.read();
    if (more.empty())
      break;
    buffer += more;
    std::string_view in = buffer;
    std::string error;
    while (const auto message = take_message(in, error)) {
      if (const auto* ping = std::get_if<core::ping>(&*message))
        send_bytes(to_bytes(core::pong{ping->id, received_}));
      const auto* frame = std::get_if<core::frame<std::string_view>>(&*message);
      if (frame == nullptr)
        continue;
      ++received_;
      seen_frame<Incoming> seen{frame->content.size(), {}};
      for (auto content = frame->content;;) {
        auto item = take_item<Incoming>(at_.system, content, SIZE_MAX, error);
        if (!item)
          break;
        if (auto* ticket = std::get_if<ticket_item<Incoming>>(&*item)) {
          answers->note(to_string(ticket->ticket.kind) + ": " + ticket->ticket.details);
          seen.tickets.push_back(std::move(ticket->ticket));
        }
      }
      frames->add(std::move(seen));
    }
    buffer.erase(0, buffer.size() - in.size());
  }
  closed_.set_value();
}

template class raw_peer<front_to_back_ticket, back_to_front_ticket>;
template class raw_peer<back_to_front_ticket, front_to_back_ticket>;

// -- a front -------------------------------------------------------------------------------------

lying_front::lying_front(uint16_t port) : port_(port) {
  if (const auto why = greet(); !why.empty())
    throw std::runtime_error{"lying_front: " + why};
}

std::string lying_front::greet(const std::string& greeting) {
  peer = nullptr;
  auto socket = raw_socket::connected_to(port_);
  socket.write(to_handshake(greeting));
  std::string error;
  const auto text = read_greeting(socket);
  if (text.empty())
    return "it closed";
  const auto x = parse_greeting(text, error);
  if (!x)
    return error;
  if (!x->refused.empty())
    return x->refused;
  answer = *x;
  peer = std::make_unique<raw_peer<front_to_back_ticket, back_to_front_ticket>>(std::move(socket));
  return {};
}

std::string lying_front::answer_to(std::string_view bytes) const {
  const auto socket = raw_socket::connected_to(port_);
  socket.write(bytes);
  std::string result;
  for (auto more = socket.read(); !more.empty(); more = socket.read())
    result += more;
  return result;
}

front_to_back_ticket lying_front::first_ticket(uint64_t number) {
  front_to_back_ticket result;
  result.operation = {0xbad, number << 8};
  result.kind = ticket_kind::commencement;
  result.name = "hold";
  result.subscription = subscription_kind::full;
  return result;
}

// -- a back --------------------------------------------------------------------------------------

lying_back::lying_back(std::string handshake)
  : thread_([this, handshake = std::move(handshake)] {
      auto socket = listener_.accept();
      read_greeting(socket);
      socket.write(handshake);
      arriving_.set_value(std::make_unique<raw_peer<back_to_front_ticket, front_to_back_ticket>>(std::move(socket)));
    }) {
}

lying_back::~lying_back() {
  try { // if nobody has come
    raw_socket::connected_to(port()).shut();
  } catch (const std::exception&) {
    // Somebody has.
  }
  thread_.join();
}

raw_peer<back_to_front_ticket, front_to_back_ticket>& lying_back::peer() {
  if (!peer_)
    peer_ = arriving_.get_future().get();
  return *peer_;
}

std::string lying_back::welcome() {
  greeting result;
  result.node = "a liar";
  result.session = "0123456789abcdef";
  result.secret = "0123456789abcdef0123456789abcdef";
  return to_handshake(to_text(result));
}

} // namespace tandem_test
