#include "../support/random_tickets.hpp"
#include "../support/test_types.hpp"

#include <tandem/messages/trace_record.hpp>

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

const trace_header header{trace_format, "host/1", "front", "orders", 1000, 10};

trace_record some_record(uint64_t number) {
  trace_record result{number, 1700, 20, "front", "orders", {}, 5};
  auto& ticket = std::get<front_to_back_ticket>(result.ticket);
  ticket.operation = {1, number};
  ticket.kind = ticket_kind::entire;
  ticket.name = "echo";
  ticket.subscription = subscription_kind::full;
  ticket.payload = make_payload(std::string{"hello"});
  return result;
}

/// All records of a text, and the reader as it is then.
struct reading {
  explicit reading(const std::string& text) : in(text), reader(in) {
    while (auto record = reader.next())
      records.push_back(std::move(*record));
  }

  std::istringstream in;
  trace_reader reader;
  std::vector<trace_record> records;
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
  return to_line(some_record(number));
}

} // namespace

TEST_CASE("trace record: a line in the order in which people read it") {
  CHECK(to_line(some_record(7))
        == R"({"record":7,"wall_ns":1700,"monotonic_ns":20,"side":"front","link":"orders","direction":"front to back",)"
           R"("ticket":{"kind":"entire","name":"echo","operation_id":"00000000000000010000000000000007",)"
           R"("payload":"hello","sequence_number":0,"subscription":"full"},"payload_size":5})");
  CHECK(to_line(header)
        == R"({"tandem_trace":1,"node":"host/1","side":"front","link":"orders","start_wall_ns":1000,)"
           R"("start_monotonic_ns":10})");
  trace_record back = some_record(1);
  back.ticket = back_to_front_ticket{};
  CHECK(back.direction() == "back to front");
  CHECK(nlohmann::json::parse(to_line(back))["direction"] == "back to front");
}

TEST_CASE("trace record: lines read back") {
  std::string error;
  const auto record = parse_line(line_of(7), error);
  REQUIRE_MESSAGE(record, error);
  CHECK(equal(*record, some_record(7)));
  CHECK_FALSE(equal(*record, some_record(8)));
  CHECK(parse_header(to_line(header), error) == header);
  auto odd = some_record(1);
  odd.link = "line\n\"\xff";
  CHECK(to_line(odd).find('\n') == std::string::npos);
  CHECK(equal(*parse_line(to_line(odd), error), odd));
}

TEST_CASE("trace record: errors say what is wrong") {
  auto error_with = [](const char* field, const nlohmann::json& value) {
    auto json = nlohmann::json::parse(line_of(1));
    json[field] = value;
    std::string error;
    CHECK_FALSE(parse_line(json.dump(), error));
    return error;
  };
  CHECK(error_with("record", -1) == "record: expected an integer from 0 to 18446744073709551615, got -1");
  CHECK(error_with("side", "left") == "side: expected front or back, got \"left\"");
  CHECK(error_with("direction", "up") == "direction: expected \"front to back\" or \"back to front\", got \"up\"");
  CHECK(error_with("ticket", 1) == "ticket: expected a ticket, which is an object, got 1");
  CHECK(error_with("ticket", {{"kind", 1}}) == "ticket: missing field \"operation_id\"");
  std::string error;
  CHECK_FALSE(parse_line("[]", error));
  CHECK(error == "expected an object, got []");
  CHECK_FALSE(parse_line("{\"record\":", error));
  CHECK(error == "not JSON");
  CHECK_FALSE(parse_line("{}", error));
  CHECK(error == "missing field \"record\"");
}

TEST_CASE("trace record: payload types that are unknown here do not keep a record from being read") {
  auto json = nlohmann::json::parse(line_of(1));
  json["ticket"]["payload"] = {{"type", "a::b"}, {"value", 1}};
  std::string error;
  const auto record = parse_line(json.dump(), error);
  REQUIRE_MESSAGE(record, error);
  CHECK(payload_as<opaque_payload>(*std::get<front_to_back_ticket>(record->ticket).payload)->type == "a::b");
}

TEST_CASE("trace reader: a whole file") {
  reading all{to_line(header) + "\n" + line_of(0) + "\n" + line_of(1) + "\n"};
  REQUIRE(all.records.size() == 2);
  CHECK(equal(all.records[1], some_record(1)));
  CHECK(all.reader.header() == header);
  CHECK(all.reader.line_number() == 3);
  CHECK(all.reader.line() == line_of(1));
  CHECK(all.reader.notes().empty());
  CHECK(all.reader.errors().empty());
}

