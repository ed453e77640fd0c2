#include "session_carrier.hpp"
#include "../network/run_in.hpp"

#include <asio/post.hpp>

#include <chrono>
#include <utility>
#include <variant>

namespace tandem {

namespace {

core::session_limits limits_of(const link_options& x) {
  core::session_limits result;
  result.window = x.window;
  result.resend_limit = x.resend_limit;
  result.ping_interval = x.ping_interval;
  result.silence_limit = x.silence_limit;
  return result;
}

/// S-SESSION-3: what goes ahead of payloads is not bounded by resend_limit, but there is never so much of it.
size_t most_kept(const link_options& x) {
  return 2 * x.resend_limit + (size_t{1} << 20);
}

} // namespace

session_carrier::session_carrier(std::shared_ptr<network> network, const link_options& options, bool answers)
  : receive_room_(options.read_ahead),
    network_(std::move(network)),
    options_(options),
    session_(limits_of(options)),
    answers_(answers),
    timer_(network_->context()),
    next_news_(receive_room_.next_news()) {
}

session_carrier::~session_carrier() {
  drop_connection();
  for (auto& x : flushes_)
    x.set_value(flush_result::lost);
}

// -- connections ---------------------------------------------------------------------------------

void session_carrier::attach(std::shared_ptr<connection> x, const core::connected& how, uint64_t room) {
  const auto self = shared_from_this(); // its owner may let go of it at its end
  drop_connection();
  ++connections_;
  send_room_.allowed(room == 0 ? UINT64_MAX : room);
  connection_ = std::move(x);
  handle(how);
  if (connection_ == nullptr)
    return;
  connection_->start(weak_from_this());
  after_events();
}

void session_carrier::stop_here() {
  const auto self = shared_from_this(); // its owner may let go of it at its end
  take_inbox();
  handle(core::session_stopped{});
}

void session_carrier::say(core::session_notice x) {
  handle(core::notice_given{x});
  after_events();
}

void session_carrier::detach(const std::string& why) {
  const auto self = shared_from_this(); // its owner may let go of it at its end
  if (connection_ == nullptr)
    return;
  drop_connection();
  handle(core::disconnected{why});
  after_events();
}

void session_carrier::unknown(const std::string& why) {
  const auto self = shared_from_this(); // its owner may let go of it at its end
  handle(core::session_unknown{why});
  after_events();
}

void session_carrier::drop_connection() {
  if (const auto old = std::exchange(connection_, nullptr))
    old->close();
}

void session_carrier::heard() {
  handle(core::bytes_came{});
}

void session_carrier::take(core::session_message<std::string_view>& x) {
  std::visit(
    [this]<class Message>(const Message& message) {
      if constexpr (std::is_same_v<Message, core::frame<std::string_view>>) {
        content_ = message.content;
        handle(core::frame_came{message.number, message.received, message.content.size()});
        content_ = {};
      } else {
        handle(message);
      }
    },
    x);
}

void session_carrier::took_all() {
  contents_taken();
  take_inbox(); // with what the tickets have brought up already
  network_->linger(options_.linger);
}

void session_carrier::broken(const std::string& why, bool by_nonsense) {
  const auto self = shared_from_this(); // its owner may let go of it at its end
  connection_ = nullptr;
  if (by_nonsense)
    return unknown("the other side breaks the rules: " + why);
  handle(core::disconnected{why});
  after_events();
}

void session_carrier::fill(write_batch& to) {
  write_into(to);
  see_to_congestion();
}

void session_carrier::write_into(write_batch& to) {
  while (!to.is_full()) {
    auto message = session_.next(steady_now());
    if (!message) {
      if (!session_.is_up())
        return;
      auto content = queue_.next_frame(session_.is_full() || !send_room_.has_some());
      if (content == nullptr)
        return;
      const auto size = content->size();
      send_room_.sent(size);
      session_.give(std::move(content), size);
      continue;
    }
    std::visit(
      [&to]<class Message>(Message& x) {
        if constexpr (std::is_same_v<Message, core::frame<frame_ptr>>)
          to.add_frame(x.number, x.received, std::move(x.content));
        else
          to.add(to_bytes(x));
      },
      *message);
  }
}

// -- the machine ---------------------------------------------------------------------------------

template <class Event>
void session_carrier::handle(const Event& x) {
  auto effects = std::exchange(effects_, {});
  session_.handle(x, steady_now(), effects);
  for (const auto& effect : effects)
    std::visit([this](const auto& y) { this->carry_out(y); }, effect);
  effects.clear();
  effects_ = std::move(effects);
}

void session_carrier::carry_out(const core::take_frame&) {
  std::string error;
  if (take_content(content_, error))
    return;
  drop_connection();
  unknown("the other side breaks the rules: " + error);
}

void session_carrier::carry_out(const core::close_connection&) {
  drop_connection();
}

void session_carrier::carry_out(const core::interrupted& x) {
  news({link_news::kind::interrupted, x.why});
}

void session_carrier::carry_out(const core::resumed&) {
  if (connections_ > 1)
    news({link_news::kind::resumed, "by connection " + std::to_string(connections_) + "; "
                                      + std::to_string(session_.sent().resent()) + " frames were sent again so far"});
}

// Nothing to do: whatever may be written is written after each event.
void session_carrier::carry_out(const core::has_room&) {
}

void session_carrier::carry_out(const core::heard_notice& x) {
  const auto before = std::exchange(peer_says_, x.notice);
  if (x.notice == core::session_notice::ready && before != core::session_notice::ready) {
    begins_no_more_ = false;
    handle(core::notice_given{core::session_notice::ready});
  }
  heard(x.notice);
}

void session_carrier::carry_out(const core::session_ended& x) {
  timer_.cancel();
  {
    std::lock_guard guard{mutex_};
    ended_ = x.why;
    inbox_.clear();
  }
  if (const auto last = std::exchange(connection_, nullptr)) {
    last->wake(); // a goodbye
    last->close(true);
  }
  for (auto& flush : std::exchange(flushes_, {}))
    flush.set_value(flush_result::lost);
  has_ended(x.why, x.in_order);
}

/// Writes what there is now, and sees to the time.
void session_carrier::after_events() {
  if (session_.is_up() && session_.sent().bytes() > most_kept(options_))
    return unknown("the other side does not acknowledge what it gets: " + std::to_string(session_.sent().bytes())
                   + " bytes, and resend_limit is " + std::to_string(options_.resend_limit));
  see_to_congestion();
  see_to_room();
  if (connection_)
    connection_->wake();
  if (!flushes_.empty())
    answer_flushes();
  if (begins_no_more_)
    tell_of_last_first();
  set_timer();
}

void session_carrier::set_timer() {
  const auto at = session_.deadline();
  if (!at || *at >= timer_at_) // if it comes too early, it sets itself anew
    return;
  timer_at_ = *at;
  timer_.expires_at(*at);
  timer_.async_wait([weak = weak_from_this()](const asio::error_code& e) {
    const auto self = weak.lock();
    if (e || self == nullptr)
      return;
    self->timer_at_ = time_point::max();
    if (const auto due = self->session_.deadline(); due && *due <= steady_now())
      self->handle(core::time_came{});
    self->after_events();
  });
}

// -- tickets -------------------------------------------------------------------------------------

bool session_carrier::give(ticket_batch&& x) {
  {
    std::lock_guard guard{mutex_};
    if (!ended_.empty())
      return false;
    inbox_.push_back(std::move(x));
    if (std::exchange(inbox_is_announced_, true))
      return true;
  }
  asio::post(network_->context(), [self = shared_from_this()] { self->take_inbox(); });
  return true;
}

void session_carrier::take_inbox() {
  const auto self = shared_from_this(); // its owner may let go of it at its end
  std::vector<ticket_batch> batches;
  {
    std::lock_guard guard{mutex_};
    batches.swap(inbox_);
    inbox_is_announced_ = false;
  }
  for (auto& x : batches)
    queue_.push(std::move(x));
  after_events();
}

// -- room (S-PORT-11) ----------------------------------------------------------------------------

void session_carrier::see_to_congestion() {
  const auto bytes = queue_.bytes();
  if (is_congested_ ? bytes > options_.send_ahead / 2 : bytes <= options_.send_ahead)
    return;
  is_congested_ = !is_congested_;
  news({is_congested_ ? link_news::kind::congested : link_news::kind::relieved});
  if (!is_congested_)
    see_to_room();
}

/// A side that answers gives no room while its answers wait: more questions would only bring up more of them. If both
/// sides did that, they could wait for each other.
void session_carrier::see_to_room() {
  const auto done = dealt_with_.load();
  if (done < receive_room_.next_news() || (answers_ && is_congested_))
    return;
  std::string item;
  append_room(receive_room_.tell(done), item);
  queue_.push_control(std::move(item));
  next_news_ = receive_room_.next_news();
}

void session_carrier::dealt_with(int64_t bytes) {
  const auto now = dealt_with_.fetch_add(bytes) + bytes;
  if (now < next_news_ || sees_to_room_.exchange(true))
    return;
  asio::post(network_->context(), [self = shared_from_this()] {
    self->sees_to_room_ = false;
    self->after_events();
  });
}

// -- any thread ----------------------------------------------------------------------------------

void session_carrier::stop() {
  run_in(*network_, [self = shared_from_this()] { self->stop_here(); });
}

flush_result session_carrier::flush(duration timeout) {
  auto answer = flushed();
  return answer.wait_for(timeout) == std::future_status::ready ? answer.get() : flush_result::timed_out;
}

std::future<flush_result> session_carrier::flushed() {
  auto result = std::make_shared<std::promise<flush_result>>();
  auto answer = result->get_future();
  asio::post(network_->context(), [self = shared_from_this(), result] {
    if (self->session_.has_ended())
      return result->set_value(flush_result::lost);
    self->flushes_.push_back(std::move(*result));
    self->take_inbox();
  });
  return answer;
}

void session_carrier::begins_no_more() {
  asio::post(network_->context(), [self = shared_from_this()] {
    self->begins_no_more_ = true;
    self->last_first_.reset();
    self->take_inbox();
  });
}

/// S-SESSION-7.
void session_carrier::tell_of_last_first() {
  if (!last_first_ && queue_.has_first())
    return;
  if (!last_first_)
    last_first_ = session_.sent().last();
  if (session_.sent().acknowledged() < *last_first_) {
    if (session_.is_up())
      handle(core::acknowledgement_wanted{});
    return;
  }
  begins_no_more_ = false;
  handle(core::notice_given{core::session_notice::draining});
  if (connection_)
    connection_->wake();
}

void session_carrier::answer_flushes() {
  if (queue_.empty() && session_.sent().size() == 0) {
    for (auto& x : std::exchange(flushes_, {}))
      x.set_value(flush_result::arrived);
  } else if (session_.is_up() && !session_.sent().has_next()) {
    handle(core::acknowledgement_wanted{});
    if (connection_)
      connection_->wake();
  }
}

link_status session_carrier::status() {
  auto result = std::make_shared<link_status>();
  const bool is_known = run_in(*network_, [self = shared_from_this(), result] {
    result->state = self->session_.name();
    result->peer_says = to_string(self->peer_says_);
    result->connections = self->connections_;
    result->sessions = 1;
    result->round_trip = self->session_.round_trip().smoothed();
    result->round_trip_deviation = self->session_.round_trip().deviation();
    result->waiting_bytes = self->queue_.bytes();
    result->unacknowledged_bytes = self->session_.sent().bytes();
    result->resent_frames = self->session_.sent().resent();
  });
  return is_known ? *result : link_status{};
}

std::string session_carrier::ended() const {
  std::lock_guard guard{mutex_};
  return ended_;
}

} // namespace tandem
