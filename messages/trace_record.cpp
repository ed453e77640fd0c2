#include <tandem/messages/ticket_json.hpp>
#include <tandem/messages/trace_record.hpp>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace tandem {

namespace {

using json = nlohmann::json;

constexpr std::string_view to_back = "front to back";
constexpr std::string_view to_front = "back to front";

/// Lines are put together by hand, in the order in which people want to read them.
void append_field(std::string& line, std::string_view name, std::string_view value) {
  line += line.empty() ? "{\"" : ",\"";
  line += name;
  line += "\":";
  line += value;
}

std::string text_value(std::string_view text) {
  return to_line(text_to_json(text));
}

bool parse_object(std::string_view line, json& object, json_reading& reading) {
  object = json::parse(line, nullptr, false);
  if (object.is_discarded())
    return reading.fail("not JSON");
  return object.is_object() || reading.expected("an object", object);
}

template <class T>
bool read_field(const json& object, const char* name, T& value, json_reading& reading) {
  const auto field = object.find(name);
  if (field == object.end())
    return reading.fail("missing field \"" + std::string{name} + "\"");
  return read_json(*field, value, reading) || reading.in_field(name);
}

template <class Ticket, class Parse>
bool read_ticket(const json& object, trace_record& record, json_reading& reading, Parse parse) {
  const auto field = object.find("ticket");
  if (field == object.end())
    return reading.fail("missing field \"ticket\"");
  std::string error;
  auto ticket = parse(*field, error, unknown_types::opaque);
  if (!ticket) {
    reading.fail(std::move(error));
    return reading.in_field("ticket");
  }
  record.ticket = std::move(*ticket);
  return true;
}

bool read_record(const json& object, trace_record& record, json_reading& reading) {
  std::string direction;
  if (!read_field(object, "record", record.record, reading) || !read_field(object, "wall_ns", record.wall_ns, reading)
      || !read_field(object, "monotonic_ns", record.monotonic_ns, reading)
      || !read_field(object, "side", record.side, reading) || !read_field(object, "link", record.link, reading)
      || !read_field(object, "direction", direction, reading)
      || !read_field(object, "payload_size", record.payload_size, reading))
    return false;
  if (record.side != "front" && record.side != "back") {
    reading.expected("front or back", record.side);
    return reading.in_field("side");
  }
  if (direction == to_back)
    return read_ticket<front_to_back_ticket>(object, record, reading, front_to_back_from_json);
  if (direction == to_front)
    return read_ticket<back_to_front_ticket>(object, record, reading, back_to_front_from_json);
  reading.expected("\"front to back\" or \"back to front\"", direction);
  return reading.in_field("direction");
}

bool read_header(const json& object, trace_header& header, json_reading& reading) {
  return read_field(object, "tandem_trace", header.format, reading) && read_field(object, "node", header.node, reading)
         && read_field(object, "side", header.side, reading) && read_field(object, "link", header.link, reading)
         && read_field(object, "start_wall_ns", header.start_wall_ns, reading)
         && read_field(object, "start_monotonic_ns", header.start_monotonic_ns, reading);
}

template <class T, class Read>
std::optional<T> parse(std::string_view line, std::string& error, Read read) {
  json object;
  json_reading reading;
  T result;
  if (parse_object(line, object, reading) && read(object, result, reading))
    return result;
  error = reading.text();
  return std::nullopt;
}

/// False for a file that is empty or cannot be read, such as a pipe.
bool ends_in_midst_of_line(const std::string& path) {
  std::ifstream in{path, std::ios::binary | std::ios::ate};
  if (!in || in.tellg() <= 0)
    return false;
  in.seekg(-1, std::ios::end);
  char last = '\n';
  in.get(last);
  return last != '\n';
}

} // namespace

std::string_view trace_record::direction() const noexcept {
  return std::holds_alternative<front_to_back_ticket>(ticket) ? to_back : to_front;
}

std::string to_line(const trace_record& record) {
  std::string line;
  append_field(line, "record", std::to_string(record.record));
  append_field(line, "wall_ns", std::to_string(record.wall_ns));
  append_field(line, "monotonic_ns", std::to_string(record.monotonic_ns));
  append_field(line, "side", text_value(record.side));
  append_field(line, "link", text_value(record.link));
  append_field(line, "direction", text_value(record.direction()));
  append_field(line, "ticket", std::visit([](const auto& x) { return to_line(ticket_to_json(x)); }, record.ticket));
  append_field(line, "payload_size", std::to_string(record.payload_size));
  return line + "}";
}