TEST_CASE("trace reader: blank lines, other line ends and records of unknown kinds") {
  reading all{"\n" + to_line(header) + "\r\n\r\n" + line_of(0) + "\r\n{\"record\": 1, \"event\": \"link lost\"}\n  \n"
              + line_of(2)};
  CHECK(all.records.size() == 2);
  CHECK(all.reader.skipped() == 1);
  CHECK(all.reader.notes().empty());
  CHECK(all.reader.errors().empty());
}

TEST_CASE("trace reader: a missing header is noted") {
  reading all{line_of(0) + "\n"};
  CHECK(all.records.size() == 1);
  CHECK_FALSE(all.reader.header());
  CHECK(all.reader.notes() == std::vector<std::string>{"no header in the first line"});
  CHECK(reading{""}.records.empty());
}

TEST_CASE("trace reader: a last line that is cut off is noted") {
  reading all{to_line(header) + "\n" + line_of(0) + "\n" + line_of(1).substr(0, 50)};
  CHECK(all.records.size() == 1);
  CHECK(all.reader.notes() == std::vector<std::string>{"line 3: cut off"});
  CHECK(all.reader.errors().empty());
}

TEST_CASE("trace reader: a line that cannot be read is an error, and the next one is read") {
  reading all{to_line(header) + "\nrubbish\n" + line_of(1) + "\n{\"ticket\": 1}\n"};
  CHECK(all.records.size() == 1);
  CHECK(all.reader.notes().empty());
  CHECK(all.reader.errors() == std::vector<std::string>{"line 2: not JSON", "line 4: missing field \"record\""});
}

TEST_CASE("trace reader: a later version of the format is noted") {
  auto later = header;
  later.format = 2;
  reading all{to_line(later) + "\n" + line_of(1)};
  CHECK(all.records.size() == 1);
  CHECK(all.reader.notes() == std::vector<std::string>{"line 1: written in format 2, known is 1"});
}

TEST_CASE("trace writer: what it writes can be read") {
  temporary_file file;
  trace_writer writer{file.path.string(), header};
  CHECK(file.text() == to_line(header) + "\n");
  writer.write(some_record(0));
  writer.flush();
  CHECK(file.text() == to_line(header) + "\n" + line_of(0) + "\n");
  CHECK(writer.path() == file.path.string());
}

TEST_CASE("trace writer: another run appends, also after a line that was cut off") {
  temporary_file file;
  auto second = header;
  second.start_wall_ns = 2000;
  trace_writer{file.path.string(), header}.write(some_record(0));
  std::ofstream{file.path, std::ios::app} << line_of(1).substr(0, 70);
  trace_writer{file.path.string(), second}.write(some_record(0));
  reading all{file.text()};
  CHECK(all.records.size() == 2);
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
  if (std::filesystem::exists("/dev/full"))
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
          writer.write(some_record(t * 250 + i));
      });
    for (auto& thread : threads)
      thread.join();
  }
  reading all{file.text()};
  CHECK(all.reader.errors().empty());
  std::set<uint64_t> numbers;
  for (const auto& record : all.records)
    numbers.insert(record.record);
  CHECK(numbers.size() == 1000);
}

TEST_CASE("trace record: property: random records read back") {
  CHECK(rc::check("trace record", [] {
    trace_record record = some_record(static_cast<uint64_t>(random_number()));
    record.wall_ns = random_number();
    record.monotonic_ns = random_number();
    record.payload_size = static_cast<uint64_t>(random_number());
    record.link = random_bytes();
    if (*rc::gen::arbitrary<bool>())
      record.ticket = random_front_to_back();
    else
      record.ticket = random_back_to_front();
    std::string error;
    const auto copy = parse_line(to_line(record), error);
    RC_LOG() << error;
    RC_ASSERT(copy.has_value());
    RC_ASSERT(equal(*copy, record));
  }));
}

TEST_CASE("trace reader: property: a file that is cut off anywhere gives all whole records") {
  const auto text = to_line(header) + "\n" + line_of(0) + "\n" + line_of(1) + "\n";
  for (size_t end = 0; end < text.size(); ++end) {
    reading all{text.substr(0, end)};
    CAPTURE(end);
    CHECK(all.reader.errors().empty());
    CHECK(all.records.size() <= 2);
  }
}
