#include "node_session.hpp"
#include "../../execution/trampoline.hpp"
#include "../../links/refusals.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace tandem {

namespace {

/// More tickets than this at once keep other threads busy, which need the core more than the network thread.
constexpr size_t few = 64;

/// Who takes such tickets, for people.
template <class Ticket>
constexpr const char* receiver = std::is_same_v<Ticket, front_to_back_ticket> ? "the port" : "the front";

/// Ticket by ticket, receipts would cost more than they are worth. The stretch varies, so that one gets to each
/// operation as often as its bytes ask for, whatever the pattern in which they come.
constexpr size_t shortest_stretch = size_t{2} << 10;
constexpr size_t longest_stretch = size_t{6} << 10;

/// Tells the session that so much was dealt with, when it goes.
class receipt {
public:
  receipt(std::weak_ptr<session_carrier> to, size_t bytes) : to_(std::move(to)), bytes_(bytes) {
  }

  ~receipt() {
    if (const auto to = to_.lock())
      to->dealt_with(static_cast<int64_t>(bytes_));
  }

  receipt(const receipt&) = delete;
  receipt& operator=(const receipt&) = delete;

private:
  const std::weak_ptr<session_carrier> to_;
  const size_t bytes_;
};

/// Why a ticket must not be sent; empty if it may.
std::string why_unfit(const front_to_back_ticket& ticket) {
  if (ticket.name && ticket.name->size() > longest_name)
    return "S-TICKET-2: name of " + std::to_string(ticket.name->size()) + " bytes, at most "
           + std::to_string(longest_name) + " are allowed";
  return {};
}

std::string why_unfit(const back_to_front_ticket&) {
  return {};
}

} // namespace

template <class Outgoing, class Incoming>
node_session<Outgoing, Incoming>::node_session(caf::actor_system& system, std::shared_ptr<network> network,
                                               const link_options& options, std::string peer, callbacks x)
  : session_carrier(std::move(network), options, !std::is_same_v<Outgoing, front_to_back_ticket>),
    system_(system),
    name_(std::move(peer)),
    maximum_payload_(options.maximum_payload),
    read_ahead_(options.read_ahead),
    callbacks_(std::move(x)),
    large_(system, options.maximum_payload) {
}

template <class Outgoing, class Incoming>
std::string node_session<Outgoing, Incoming>::lost_details(const std::string& why) const {
  return "the connection to " + name_ + " is lost: " + why;
}

// -- sending -------------------------------------------------------------------------------------

template <class Outgoing, class Incoming>
std::vector<refusal> node_session<Outgoing, Incoming>::send(std::vector<Outgoing>&& tickets) {
  std::vector<refusal> refused;
  std::vector<refusal> known; // there: the other side waits for more of these
  ticket_batch batch;
  batch.entries.reserve(tickets.size());
  ticket_writing how;
  how.maximum_payload = maximum_payload_;
  how.transfer = transfers_.fetch_add(tickets.size(), std::memory_order_relaxed);
  for (const auto& ticket : tickets) {
    ++how.transfer;
    if (std::ranges::any_of(refused, [&](const refusal& x) { return x.operation == ticket.operation; })) // S-SEND-7
      continue;
    auto why = add(ticket, how, batch);
    if (why.empty())
      continue;
    refused.push_back({ticket.operation, std::move(why)});
    if (!is_first(ticket.kind))
      known.push_back(refused.back());
  }
  for (const auto& ticket : failures_of<Outgoing>(std::move(known)))
    add(ticket, how, batch);
  if (!batch.entries.empty() && !give(std::move(batch)))
    throw std::runtime_error{lost_details(ended())};
  return refused;
}

/// Returns why it cannot go; empty if it was added.
template <class Outgoing, class Incoming>
std::string node_session<Outgoing, Incoming>::add(const Outgoing& ticket, const ticket_writing& how,
                                                  ticket_batch& to) const {
  if (auto why = why_unfit(ticket); !why.empty())
    return why;
  large_payload large;
  switch (append_ticket(system_, ticket, how, to.bytes, large)) {
    case ticket_written::not_serializable:
      return "the payload (" + type_names_of(*ticket.payload)
             + ") cannot be sent to another node: a type is not known to CAF, "
               "or its inspect fails";
    case ticket_written::has_actor:
      return "the payload has an actor (" + compat::actor_in(*ticket.payload)
             + "), which can go only over a link by handle";
    case ticket_written::too_large:
      return "the payload has " + std::to_string(large.bytes.size()) + " bytes, and maximum_payload is "
             + std::to_string(maximum_payload_);
    case ticket_written::without_payload:
    case ticket_written::whole:
      break;
  }
  auto& entry = to.entries.emplace_back();
  entry.operation = ticket.operation;
  entry.is_first = is_first(ticket.kind);
  entry.is_abortive = is_abortive(ticket.kind);
  entry.end = to.bytes.size();
  entry.payload = std::move(large);
  entry.transfer = how.transfer;
  return {};
}