std::string to_line(const trace_header& header) {
  std::string line;
  append_field(line, "tandem_trace", std::to_string(header.format));
  append_field(line, "node", text_value(header.node));
  append_field(line, "side", text_value(header.side));
  append_field(line, "link", text_value(header.link));
  append_field(line, "start_wall_ns", std::to_string(header.start_wall_ns));
  append_field(line, "start_monotonic_ns", std::to_string(header.start_monotonic_ns));
  return line + "}";
}

std::optional<trace_record> parse_line(std::string_view line, std::string& error) {
  return parse<trace_record>(line, error, read_record);
}

std::optional<trace_header> parse_header(std::string_view line, std::string& error) {
  return parse<trace_header>(line, error, read_header);
}

bool equal(const trace_record& x, const trace_record& y) {
  auto same_ticket = [&y](const auto& ticket) {
    const auto* other = std::get_if<std::decay_t<decltype(ticket)>>(&y.ticket);
    return other && equal(ticket, *other);
  };
  return x.record == y.record && x.wall_ns == y.wall_ns && x.monotonic_ns == y.monotonic_ns && x.side == y.side
         && x.link == y.link && x.payload_size == y.payload_size && std::visit(same_ticket, x.ticket);
}

// -- trace_reader -----------------------------------------------------------------------------------------------------

trace_reader::trace_reader(std::istream& in) : in_(in) {
  if (!read_line())
    return;
  std::string error;
  if (auto header = parse_header(line_, error)) {
    take_header(std::move(*header));
    return;
  }
  notes_.push_back("no header in the first line");
  pending_ = true;
}

std::optional<trace_record> trace_reader::next() {
  while (std::exchange(pending_, false) || read_line())
    if (auto record = take_line())
      return record;
  settle_broken_line(!has_newline_);
  return std::nullopt;
}

/// The next line that is not blank.
bool trace_reader::read_line() {
  std::string line;
  while (std::getline(in_, line)) {
    ++line_number_;
    has_newline_ = !in_.eof();
    if (line.find_first_not_of(" \t\r") == std::string::npos)
      continue;
    line_ = std::move(line);
    return true;
  }
  return false;
}

std::optional<trace_record> trace_reader::take_line() {
  json object;
  json_reading reading;
  const bool good = parse_object(line_, object, reading);
  const bool begins_run = good && object.contains("tandem_trace");
  settle_broken_line(begins_run);
  trace_header header;
  trace_record record;
  if (begins_run && read_header(object, header, reading))
    take_header(std::move(header));
  else if (good && !begins_run && !object.contains("ticket"))
    ++skipped_;
  else if (good && !begins_run && read_record(object, record, reading))
    return record;
  else {
    broken_ = reading.text();
    broken_line_ = line_number_;
  }
  return std::nullopt;
}

void trace_reader::take_header(trace_header header) {
  if (header.format > trace_format)
    notes_.push_back("line " + std::to_string(line_number_) + ": written in format " + std::to_string(header.format)
                     + ", known is " + std::to_string(trace_format));
  header_ = std::move(header);
}

void trace_reader::settle_broken_line(bool was_cut_off) {
  if (!broken_)
    return;
  const auto where = "line " + std::to_string(broken_line_) + ": ";
  if (was_cut_off)
    notes_.push_back(where + "cut off");
  else
    errors_.push_back(where + *broken_);
  broken_.reset();
}

// -- trace_writer -----------------------------------------------------------------------------------------------------

trace_writer::trace_writer(std::string path, const trace_header& header) : path_(std::move(path)) {
  const bool cut_off = ends_in_midst_of_line(path_);
  file_.reset(std::fopen(path_.c_str(), "ab"));
  if (!file_)
    fail(errno);
  append((cut_off ? "\n" : "") + to_line(header));
  flush();
}

void trace_writer::write(const trace_record& record) {
  const auto line = to_line(record); // outside of the lock: this is what takes time
  std::lock_guard guard{mutex_};
  append(line);
}

void trace_writer::flush() {
  std::lock_guard guard{mutex_};
  if (std::fflush(file_.get()) != 0)
    fail(errno);
}

void trace_writer::append(const std::string& line) {
  if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size() || std::fputc('\n', file_.get()) == EOF)
    fail(errno);
}

void trace_writer::fail(int code) const {
  throw std::system_error(code, std::generic_category(), "cannot write the trace file " + path_);
}

} // namespace tandem
