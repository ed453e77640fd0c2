#include <tandem/actors/proxy_actor.hpp>
#include <tandem/actors/tracing/recording_messages.hpp>
#include <tandem/messages/type_ids.hpp>

#include <caf/sec.hpp>

#include <exception>

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
  return result;
}

} // namespace

std::optional<caf::message> recording_answer(trace_recorder& recorder, const caf::message& content) {
  if (is_message<start_recording>(content)) {
    try {
      recorder.start(options_of(content.get_as<start_recording>(0)));
    } catch (const std::exception& e) {
      return caf::make_message(caf::make_error(caf::sec::invalid_argument, std::string{e.what()}));
    }
    return caf::make_message();
  }
  if (is_message<stop_recording>(content))
    recorder.stop();
  else if (!is_message<get_recording>(content))
    return std::nullopt;
  return caf::make_message(recorder.status());
}

} // namespace tandem
