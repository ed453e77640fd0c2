#include "recording_messages.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/callback_actor.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <utility>

namespace tandem {

namespace {

recording_options options_of(const start_recording& x) {
  recording_options result;
  result.file = x.file;
  result.node = x.node;
  result.capture = x.capture;
  result.sample = x.sample;
  result.profile = x.production ? recording_profile::production : recording_profile::full;
  result.key = x.key;
  result.records_per_second = x.records_per_second;
  result.records = x.records;
  result.file_bytes = x.file_bytes;
  result.files = x.files;
  result.consumption = x.consumption;
  return result;
}

} // namespace

bool is_recording_message(const caf::message& content) {
  return is_message<start_recording>(content) || is_message<stop_recording>(content)
         || is_message<get_recording>(content);
}

recording_desk::recording_desk(caf::actor_system& system, std::shared_ptr<trace_recorder> recorder)
  : system_(system), recorder_(std::move(recorder)) {
}

void recording_desk::take(caf::message content, std::function<void(caf::message)> respond) {
  {
    std::lock_guard guard{mutex_};
    waiting_.push_back({std::move(content), std::move(respond)});
    if (std::exchange(works_, true))
      return;
  }
  // An actor, so that the actor system waits for it.
  system_.spawn<caf::detached + caf::hidden>(
    [](caf::event_based_actor*, const std::shared_ptr<recording_desk>& self) { self->work(); }, shared_from_this());
}

void recording_desk::work() {
  for (;;) {
    request next;
    {
      std::lock_guard guard{mutex_};
      if (waiting_.empty()) {
        works_ = false;
        return;
      }
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next.respond(answer(next.content));
  }
}

caf::message recording_desk::answer(const caf::message& content) const {
  if (is_message<start_recording>(content)) {
    try {
      recorder_->start(options_of(content.get_as<start_recording>(0)));
    } catch (const std::exception& e) {
      return caf::make_message(caf::make_error(caf::sec::invalid_argument, std::string{e.what()}));
    }
    return caf::make_message();
  }
  if (is_message<stop_recording>(content))
    recorder_->stop();
  return caf::make_message(recorder_->status());
}

} // namespace tandem