template <class Outgoing, class Incoming>
void node_session<Outgoing, Incoming>::tell(std::vector<refusal>&& refused) {
  if (refused.empty())
    return;
  try {
    send(failures_of<Outgoing>(std::move(refused)));
  } catch (...) {
    // The session is over, and so are its operations.
  }
}

// -- receiving -----------------------------------------------------------------------------------

template <class Outgoing, class Incoming>
bool node_session<Outgoing, Incoming>::take_content(std::string_view content, std::string& error) {
  if (!receive_room_.came(content.size())) {
    error = "it sent more than it was allowed to; read_ahead is " + std::to_string(read_ahead_);
    return false;
  }
  auto left = content.size();
  while (auto item = take_item<Incoming>(system_, content, maximum_payload_, error)) {
    const auto size = std::exchange(left, content.size()) - content.size();
    not_receipted_ += size;
    if (auto* x = std::get_if<ticket_item<Incoming>>(&*item)) {
      x->ticket.payload_size = x->ticket.payload ? size : 0; // about (S-FLOW-13)
      if (is_abortive(x->ticket.kind)) {
        queue_.forget(x->ticket.operation);
        if (!large_.empty())
          large_.forget(x->ticket.operation);
      }
      if (!x->payload)
        keep(std::move(x->ticket));
      else if (!large_.begin(std::move(x->ticket), *x->payload, taken_, error))
        return false;
    } else if (auto* piece = std::get_if<piece_item>(&*item)) {
      if (!take_piece(*piece, error))
        return false;
    } else if (const auto* dropped = std::get_if<dropped_item>(&*item)) {
      large_.drop(*dropped);
    } else {
      send_room_.allowed(std::get<room_item>(*item).bytes);
    }
  }
  return error.empty();
}

template <class Outgoing, class Incoming>
void node_session<Outgoing, Incoming>::keep(Incoming&& ticket) {
  if (not_receipted_ >= stretch_) {
    ticket.receipt = std::make_shared<receipt>(this->weak_from_this(), std::exchange(not_receipted_, 0));
    stretch_ = std::uniform_int_distribution<size_t>{shortest_stretch, longest_stretch}(random_);
  }
  taken_.push_back(std::move(ticket));
}

/// Pieces need no room as long as their payload is not whole, or it might never be.
template <class Outgoing, class Incoming>
bool node_session<Outgoing, Incoming>::take_piece(const piece_item& x, std::string& error) {
  const auto bytes = x.bytes.size();
  const auto kept = large_.bytes() + bytes;
  const auto tickets = taken_.size();
  if (!large_.add(x, taken_, error))
    return false;
  not_receipted_ -= bytes;
  dealt_with(static_cast<int64_t>(bytes));
  if (taken_.size() == tickets)
    return true;
  const auto whole = kept - large_.bytes();
  dealt_with(-static_cast<int64_t>(whole));
  taken_.back().receipt = std::make_shared<receipt>(this->weak_from_this(), whole);
  taken_.back().payload_size = whole;
  return true;
}

template <class Outgoing, class Incoming>
void node_session<Outgoing, Incoming>::contents_taken() {
  if (taken_.empty())
    return;
  auto tickets = std::exchange(taken_, {});
  taken_.reserve(tickets.size()); // as many may come again
  std::optional<trampoline::suspension> elsewhere;
  if (tickets.size() > few || !network_->may_visit_shards())
    elsewhere.emplace();
  tell(refusals_to_tell(std::move(tickets), receiver<Incoming>, callbacks_.received));
}

template <class Outgoing, class Incoming>
void node_session<Outgoing, Incoming>::heard(core::session_notice x) {
  contents_taken(); // what came before it
  if (callbacks_.heard)
    callbacks_.heard(x);
}

template <class Outgoing, class Incoming>
void node_session<Outgoing, Incoming>::news(const link_news& x) {
  callbacks_.news(x);
}

template <class Outgoing, class Incoming>
void node_session<Outgoing, Incoming>::has_ended(const std::string& why, bool in_order) {
  contents_taken(); // what came before the end
  callbacks_.ended(lost_details(why), in_order);
}

template class node_session<front_to_back_ticket, back_to_front_ticket>;
template class node_session<back_to_front_ticket, front_to_back_ticket>;

} // namespace tandem
