/// The payloads that are coming from another node in pieces, each with the ticket that it belongs to (S-PORT-5). Pure:
/// no lock, no socket. Internal to nodes/.
#pragma once

#include "../../../messages/ticket_codec.hpp"

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tandem {

template <class Ticket>
class large_payloads {
public:
  /// Payloads of more bytes are refused before a byte of them is kept.
  large_payloads(caf::actor_system& system, size_t maximum_payload)
    : system_(system), maximum_payload_(maximum_payload) {
  }

  /// A ticket whose payload will follow. Appends it to `out` if it is refused. False if the other side breaks the
  /// rules.
  bool begin(Ticket&& ticket, const payload_announcement& x, std::vector<Ticket>& out, std::string& error) {
    if (x.size > maximum_payload_) {
      ticket.payload.emplace();
      ticket.fault = too_large(x.size, maximum_payload_);
      out.push_back(std::move(ticket));
      return true;
    }
    if (entries_.size() == most)
      return fail(error, "more than " + std::to_string(most) + " payloads come in pieces at a time");
    if (entries_.emplace(x.transfer, entry{std::move(ticket), x}).second)
      return true;
    return fail(error, "payload " + std::to_string(x.transfer) + " is announced twice");
  }

  /// A piece has come. Appends the ticket to `out` if it was the last. False if the other side breaks the rules.
  bool add(const piece_item& x, std::vector<Ticket>& out, std::string& error) {
    const auto found = entries_.find(x.transfer);
    if (found == entries_.end())
      return true; // it was refused, or its operation has ended
    auto& to = found->second;
    if (x.bytes.empty() || to.came + x.bytes.size() > to.announced.size)
      return fail(error, "the pieces of a payload have other bytes than announced");
    to.add(x.bytes);
    bytes_ += x.bytes.size();
    if (to.came < to.announced.size)
      return true;
    auto done = std::move(to);
    entries_.erase(found);
    bytes_ -= done.came;
    if (!read_payload(system_, done.announced.form, std::move(done.bytes), done.ticket.payload.emplace()))
      done.ticket.fault = "S-TICKET-2: payload of a type that is not known here, or cut off";
    out.push_back(std::move(done.ticket));
    return true;
  }

  void drop(const dropped_item& x) {
    if (const auto found = entries_.find(x.transfer); found != entries_.end())
      erase(found);
  }

  /// The operation has been aborted by either side.
  void forget(const operation_id& operation) {
    for (auto x = entries_.begin(); x != entries_.end();)
      x = x->second.ticket.operation == operation ? erase(x) : std::next(x);
  }

  bool empty() const noexcept {
    return entries_.empty();
  }

  /// How many bytes are kept.
  size_t bytes() const noexcept {
    return bytes_;
  }

private:
  static constexpr size_t most = 16;
  static constexpr int moved_at_once = 4; ///< pieces; all are moved long before the last one comes

  struct entry {
    Ticket ticket;
    payload_announcement announced;
    size_t came = 0;                     ///< of its bytes
    std::string bytes = {};              ///< all, in the end
    std::deque<std::string> pieces = {}; ///< come after these bytes

    /// Memory grows with what has come, never with what was announced: there is room for all of it when a quarter is
    /// there. Until then pieces are kept as they are, and then moved little by little: to move a gigabyte at once would
    /// take so long that all other operations had to wait.
    void add(std::string_view piece) {
      came += piece.size();
      if (came >= announced.size / 4)
        bytes.reserve(announced.size);
      const bool has_room = bytes.capacity() >= announced.size;
      if (!has_room || !pieces.empty())
        pieces.emplace_back(piece);
      else
        bytes += piece;
      for (int i = 0; has_room && !pieces.empty() && (i < moved_at_once || came == announced.size); ++i) {
        bytes += pieces.front();
        pieces.pop_front();
      }
    }
  };

  static bool fail(std::string& error, std::string why) {
    error = std::move(why);
    return false;
  }

  auto erase(typename std::map<uint64_t, entry>::iterator x) {
    bytes_ -= x->second.came;
    return entries_.erase(x);
  }

  caf::actor_system& system_;
  size_t maximum_payload_;
  std::map<uint64_t, entry> entries_;
  size_t bytes_ = 0;
};

} // namespace tandem
