/// One side of a session between two nodes, as a pure state machine (S-SESSION): no socket, no clock, no lock. It
/// numbers the frames, keeps them until they are acknowledged, and goes on over the next connection; it notices when a
/// connection is dead, and gives the session up in time.
///
///   opening ──connected──▶ up ◀──connected── interrupted ──past the window, or in vain──▶ ended
///                          ├───disconnected, or silent──────▶ interrupted
///                          └───a breach, a goodbye, no window──▶ ended
///
/// How to use it: tell it of each event by handle(), and carry out the effects in order; then write what next() gives
/// for as long as the connection takes it, and come back when deadline() is reached, with time_came. `now` never goes
/// backward. Not thread-safe: one caller at a time.
///
///     core::session<buffer> x{limits};
///     core::session_effects out;
///     x.handle(core::connected{.received = 0, .setup_time = 20ms}, now, out);
///     x.give(frame, frame->size());
///     while (auto message = x.next(now)) write(*message);
#pragma once

#include "../../messages/time.hpp"
#include "inbound.hpp"
#include "one_of.hpp"
#include "outbound.hpp"
#include "round_trip.hpp"
#include "session_events.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tandem::core {

struct session_limits {
  duration window = std::chrono::milliseconds(500); ///< how long it waits for the next connection, at least; 0: it
                                                    ///< ends with its first one
  size_t resend_limit = size_t{16} << 20;           ///< bytes that may wait before payloads have to
  duration ping_interval = std::chrono::seconds(1); ///< after so long without a message, a ping goes
  duration silence_limit = std::chrono::seconds(3); ///< after so long without a byte, the connection is dead
  duration measuring_interval = std::chrono::seconds(10); ///< so often the round trip is measured, at least
};

// -- the machine -------------------------------------------------------------------------------------

template <class Frame>
class session {
public:
  explicit session(const session_limits& limits) : limits_(limits), outbound_(limits.resend_limit) {
  }

  template <class Event>
  void handle(const Event& e, time_point now, session_effects& out) {
    // on() has an overload for every (state, event) pair, and none of them is generic in both: a forgotten pair does
    // not compile.
    const context c{now, out};
    const bool was_full = is_full();
    std::visit([&](auto& x) { on(x, e, c); }, state_);
    if (was_full && !is_full() && !has_ended())
      out.push_back(has_room{});
  }

  /// Takes a frame to send, in any state; after the end it is dropped.
  void give(Frame x, size_t bytes) {
    if (!has_ended())
      outbound_.give(std::move(x), bytes);
  }

  /// The next message to write, in the order of S-SESSION-2. It counts as written.
  std::optional<session_message<Frame>> next(time_point now) {
    if (auto* up = std::get_if<up_state>(&state_)) {
      auto result = next(*up, now);
      if (result)
        up->last_written = now;
      return result;
    }
    if (auto* end = std::get_if<ended_state>(&state_); end != nullptr && std::exchange(end->goodbye_due, false))
      return goodbye{};
    return std::nullopt;
  }

  /// When to come with time_came; nothing: no need.
  std::optional<time_point> deadline() const {
    if (const auto* up = std::get_if<up_state>(&state_)) {
      auto result = std::min(up->last_written + limits_.ping_interval, up->last_measured + limits_.measuring_interval);
      if (up->ping)
        result = time_point::max(); // one at a time; the silence of a dead connection comes first
      if (!up->is_paused)
        result = std::min(result, up->last_heard + silence_limit());
      return result == time_point::max() ? std::nullopt : std::optional{result};
    }
    if (const auto* x = std::get_if<interrupted_state>(&state_))
      return x->until;
    return std::nullopt;
  }

  // -- what it knows ---------------------------------------------------------------------------

  /// Payloads have to wait until the effect has_room.
  bool is_full() const noexcept {
    return outbound_.is_full();
  }
  bool is_up() const noexcept {
    return std::holds_alternative<up_state>(state_);
  }
  bool has_ended() const noexcept {
    return std::holds_alternative<ended_state>(state_);
  }
  /// "opening", "up", "interrupted", "ended".
  std::string_view name() const noexcept {
    static constexpr std::string_view names[] = {"opening", "up", "interrupted", "ended"};
    return names[state_.index()];
  }
  const outbound<Frame>& sent() const noexcept {
    return outbound_;
  }
  /// How many frames have come: what the handshake of the next connection tells.
  uint64_t received() const noexcept {
    return inbound_.received();
  }
  const core::round_trip& round_trip() const noexcept {
    return round_trip_;
  }
  /// Silence of a connection of which bytes are read is over this (S-SESSION-4).
  duration silence_limit() const {
    if (const auto x = round_trip_.smoothed())
      return std::max(limits_.silence_limit, 4 * *x);
    return 2 * std::max(limits_.silence_limit, setup_time_); // the path may be longer, and hold up the first ping
  }
  /// How long it waits for the next connection (S-SESSION-5).
  duration window() const {
    return std::max(limits_.window, 8 * round_trip_.smoothed().value_or(setup_time_) + setup_time_);
  }

private:
  struct context {
    time_point now;
    session_effects& out;
  };

