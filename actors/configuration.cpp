#include "configuration.hpp"
#include "compat/option_reader.hpp"

#include <stdexcept>
#include <string>

namespace tandem {

namespace {

// Every option once, with the member that it sets and what --help says of it.

template <class Visitor>
void visit_common(Visitor& v, end_options& x) {
  v("tandem.end.shards", x.shards,
    "actors that share the operations of an end; 0: one for each thread of the scheduler");
  v("tandem.end.held-tickets", x.held_tickets, "how many tickets of one operation may be held ahead of their turn");
  v("tandem.end.window", x.window,
    "how many payloads ahead of its consumer the other side may send; 0: as customer code allows; 4294967295: any");
  v("tandem.end.window-bytes", x.window_bytes, "the window is smaller if that many payloads are more bytes; 0: never");
  v("tandem.end.waiting-payloads", x.waiting_payloads,
    "how many payloads of an operation may wait until the other side allows them; 0: no limit");
  v("tandem.end.waiting-bytes", x.waiting_bytes,
    "about how many bytes of payloads all operations may hold together; 0: no limit");
}

template <class Visitor>
void visit_front(Visitor& v, end_options& x) {
  v("tandem.front.default-timeout", x.default_timeout, "for operations that are given no timeout");
}

template <class Visitor>
void visit_back(Visitor& v, end_options& x) {
  v("tandem.back.default-timeout", x.default_timeout, "for operations whose front gave none");
  v("tandem.back.maximum-timeout", x.maximum_timeout, "no operation is allowed more");
  v("tandem.back.maximum-operations", x.maximum_operations,
    "how many may run at a time, others are refused; 0: no limit");
  v("tandem.back.remembered-operations", x.remembered_operations, "how many ended operations each shard remembers");
}

/// The options of the category `tandem.trace` beside those of a recording.
struct trace_files {
  std::string file;
  std::string failures_file;
  std::string profile = "full";
};

template <class Visitor>
void visit_trace(Visitor& v, recording_options& x, trace_files& files, end_options& end) {
  v("tandem.trace.file", files.file, "record the tickets and operations of every end into this file");
  v("tandem.trace.capture", x.capture, "which operations, such as: db.*{p:256}, -db.health");
  v("tandem.trace.sample", x.sample, "the share of operations that is recorded, more than 0 and at most 1");
  v("tandem.trace.profile", files.profile, "full, or production: type, size and a keyed hash in the place of payloads");
  v("tandem.trace.key", x.key, "for those hashes");
  v("tandem.trace.consumption", x.consumption,
    "record how long customer code takes for each payload, too: for debugging");
  v("tandem.trace.records-per-second", x.records_per_second, "at most so many are written; 0: no limit");
  v("tandem.trace.records", x.records, "the recording ends after so many; 0: no limit");
  v("tandem.trace.file-bytes", x.file_bytes, "a file that has so many is renamed, and another begun; 0: no limit");
  v("tandem.trace.files", x.files, "how many files there may be");
  v("tandem.trace.failures-file", files.failures_file,
    "write what the flight recorder has of operations that do not complete");
  v("tandem.trace.flight-records", end.flight_records, "how many records each shard's flight recorder keeps; 0: none");
}

recording_profile profile_of(const std::string& name) {
  if (name == "full")
    return recording_profile::full;
  if (name == "production")
    return recording_profile::production;
  throw std::invalid_argument{"tandem.trace.profile: expected full or production, got " + name};
}

end_options read_common(compat::option_reader& read) {
  end_options result;
  recording_options recording;
  trace_files files;
  visit_common(read, result);
  visit_trace(read, recording, files, result);
  recording.profile = profile_of(files.profile);
  read("tandem.link.node-name", recording.node);
  recording.file = "any"; // values that make no sense are refused without a file too
  check_options(recording);
  recording.file = files.file;
  if (!recording.file.empty())
    result.record = recording;
  recording.file = files.failures_file;
  recording.records = 0; // of the other file
  if (!recording.file.empty())
    result.record_failures = recording;
  return result;
}

} // namespace

void add_end_options(caf::config_option_set& options) {
  compat::option_adder add{options};
  end_options end;
  recording_options recording;
  trace_files files;
  visit_common(add, end);
  visit_front(add, end);
  visit_back(add, end);
  visit_trace(add, recording, files, end);
}

end_options configured_front_options(const caf::actor_system& system) {
  return configured_front_options(system.config());
}

end_options configured_front_options(const caf::actor_system_config& config) {
  compat::option_reader read{config};
  auto result = read_common(read);
  visit_front(read, result);
  return result;
}

end_options configured_back_options(const caf::actor_system& system) {
  return configured_back_options(system.config());
}

end_options configured_back_options(const caf::actor_system_config& config) {
  compat::option_reader read{config};
  auto result = read_common(read);
  visit_back(read, result);
  return result;
}

} // namespace tandem
