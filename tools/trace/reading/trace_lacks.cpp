#include "trace_lacks.hpp"

#include "../../cli/text.hpp"
#include "merged_headers.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace tandem::cli {

namespace {

std::string counted(uint64_t count, const std::string& one, const std::string& several) {
  return std::to_string(count) + " " + (count == 1 ? one : several);
}

/// In a list of headers, which may have lists of their own.
std::string filter_in(const nlohmann::json& list, int depth = 0) {
  constexpr int deepest = 10; // a trace may say anything
  if (!list.is_array() || depth > deepest)
    return {};
  for (const auto& header : list) {
    if (!header.is_object())
      continue;
    if (const auto capture = header.find("capture");
        capture != header.end() && capture->is_string() && is_filter_expression(capture->get_ref<const std::string&>()))
      return capture->get<std::string>();
    if (const auto inner = header.find("merged"); inner != header.end())
      if (auto found = filter_in(*inner, depth + 1); !found.empty())
        return found;
  }
  return {};
}

} // namespace

bool is_filter_expression(std::string_view capture) noexcept {
  return capture.find_first_of("=<>~") != std::string_view::npos;
}

std::string filter_of(const trace_header& header) {
  if (is_filter_expression(header.capture))
    return header.capture;
  if (header.merged.find("capture") == std::string::npos)
    return {};
  return filter_in(merged_headers(header));
}

std::string node_records::why_incomplete() const {
  std::string result;
  const auto add = [&result](const std::string& text) { result += (result.empty() ? "" : ", and ") + text; };
  if (dropped > 0)
    add("its recorder dropped " + counted(dropped, "record", "records"));
  if (!filter.empty())
    add("it has only what `" + printable(filter) + "` selects");
  else if (missing > 0)
    add(counted(missing, "record is", "records are") + " missing by the record numbers");
  return result;
}

std::string trace_lacks::key_of(const placed_entry& x) {
  return x.node().empty() ? "file " + std::to_string(x.file + 1) : std::string{x.node()};
}

const node_records* trace_lacks::of(const std::string& key) const {
  const auto found = nodes_.find(key);
  return found == nodes_.end() ? nullptr : &found->second;
}

void trace_lacks::take(const placed_entry& x) {
  if (files_.size() <= x.file)
    files_.resize(x.file + 1);
  auto& file = files_[x.file];
  const auto& entry = *x.entry;
  const bool new_header = file.records == nullptr || file.header != x.header;
  if (new_header)
    file.filter = x.header == nullptr ? "" : filter_of(*x.header);
  if (new_header || file.node != x.node()) {
    file.node = x.node();
    file.records = &nodes_[key_of(x)];
    if (file.records->filter.empty())
      file.records->filter = file.filter;
  }
  file.header = x.header;
  file.records->missing += x.missing;
  if (entry.event == trace_event::dropped)
    file.records->dropped += entry.count;
  const auto side = static_cast<size_t>(entry.side);
  auto& first = file.records->first_wall_ns[side];
  auto& last = file.records->last_wall_ns[side];
  first = std::min(first, x.wall_ns);
  last = std::max(last, x.wall_ns);
}

void trace_lacks::write_notes(std::ostream& notes) const {
  for (const auto& [key, x] : nodes_)
    if (const auto why = x.why_incomplete(); !why.empty())
      notes << "tandem: the trace of " << printable(key) << " is not complete: " << why << '\n';
}

} // namespace tandem::cli