  /// No connection yet.
  struct opening_state {};

  struct up_state {
    time_point last_written;
    time_point last_heard;
    time_point last_measured;
    bool is_paused = false;
    bool ping_due = false;
    bool notice_due = false;
    std::optional<std::pair<uint64_t, time_point>> ping; ///< that was not answered, and when it was written
    std::optional<uint64_t> pong_due;
  };

  struct interrupted_state {
    time_point until;
    std::string why;
  };

  struct ended_state {
    bool goodbye_due = false;
  };

  // -- connections come and go -------------------------------------------------------------------

  void on(opening_state, const connected& e, context c) {
    begin(e, c);
  }

  /// The other side has come back before this one noticed that it had gone.
  void on(up_state&, const connected& e, context c) {
    interrupt("it connected anew", c);
    if (const auto* x = std::get_if<interrupted_state>(&state_))
      on(*x, e, c);
  }

  void on(const interrupted_state&, const connected& e, context c) {
    const auto before = outbound_.acknowledged();
    const auto resent = outbound_.resent();
    if (!begin(e, c))
      return;
    // S-SESSION-6: each of these connections may have died of the very frames that it was to carry.
    const bool is_fruitless
      = outbound_.resent() > resent && outbound_.acknowledged() == before && inbound_.received() == received_before_;
    fruitless_ = is_fruitless ? fruitless_ + 1 : 0;
    received_before_ = inbound_.received();
    if (fruitless_ >= most_fruitless)
      end("it was resumed 3 times, and each time the connection broke before a frame arrived", false, c);
  }

  void on(ended_state&, const connected&, context c) {
    c.out.push_back(close_connection{"the session has ended"});
  }

  void on(up_state&, const disconnected& e, context c) {
    interrupt(e.why, c);
  }

  template <one_of<opening_state, interrupted_state, ended_state> State>
  static void on(State&, const disconnected&, context) {
    // Of an attempt, or of the connection that was given up.
  }

  template <one_of<opening_state, up_state, interrupted_state> State>
  void on(State&, const session_unknown& e, context c) {
    end(e.why, false, c);
  }

  static void on(ended_state&, const session_unknown&, context) {
  }

  // -- messages come --------------------------------------------------------------------------------

  static void on(up_state& x, const bytes_came&, context c) {
    x.last_heard = c.now;
  }

  void on(up_state&, const frame_came& e, context c) {
    if (!acknowledge(e.received, c))
      return;
    switch (inbound_.take(e.number, e.bytes)) {
      case inbound::arrival::fresh:
        return c.out.push_back(take_frame{});
      case inbound::arrival::repeated:
        return; // its acknowledgement was lost with the connection
      case inbound::arrival::gap:
        return breach("frame " + std::to_string(e.number) + " came after frame " + std::to_string(inbound_.received()),
                      c);
    }
  }

  void on(up_state&, const acknowledgement& e, context c) {
    acknowledge(e.received, c);
  }

  static void on(up_state& x, const ping& e, context) {
    x.pong_due = e.id;
  }

  void on(up_state& x, const pong& e, context c) {
    if (!acknowledge(e.received, c))
      return;
    if (!x.ping || x.ping->first != e.id)
      return; // of an earlier connection
    round_trip_.measured(c.now - x.ping->second);
    x.last_measured = c.now;
    x.ping.reset();
  }

  static void on(up_state&, const notice& e, context c) {
    c.out.push_back(heard_notice{e.what});
  }

  void on(up_state&, const goodbye&, context c) {
    c.out.push_back(close_connection{"the other side ended the session"});
    end("the other side ended the session", true, c);
  }

  /// Of a connection that was given up.
  template <one_of<opening_state, interrupted_state, ended_state> State,
            one_of<bytes_came, frame_came, acknowledgement, ping, pong, notice, goodbye> Event>
  static void on(State&, const Event&, context) {
  }

  // -- this side's wishes, and time -------------------------------------------------------------------

  static void on(up_state& x, const reading_paused&, context) {
    x.is_paused = true;
  }

  static void on(up_state& x, const reading_resumed&, context c) {
    x.is_paused = false;
    x.last_heard = c.now;
  }

  void on(up_state& x, const notice_given& e, context) {
    notice_ = e.notice;
    x.notice_due = true;
  }

