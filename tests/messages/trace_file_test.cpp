#include "../support/random_tickets.hpp"
#include "../support/test_types.hpp"

#include "../../messages/opaque_payload.hpp"
#include "../../messages/trace/trace_line.hpp"
#include "../../messages/trace/trace_reader.hpp"
#include "../../messages/trace/trace_writer.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>
#include <thread>

using namespace tandem;
using namespace tandem_test;

namespace {

const trace_header header{
  .node = "host/1", .side = "front", .link = "orders", .start_wall_ns = 1000, .start_monotonic_ns = 10};

trace_entry some_entry(uint64_t number) {
  trace_entry result;
  result.record = number;
  result.wall_ns = 1700;
  result.monotonic_ns = 20;
  result.link = "orders";
  front_to_back_ticket ticket;
  ticket.operation = {1, number};
  ticket.kind = ticket_kind::entire;
  ticket.name = "echo";
  ticket.subscription = subscription_kind::full;
  set_ticket(result, ticket);
  result.payload = to_trace_payload(make_payload(std::string{"hello"}));
  result.payload_size = 5;
  return result;
}

/// All records of a text, and the reader as it is then.
struct reading {
  explicit reading(const std::string& text) : in(text), reader(in) {
    while (auto* entry = reader.next())
      entries.push_back(*entry);
  }

