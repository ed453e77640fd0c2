#include <tandem/actors/links/recording_link.hpp>

#include <chrono>
#include <stdexcept>

namespace tandem {

namespace {

int64_t wall_ns() {
  return std::chrono::duration_cast<duration>(std::chrono::system_clock::now().time_since_epoch()).count();
}

int64_t monotonic_ns() {
  return std::chrono::duration_cast<duration>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

trace_header make_trace_header(std::string node, std::string side, std::string link) {
  trace_header result;
  result.node = std::move(node);
  result.side = std::move(side);
  result.link = std::move(link);
  result.start_wall_ns = wall_ns();
  result.start_monotonic_ns = monotonic_ns();
  return result;
}

recording_link::recording_link(std::shared_ptr<trace_writer> writer, const std::string& side, std::string link)
  : writer_(std::move(writer)), side_(parse_trace_side(side).value_or(trace_side::front)), link_(std::move(link)) {
  if (writer_ == nullptr)
    throw std::invalid_argument{"recording_link: writer must not be null"};
  if (!parse_trace_side(side))
    throw std::invalid_argument{"recording_link: side must be \"front\" or \"back\", got \"" + side + "\""};
}

std::optional<std::string> recording_link::error() const {
  std::lock_guard guard{mutex_};
  return error_;
}

void recording_link::on_the_way(std::vector<front_to_back_ticket>& tickets) {
  record(tickets);
}

void recording_link::on_the_way(std::vector<back_to_front_ticket>& tickets) {
  record(tickets);
}

template <class Ticket>
void recording_link::record(const std::vector<Ticket>& tickets) {
  std::lock_guard guard{mutex_};
  if (error_)
    return;
  try {
    for (const auto& ticket : tickets) {
      trace_entry entry;
      constexpr bool to_back = std::is_same_v<Ticket, front_to_back_ticket>;
      entry.event = to_back == (side_ == trace_side::front) ? trace_event::sent : trace_event::received;
      entry.side = side_;
      entry.link = link_;
      entry.wall_ns = wall_ns();
      entry.monotonic_ns = monotonic_ns();
      set_ticket(entry, ticket);
      if (ticket.payload) {
        entry.payload = to_trace_payload(*ticket.payload);
        entry.payload_size = wire_size(*ticket.payload);
      }
      writer_->write(std::move(entry));
    }
  } catch (const std::exception& e) {
    error_ = e.what();
  }
}

} // namespace tandem
