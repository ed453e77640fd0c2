/// One side of a session between two nodes: drives the machine of core/session.hpp with a connection, a clock and the
/// tickets that wait. What the tickets are is the business of node_session.hpp, and connections are made by connect()
/// and publish(). Internal to nodes/.
///
/// All of it runs in the network thread, except where a function says otherwise.
#pragma once

#include "../../core/session.hpp"
#include "../../links/link_news.hpp"
#include "../link_options.hpp"
#include "../network/connection.hpp"
#include "../network/network.hpp"
#include "../node_link.hpp"
#include "room.hpp"
#include "ticket_queue.hpp"

#include <asio/steady_timer.hpp>

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

class session_carrier : public connection_user, public std::enable_shared_from_this<session_carrier> {
public:
  /// `answers`: what this side sends is mostly brought up by what comes to it.
  session_carrier(std::shared_ptr<network> network, const link_options& options, bool answers);
  ~session_carrier() override;

  session_carrier(const session_carrier&) = delete;
  session_carrier& operator=(const session_carrier&) = delete;

  // -- connections ---------------------------------------------------------------------------

  /// Goes on over this connection, of which the handshake is over. `room`: how many bytes the other side takes in all
  /// (S-PORT-11); 0: as many as this one likes.
  void attach(std::shared_ptr<connection> x, const core::connected& how, uint64_t room);

  /// Takes nothing more from the connection, if there is one: another is about to be made.
  void detach(const std::string& why);

  /// How many frames have come: what the handshake of the next connection tells.
  uint64_t received() const {
    return session_.received();
  }

  /// How many bytes the other side may send in all, so the handshake tells it (S-PORT-11).
  uint64_t room() const {
    return receive_room_.told();
  }

  /// The other side does not know the session.
  void unknown(const std::string& why);

  /// As stop(), at once.
  void stop_here();

  /// Tells the other side (S-SESSION-7).
  void say(core::session_notice x);

  bool is_interrupted() const {
    return session_.name() == "interrupted";
  }

  // -- any thread ----------------------------------------------------------------------------

  /// Ends the session in order: what was given before still goes, if there is a connection. Returns when it has ended.
  void stop();

  /// As node_link::flush.
  flush_result flush(duration timeout);
  std::future<flush_result> flushed();

  /// This side will give no first ticket any more: says that it is draining when the other side has all that were given
  /// up to now (S-SESSION-7).
  void begins_no_more();

  /// So many more bytes of what has come are dealt with; less than 0: that was said too early (S-PORT-11).
  void dealt_with(int64_t bytes);

  /// Of this session; nothing is known if the network thread is busy for a second.
  link_status status();

  /// Why it has ended; empty as long as it has not.
  std::string ended() const;

protected:
  /// Gives tickets to the network thread; false if the session has ended. Any thread.
  bool give(ticket_batch&& x);

  /// A frame has come, with this content. False if it makes no sense.
  virtual bool take_content(std::string_view content, std::string& error) = 0;
  /// All frames that came at once were taken.
  virtual void contents_taken() = 0;
  virtual void heard(core::session_notice x) = 0;
  virtual void news(const link_news& x) = 0;
  /// Called once, and last.
  virtual void has_ended(const std::string& why, bool in_order) = 0;

  ticket_queue queue_;
  send_room send_room_;
  receive_room receive_room_;
  const std::shared_ptr<network> network_;

private:
  // Of the connection.
  void heard() override;
  void take(core::session_message<std::string_view>& x) override;
  void took_all() override;
  void fill(write_batch& x) override;
  void broken(const std::string& why, bool by_nonsense) override;

  template <class Event>
  void handle(const Event& x);
  void write_into(write_batch& to);
  void carry_out(const core::take_frame& x);
  void carry_out(const core::close_connection& x);
  void carry_out(const core::interrupted& x);
  void carry_out(const core::resumed& x);
  void carry_out(const core::has_room& x);
  void carry_out(const core::heard_notice& x);
  void carry_out(const core::session_ended& x);
  void drop_connection();
  void take_inbox();
  void see_to_congestion();
  void see_to_room();
  void after_events();
  void set_timer();
  void answer_flushes();
  void tell_of_last_first();

  const link_options options_;
  core::session<frame_ptr> session_;
  const bool answers_;
  bool is_congested_ = false; ///< more waits to be sent than `send_ahead`, or, since that was so, than half of it
  std::shared_ptr<connection> connection_;
  uint64_t connections_ = 0;
  asio::steady_timer timer_;
  time_point timer_at_ = time_point::max();
  core::session_effects effects_; ///< empty between events; its memory is used again
  std::string_view content_;      ///< of the frame that is being taken
  core::session_notice peer_says_ = core::session_notice::ready;
  std::vector<std::promise<flush_result>> flushes_;
  bool begins_no_more_ = false;        ///< and has not said so yet
  std::optional<uint64_t> last_first_; ///< then: the frame after which no first ticket comes; nothing: some wait

  std::atomic<int64_t> dealt_with_{0}; ///< bytes of what has come
  std::atomic<int64_t> next_news_;     ///< as soon as so many are dealt with, the other side is told
  std::atomic<bool> sees_to_room_{false};

  mutable std::mutex mutex_; ///< guards what follows
  std::vector<ticket_batch> inbox_;
  bool inbox_is_announced_ = false;
  std::string ended_;
};

} // namespace tandem
