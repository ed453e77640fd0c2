#include <tandem/actors/compat/element.hpp>
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

/// The bytes of a payload on the wire, roughly: a text is its own length, anything else what CAF makes of it.
uint64_t size_of(const payload& content) {
  if (auto* text = payload_as<std::string>(content))
    return text->size();
  uint64_t result = 0;
  for (size_t i = 0; i < content.size(); ++i)
    result += compat::size_of_element(content, i);
  return result;
}

} // namespace

trace_header make_trace_header(std::string node, std::string side, std::string link) {
  return {trace_format, std::move(node), std::move(side), std::move(link), wall_ns(), monotonic_ns()};
}

recording_link::recording_link(std::shared_ptr<trace_writer> writer, std::string side, std::string link)
  : writer_(std::move(writer)), side_(std::move(side)), link_(std::move(link)) {
  if (writer_ == nullptr)
    throw std::invalid_argument{"recording_link: writer must not be null"};
  if (side_ != "front" && side_ != "back")
    throw std::invalid_argument{"recording_link: side must be \"front\" or \"back\", got \"" + side_ + "\""};
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
      const uint64_t size = ticket.payload ? size_of(*ticket.payload) : 0;
      writer_->write({next_record_++, wall_ns(), monotonic_ns(), side_, link_, ticket, size});
    }
  } catch (const std::exception& e) {
    error_ = e.what();
  }
}

} // namespace tandem