  std::istringstream in;
  trace_reader reader;
  std::vector<trace_entry> entries;
};

/// A file name of its own that goes away with the test.
struct temporary_file {
  temporary_file()
    : path(std::filesystem::temp_directory_path() / ("tandem-trace-" + to_string(operation_id{random_bits(), 0}))) {
  }
  ~temporary_file() {
    std::filesystem::remove(path);
  }
  std::string text() const {
    std::ifstream in{path};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  std::filesystem::path path;
};

std::string line_of(uint64_t number) {
  return to_line(some_entry(number));
}

/// One entry of each event, with everything that it may have.
std::vector<trace_entry> all_events() {
  std::vector<trace_entry> result;
  auto add = [&result](trace_event event, auto fill) {
    trace_entry x;
    x.record = result.size();
    x.event = event;
    x.side = trace_side::back;
    x.link = "orders";
    if (x.has_operation())
      x.operation = {1, 2};
    fill(x);
    result.push_back(std::move(x));
  };
  add(trace_event::begun, [](trace_entry& x) {
    x.name = "echo";
    x.subscription = subscription_kind::termination_only;
    x.trace_id = tandem::trace_id::make();
    x.timeout = std::chrono::milliseconds(1500);
    x.maximum_timeout = std::chrono::hours(1);
    x.parent = operation_id{3, 4};
    x.peer = "host/2";
  });
  add(trace_event::received, [](trace_entry& x) {
    x.sequence_number = {7};
    x.kind = ticket_kind::continuation;
    x.payload = trace_payload{R"({"type":"string","size":300})", "capture", "the beginning", "0123456789abcdef"};
    x.payload_size = 300;
    x.timeout = std::chrono::seconds(3);
  });
  add(trace_event::sent, [](trace_entry& x) {
    x.kind = ticket_kind::cancellation;
    x.details = "why";
  });
  add(trace_event::annotation, [](trace_entry& x) { x.text = "line\n\xff"; });
  add(trace_event::consumed, [](trace_entry& x) {
    x.sequence_number = {7};
    x.began_ns = -5;
    x.took_ns = 4'100'000'000;
  });
  add(trace_event::ended, [](trace_entry& x) {
    x.ended = outcome::servicer_failure;
    x.details = "it \"threw\"";
  });
  add(trace_event::joined, [](trace_entry& x) { x.peer = "host/2"; });
  add(trace_event::lost, [](trace_entry& x) { x.details = "gone"; });
  add(trace_event::dropped, [](trace_entry& x) { x.count = 12; });
  add(trace_event::interrupted, [](trace_entry& x) {
    x.peer = "host/2";
    x.details = "reset";
  });
  add(trace_event::resumed, [](trace_entry& x) {
    x.peer = "host/2";
    x.details = "by connection 2";
  });
  return result;
}

} // namespace

TEST_CASE("trace line: in the order in which people read it") {
  CHECK(line_of(7)
        == R"({"record":7,"wall_ns":1700,"monotonic_ns":20,"side":"front","link":"orders","event":"sent",)"
           R"("direction":"front to back","ticket":{"operation_id":"00000000000000010000000000000007",)"
           R"("sequence_number":0,"kind":"entire","name":"echo","subscription":"full","payload":"hello"},)"
           R"("payload_size":5})");
  CHECK(to_line(header)
        == R"({"tandem_trace":1,"node":"host/1","side":"front","link":"orders","clock":"steady","start_wall_ns":1000,)"
           R"("start_monotonic_ns":10,"part":0,"first_record":0,"profile":"full"})");
}

TEST_CASE("trace line: every event reads back") {
  for (const auto& entry : all_events()) {
    const auto line = to_line(entry);
    CAPTURE(line);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(nlohmann::json::accept(line));
    std::string error;
    const auto copy = parse_entry(line, error);
    REQUIRE_MESSAGE(copy, error);
    CHECK(*copy == entry);
  }
  std::string error;
  CHECK(parse_header(to_line(header), error) == header);
  auto rotated = header;
  rotated.part = 3;
  rotated.first_record = 99;
  rotated.capture = "db.*{p:256}";
  rotated.sample = 0.25;
  rotated.profile = "redacted";
  rotated.clock = "manual";
  rotated.merged = R"([{"node":"host/1"},{"node":"host/2"}])";
  CHECK(parse_header(to_line(rotated), error) == rotated);
  CHECK(!parse_header(R"({"tandem_trace":1,"sample":1.25})", error));
  CHECK(error.find("expected a number from 0 to 1") != std::string::npos);
}

TEST_CASE("trace line: a record without an event is one, by its side and direction") {
  auto json = nlohmann::json::parse(line_of(1));
  json.erase("event");
  std::string error;
  CHECK(parse_entry(json.dump(), error)->event == trace_event::sent);
  json["side"] = "back";
  CHECK(parse_entry(json.dump(), error)->event == trace_event::received);
}

TEST_CASE("trace line: fields in any order, unknown ones and null") {
  auto json = nlohmann::ordered_json::parse(line_of(1));
  nlohmann::ordered_json turned;
  for (auto x = json.rbegin(); x != json.rend(); ++x)
    turned[x.key()] = x.value();
  turned["later"] = {{"a", {1, 2, {{"b", nullptr}}}}};
  turned["payload_hash"] = nullptr;
  turned["ticket"]["later"] = "x";
  std::string error;
  const auto entry = parse_entry(turned.dump(2), error);
  REQUIRE_MESSAGE(entry, error);
  CHECK(*entry == some_entry(1));
}

TEST_CASE("trace line: a field that means nothing with its event is skipped") {
  nlohmann::ordered_json everything;
  for (const auto& entry : all_events())
    everything.update(nlohmann::ordered_json::parse(to_line(entry)));
  everything.erase("ticket");
  for (const auto& entry : all_events()) {
    auto json = nlohmann::ordered_json::parse(to_line(entry));
    for (const auto& [name, value] : everything.items())
      if (!json.contains(name))
        json[name] = value;
    if (entry.is_ticket()) // its ticket has these
      for (const auto* name : {"operation_id", "name", "subscription", "trace_id", "timeout", "details"})
        json.erase(name);
    CAPTURE(json.dump());
    std::string error;
    const auto copy = parse_entry(json.dump(), error);
    REQUIRE_MESSAGE(copy, error);
    CHECK(*copy == entry);
  }
}

TEST_CASE("trace line: malformed tickets are written and read back too") {
  auto entry = some_entry(1);
  entry.sequence_number = {UINT64_MAX};
  entry.kind = static_cast<ticket_kind>(77);
  entry.subscription = static_cast<subscription_kind>(9);
  entry.name = std::string{"\xff\x00", 2};
  std::string error;
  const auto copy = parse_entry(to_line(entry), error);
  REQUIRE_MESSAGE(copy, error);
  CHECK(*copy == entry);
}

TEST_CASE("trace line: errors say what is wrong") {
  auto error_with = [](const char* field, const nlohmann::json& value) {
    auto json = nlohmann::json::parse(line_of(1));
    json[field] = value;
    std::string error;
    CHECK_FALSE(parse_entry(json.dump(), error));
    return error;
  };
  CHECK(error_with("record", -1) == "record: expected an integer from 0 to 18446744073709551615, got -1");
  CHECK(error_with("side", "left") == "side: expected front or back, got \"left\"");
  CHECK(error_with("direction", "up") == "direction: expected \"front to back\" or \"back to front\", got \"up\"");
  CHECK(error_with("ticket", 1) == "ticket: expected a ticket, which is an object, got 1");
  CHECK(error_with("ticket", {{"kind", 1}}) == "missing field \"ticket.operation_id\"");
  std::string error;
  CHECK_FALSE(parse_entry("[]", error));
  CHECK(error == "expected an object, got []");
  CHECK_FALSE(parse_entry("{\"record\":", error));
  CHECK(error == "not JSON");
  CHECK_FALSE(parse_entry("{}", error));
  CHECK(error == "no record of a known kind");
  CHECK(error_with("event", 1) == "event: expected the name of an event, got 1");
  CHECK(error_with("payload_missing", 1) == "payload_missing: expected a string, or {\"base64\": ...}, got 1");
  CHECK(error_with("wall_ns", 1.5) == "wall_ns: expected an integer of 64 bits, got 1.5");
  CHECK(error_with("ticket", {{"timeout", true}}).starts_with("ticket.timeout: "));
}

TEST_CASE("trace entry: payloads of types that are unknown here do not keep its ticket from being read") {
  auto json = nlohmann::json::parse(line_of(1));
  json["ticket"]["payload"] = {{"type", "a::b"}, {"value", 1}};
  std::string error;
  const auto entry = parse_entry(json.dump(), error);
  REQUIRE_MESSAGE(entry, error);
  const auto ticket = to_ticket(*entry, error);
  REQUIRE_MESSAGE(ticket, error);
  CHECK(payload_as<opaque_payload>(*std::get<front_to_back_ticket>(*ticket).payload)->type == "a::b");
}

TEST_CASE("trace reader: a whole file") {
  reading all{to_line(header) + "\n" + line_of(0) + "\n" + line_of(1) + "\n"};
  REQUIRE(all.entries.size() == 2);
  CHECK(all.entries[1] == some_entry(1));
  CHECK(all.reader.header() == header);
  CHECK(all.reader.line_number() == 3);
  CHECK(all.reader.notes().empty());
  CHECK(all.reader.errors().empty());
}

TEST_CASE("trace reader: blank lines, other line ends and records of unknown kinds") {
  reading all{"\n" + to_line(header) + "\r\n\r\n" + line_of(0) + "\r\n{\"record\": 1, \"event\": \"weather\"}\n  \n"
              + line_of(2)};
  CHECK(all.entries.size() == 2);
  CHECK(all.reader.skipped() == 1);
  CHECK(all.reader.notes().empty());
  CHECK(all.reader.errors().empty());
}

TEST_CASE("trace reader: a missing header is noted") {
  reading all{line_of(0) + "\n"};
  CHECK(all.entries.size() == 1);
  CHECK_FALSE(all.reader.header());
  CHECK(all.reader.notes() == std::vector<std::string>{"no header in the first line"});
  CHECK(reading{""}.entries.empty());
}

TEST_CASE("trace reader: a last line that is cut off is noted") {
  reading all{to_line(header) + "\n" + line_of(0) + "\n" + line_of(1).substr(0, 50)};
  CHECK(all.entries.size() == 1);
  CHECK(all.reader.notes() == std::vector<std::string>{"line 3: cut off"});
  CHECK(all.reader.errors().empty());
}

TEST_CASE("trace reader: a line that cannot be read is an error, and the next one is read") {
  reading all{to_line(header) + "\nrubbish\n" + line_of(1) + "\n{\"ticket\": 1}\n"};
  CHECK(all.entries.size() == 1);
  CHECK(all.reader.notes().empty());
  CHECK(
    all.reader.errors()
    == std::vector<std::string>{"line 2: not JSON", "line 4: ticket: expected a ticket, which is an object, got 1"});
}

TEST_CASE("trace reader: a later version of the format is noted") {
  auto later = header;
  later.format = 2;
  reading all{to_line(later) + "\n" + line_of(1)};
  CHECK(all.entries.size() == 1);
  CHECK(all.reader.notes() == std::vector<std::string>{"line 1: written in format 2, known is 1"});
}

TEST_CASE("trace writer: what it writes can be read") {
  temporary_file file;
  trace_writer writer{file.path.string(), header};
  CHECK(file.text() == to_line(header) + "\n");
  writer.write(some_entry(0));
  writer.flush();
  CHECK(file.text() == to_line(header) + "\n" + line_of(0) + "\n");
  CHECK(writer.path() == file.path.string());
}

TEST_CASE("trace writer: another run appends, also after a line that was cut off") {
  temporary_file file;
  auto second = header;
  second.start_wall_ns = 2000;
  trace_writer{file.path.string(), header}.write(some_entry(0));
  std::ofstream{file.path, std::ios::app} << line_of(1).substr(0, 70);
  trace_writer{file.path.string(), second}.write(some_entry(0));
  reading all{file.text()};
  CHECK(all.entries.size() == 2);
  CHECK(all.reader.header() == second);
  CHECK(all.reader.notes() == std::vector<std::string>{"line 3: cut off"});
  CHECK(all.reader.errors().empty());
}

TEST_CASE("trace writer: errors name the file") {
  auto error_of = [](const std::string& path) -> std::string {
    try {
      trace_writer writer{path, header};
    } catch (const std::system_error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(error_of("/no/such/directory/trace")
        == "cannot write the trace file /no/such/directory/trace: "
           "No such file or directory");
  CHECK(error_of("/dev/full") == "cannot write the trace file /dev/full: No space left on device");
}

TEST_CASE("trace writer: lines of several threads do not mix") {
  temporary_file file;
  {
    trace_writer writer{file.path.string(), header};
    std::vector<std::thread> threads;
    for (uint64_t t = 0; t < 4; ++t)
      threads.emplace_back([&writer, t] {
        for (uint64_t i = 0; i < 250; ++i)
          writer.write(some_entry(t * 250 + i));
      });
    for (auto& thread : threads)
      thread.join();
  }
  reading all{file.text()};
  CHECK(all.reader.errors().empty());
  std::set<uint64_t> numbers;
  for (const auto& entry : all.entries)
    numbers.insert(entry.record);
  CHECK(numbers.size() == 1000);
}

TEST_CASE("trace writer: a file that has grown is renamed, and the oldest goes") {
  temporary_file file;
  const auto part = [&file](const char* suffix) { return std::filesystem::path{file.path.string() + suffix}; };
  {
    trace_writer writer{file.path.string(), header, {.file_bytes = 1000, .files = 3}};
    for (uint64_t i = 0; i < 40; ++i)
      writer.write(some_entry(i));
    CHECK(writer.records() == 40);
  }
  CHECK(std::filesystem::exists(part(".1")));
  CHECK(std::filesystem::exists(part(".2")));
  CHECK_FALSE(std::filesystem::exists(part(".3")));
  std::ifstream older{part(".2")};
  std::ifstream old{part(".1")};
  const std::string text{std::istreambuf_iterator<char>{older}, {}};
  const std::string next{std::istreambuf_iterator<char>{old}, {}};
  reading all{text + next + file.text()};
  REQUIRE(!all.entries.empty());
  CHECK(all.reader.headers() == 3);
  CHECK(all.reader.header()->part == reading{text}.reader.header()->part + 2);
  CHECK(reading{text}.reader.header()->first_record == all.entries.front().record);
  CHECK(all.entries.back().record == 39);
  for (size_t i = 1; i < all.entries.size(); ++i)
    CHECK(all.entries[i].record == all.entries[i - 1].record + 1);
  std::filesystem::remove(part(".1"));
  std::filesystem::remove(part(".2"));
}

TEST_CASE("trace reader: a file that grows") {
  const auto text = to_line(header) + "\n" + line_of(0) + "\n" + line_of(1) + "\n";
  for (size_t step : {1, 7, 300}) {
    std::stringstream file;
    file << text.substr(0, 10);
    trace_reader reader{file, trace_reader::growing::yes};
    std::vector<trace_entry> entries;
    for (size_t at = 10; at < text.size(); at += step) {
      file.clear(); // of having been at its end
      file << text.substr(at, step);
      while (auto* entry = reader.next())
        entries.push_back(*entry);
    }
    REQUIRE(entries.size() == 2);
    CHECK(entries[1] == some_entry(1));
    CHECK(reader.headers() == 1);
    CHECK(reader.errors().empty());
  }
}

TEST_CASE("trace line: property: random tickets read back") {
  CHECK(rc::check("trace line", [] {
    trace_entry entry = some_entry(static_cast<uint64_t>(random_number()));
    entry.wall_ns = random_number();
    entry.monotonic_ns = random_number();
    entry.payload_size = static_cast<uint64_t>(random_number());
    entry.link = random_bytes();
    std::optional<payload> content;
    auto take = [&](const auto& ticket) {
      entry.name.reset();
      entry.subscription.reset();
      set_ticket(entry, ticket);
      content = ticket.payload;
    };
    if (*rc::gen::arbitrary<bool>()) {
      take(random_front_to_back());
    } else {
      entry.side = trace_side::back;
      take(random_back_to_front());
    }
    entry.payload.reset();
    if (content)
      entry.payload = to_trace_payload(*content);
    std::string error;
    const auto copy = parse_entry(to_line(entry), error);
    RC_LOG() << error;
    RC_ASSERT(copy.has_value());
    RC_ASSERT(*copy == entry);
    const auto ticket = to_ticket(*copy, error);
    RC_ASSERT(ticket.has_value());
    if (content)
      std::visit([&](const auto& x) { RC_ASSERT(equal(*x.payload, *content)); }, *ticket);
  }));
}

TEST_CASE("trace reader: property: a file that is cut off anywhere gives all whole records") {
  const auto text = to_line(header) + "\n" + line_of(0) + "\n" + line_of(1) + "\n";
  for (size_t end = 0; end < text.size(); ++end) {
    reading all{text.substr(0, end)};
    CAPTURE(end);
    CHECK(all.reader.errors().empty());
    CHECK(all.entries.size() <= 2);
  }
}
