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

std::string in_words(core::session_notice x) {
  switch (x) {
    case core::session_notice::ready:
      return "ready";
    case core::session_notice::draining:
      return "draining";
    case core::session_notice::going_away:
      return "going away";
  }
  return "unknown";
}

} // namespace

session_carrier::session_carrier(std::shared_ptr<network> network, const link_options& options, std::string peer)
  : network_(std::move(network)),
    options_(options),
    peer_(std::move(peer)),
    session_(limits_of(options)),
    timer_(network_->context()) {
}

session_carrier::~session_carrier() {
  if (connection_)
    connection_->close();
  for (auto& x : flushes_)
    x.set_value(flush_result::lost);
}

// -- connections ---------------------------------------------------------------------------------

void session_carrier::attach(std::shared_ptr<connection> x, const core::connected& how) {
  const auto self = shared_from_this(); // its owner may let go of it at its end
  if (auto old = std::exchange(connection_, std::move(x)))
    old->close();
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

void session_carrier::detach(const std::string& why) {
  const auto self = shared_from_this(); // its owner may let go of it at its end
  auto old = std::exchange(connection_, nullptr);
  if (old == nullptr)
    return;
  old->close();
  handle(core::disconnected{why});
  after_events();
}

void session_carrier::unknown(const std::string& why) {
  const auto self = shared_from_this(); // its owner may let go of it at its end
  handle(core::session_unknown{why});
  after_events();
}

void session_carrier::tell(core::session_notice x) {
  const auto self = shared_from_this(); // its owner may let go of it at its end
  handle(core::notice_given{x});
  after_events();
}

void session_carrier::heard() {
  handle(core::bytes_came{});
}

void session_carrier::take(core::session_message<std::string_view>& x) {
  if (auto* frame = std::get_if<core::frame<std::string_view>>(&x)) {
    content_ = frame->content;
    handle(core::frame_came{frame->number, frame->received, frame->content.size()});
    content_ = {};
    return;
  }
  std::visit(
    [this]<class Message>(const Message& message) {
      if constexpr (!std::is_same_v<Message, core::frame<std::string_view>>)
        handle(message);
    },
    x);
}

void session_carrier::took_all() {
  contents_taken();
  take_inbox(); // with what the tickets have brought up already
  network_->linger(options_.linger);
}

void session_carrier::broken(const std::string& why) {
  const auto self = shared_from_this(); // its owner may let go of it at its end
  connection_ = nullptr;
  handle(core::disconnected{why});
  after_events();
}

void session_carrier::fill(write_batch& to) {
  while (!to.is_full()) {
    auto message = session_.next(steady_now());
    if (!message) {
      if (!session_.is_up())
        return;
      auto content = queue_.next_frame(session_.is_full());
      if (content == nullptr)
        return;
      const auto size = content->size();
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
  carry_out(effects);
  effects.clear();
  effects_ = std::move(effects);
}

void session_carrier::carry_out(core::session_effects& effects) {
  for (auto& effect : effects) {
    if (std::holds_alternative<core::take_frame>(effect)) {
      std::string error;
      if (take_content(content_, error))
        continue;
      if (auto old = std::exchange(connection_, nullptr))
        old->close();
      unknown("the other side breaks the rules: " + error);
    } else if (std::holds_alternative<core::close_connection>(effect)) {
      if (auto old = std::exchange(connection_, nullptr))
        old->close();
    } else if (auto* broken = std::get_if<core::interrupted>(&effect)) {
      show();
      interrupted(broken->why);
    } else if (auto* heard = std::get_if<core::heard_notice>(&effect)) {
      {
        std::lock_guard guard{mutex_};
        status_.peer_says = in_words(heard->notice);
      }
      heard_notice(heard->notice);
    } else if (auto* end = std::get_if<core::session_ended>(&effect)) {
      timer_.cancel();
      {
        std::lock_guard guard{mutex_};
        ended_ = end->why;
        inbox_.clear();
      }
      if (auto last = std::exchange(connection_, nullptr)) {
        last->wake(); // a goodbye
        last->close(true);
      }
      for (auto& x : std::exchange(flushes_, {}))
        x.set_value(flush_result::lost);
      show();
      has_ended(end->why, end->in_order);
    }
  }
}

/// Writes what there is now, and sees to the time.
void session_carrier::after_events() {
  if (connection_)
    connection_->wake();
  if (!flushes_.empty())
    answer_flushes();
  set_timer();
  show();
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

// -- any thread ----------------------------------------------------------------------------------

void session_carrier::stop() {
  run_in(*network_, [self = shared_from_this()] { self->stop_here(); });
}

flush_result session_carrier::flush(duration timeout) {
  auto result = std::make_shared<std::promise<flush_result>>();
  auto answer = result->get_future();
  asio::post(network_->context(), [self = shared_from_this(), result] {
    if (self->session_.has_ended())
      return result->set_value(flush_result::lost);
    self->flushes_.push_back(std::move(*result));
    self->take_inbox();
  });
  return answer.wait_for(timeout) == std::future_status::ready ? answer.get() : flush_result::timed_out;
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

void session_carrier::show() {
  std::lock_guard guard{mutex_};
  status_.state = session_.name();
  status_.round_trip = session_.round_trip().smoothed();
  status_.round_trip_deviation = session_.round_trip().deviation();
  status_.waiting_bytes = queue_.bytes();
  status_.unacknowledged_bytes = session_.sent().bytes();
  status_.resent_frames = session_.sent().resent();
}

link_status session_carrier::status() const {
  std::lock_guard guard{mutex_};
  return status_;
}

std::string session_carrier::ended() const {
  std::lock_guard guard{mutex_};
  return ended_;
}

} // namespace tandem
