/// A front and a back in one process that record what they do, with a clock that is moved by hand.
#pragma once

#include "../../actors/testing/manual_clock.hpp"
#include "../../actors/testing/settle.hpp"
#include "../../messages/trace/trace_reader.hpp"
#include "trace_folder.hpp"
#include "world.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tandem_test {

inline std::vector<tandem::trace_entry> entries_of(std::istream& in) {
  tandem::trace_reader reader{in};
  CHECK(reader.header().has_value());
  std::vector<tandem::trace_entry> result;
  while (auto* entry = reader.next())
    result.push_back(std::move(*entry));
  CHECK(reader.errors().empty());
  CHECK(reader.notes().empty());
  return result;
}

inline std::vector<tandem::trace_entry> entries_of(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return entries_of(in);
}

/// "begun echo, sent entire, ...": the records, in a line.
inline std::string story_of(const std::vector<tandem::trace_entry>& entries) {
  std::string result;
  for (const auto& x : entries) {
    result += (result.empty() ? "" : ", ") + std::string{to_string(x.event)};
    if (x.is_ticket())
      result += " " + to_string(x.kind);
    else if (x.event == tandem::trace_event::begun)
      result += " " + *x.name;
    else if (x.event == tandem::trace_event::ended)
      result += " " + to_string(x.ended);
  }
  return result;
}

/// Both ends in one process, with a clock that is moved by hand, one shard each, so that records have one order. What
/// they record is checked when they go (trace_folder.hpp), and so is what their flight recorders have then.
struct recorded_ends {
  trace_folder folder;
  std::string front_file = (folder.path / "front.jsonl").string();
  std::string back_file = (folder.path / "back.jsonl").string();
  node at;
  std::shared_ptr<tandem::manual_clock> clock = std::make_shared<tandem::manual_clock>();
  tandem::back_end back;
  tandem::front_end front;

  explicit recorded_ends(std::shared_ptr<tandem::servicer> services = test_services(), tandem::end_options options = {})
    : back(at.system, services, with_clock(std::move(options))),
      front(at.system, {.clock = clock, .shards = 1, .name = "orders"}) {
    tandem::join(front, back);
    tandem::settle({front, back});
  }

  ~recorded_ends() {
    folder.add("flight-front", front.flight_record());
    folder.add("flight-back", back.flight_record());
  }

  tandem::operation begin(const std::string& name, tandem::payload content = text("hello"), bool complete = true,
                          std::optional<tandem::trace_id> trace = std::nullopt) const {
    auto result = front.operate({.name = name,
                                 .payload = std::move(content),
                                 .complete = complete,
                                 .timeout = std::chrono::seconds{10},
                                 .subscription = tandem::full_serviced_subscription(tandem::make_consumer({})),
                                 .trace_id = trace});
    tandem::settle({front, back});
    return result;
  }

  void start_recording() const {
    front.recorder().start({.file = front_file});
    back.recorder().start({.file = back_file});
  }

  /// Lets time pass; everything that is due on the way happens.
  void advance(tandem::duration distance) const {
    clock->advance(distance, [this] { tandem::settle({front, back}); });
  }

  std::vector<tandem::trace_entry> at_front() const {
    front.recorder().stop();
    return entries_of(front_file);
  }

  std::vector<tandem::trace_entry> at_back() const {
    back.recorder().stop();
    return entries_of(back_file);
  }

private:
  tandem::end_options with_clock(tandem::end_options options) const {
    options.clock = clock;
    options.shards = 1;
    return options;
  }
};

} // namespace tandem_test