  template <one_of<opening_state, interrupted_state> State>
  void on(State&, const notice_given& e, context) {
    notice_ = e.notice; // the next connection begins with it
  }

  static void on(up_state& x, const acknowledgement_wanted&, context) {
    x.ping_due = true;
  }

  void on(up_state& x, const time_came&, context c) {
    if (!x.is_paused && c.now >= x.last_heard + silence_limit()) {
      c.out.push_back(close_connection{"the other side has said nothing for too long"});
      return interrupt("the other side has said nothing for too long", c);
    }
    if (c.now >= x.last_written + limits_.ping_interval || c.now >= x.last_measured + limits_.measuring_interval)
      x.ping_due = true;
  }

  void on(const interrupted_state& x, const time_came&, context c) {
    if (c.now >= x.until)
      end(std::string{x.why} + ", and no other connection was made within the window", false, c);
  }

  void on(up_state&, const session_stopped&, context c) {
    end("this side ended the session", true, c);
    std::get_if<ended_state>(&state_)->goodbye_due = true;
  }

  template <one_of<opening_state, interrupted_state> State>
  void on(State&, const session_stopped&, context c) {
    end("this side ended the session", true, c);
  }

  template <one_of<opening_state, interrupted_state> State,
            one_of<reading_paused, reading_resumed, acknowledgement_wanted> Event>
  static void on(State&, const Event&, context) {
  }

  static void on(opening_state, const time_came&, context) {
  }

  template <
    one_of<reading_paused, reading_resumed, notice_given, acknowledgement_wanted, time_came, session_stopped> Event>
  static void on(ended_state&, const Event&, context) {
  }

  // -- the steps they are made of ---------------------------------------------------------------------

  /// False if the other side tells what cannot be.
  bool begin(const connected& e, context c) {
    if (!outbound_.resume(e.received)) {
      breach("it says that it has " + std::to_string(e.received) + " frames, and frames "
               + std::to_string(outbound_.acknowledged() + 1) + " to " + std::to_string(outbound_.last()) + " wait",
             c);
      return false;
    }
    setup_time_ = e.setup_time;
    auto& up = state_.template emplace<up_state>();
    up.last_written = up.last_heard = up.last_measured = c.now;
    up.ping_due = !round_trip_.smoothed();
    up.notice_due = notice_ != session_notice::ready;
    inbound_.tell(); // the handshake did
    c.out.push_back(resumed{});
    return true;
  }

  bool acknowledge(uint64_t received, context c) {
    const auto before = outbound_.acknowledged();
    if (outbound_.acknowledged(received)) {
      if (received > before)
        fruitless_ = 0; // this connection carries frames
      return true;
    }
    if (received < before)
      breach("it says that it has " + std::to_string(received) + " frames, and had " + std::to_string(before), c);
    else
      breach("it acknowledges frame " + std::to_string(received) + ", which was not sent", c);
    return false;
  }

  void breach(const std::string& why, context c) {
    c.out.push_back(close_connection{why});
    end(why, false, c);
  }

  void interrupt(std::string why, context c) {
    if (limits_.window == duration::zero())
      return end(std::move(why), false, c);
    state_ = interrupted_state{c.now + window(), why};
    c.out.push_back(interrupted{std::move(why)});
  }

  void end(std::string why, bool in_order, context c) {
    state_ = ended_state{};
    c.out.push_back(session_ended{std::move(why), in_order});
  }

  std::optional<session_message<Frame>> next(up_state& up, time_point now) {
    if (up.pong_due)
      return pong{*std::exchange(up.pong_due, std::nullopt), inbound_.tell()};
    if (up.ping_due && !up.ping) {
      up.ping_due = false;
      up.ping = {++pings_, now};
      return ping{pings_};
    }
    if (std::exchange(up.notice_due, false))
      return notice{notice_};
    if (outbound_.has_next()) {
      const auto number = outbound_.next_number();
      return frame<Frame>{number, inbound_.tell(), outbound_.take_next()};
    }
    if (inbound_.owes_acknowledgement())
      return acknowledgement{inbound_.tell()};
    return std::nullopt;
  }

  static constexpr int most_fruitless = 3;

  session_limits limits_;
  outbound<Frame> outbound_;
  inbound inbound_;
  core::round_trip round_trip_;
  duration setup_time_{}; // of the last connection
  int fruitless_ = 0;     // connections in a row over which nothing arrived, and something had to be written again
  uint64_t received_before_ = 0; // when the last connection began
  uint64_t pings_ = 0;
  session_notice notice_ = session_notice::ready;
  std::variant<opening_state, up_state, interrupted_state, ended_state> state_;
};

} // namespace tandem::core
