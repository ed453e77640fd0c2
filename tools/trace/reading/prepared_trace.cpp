#include "prepared_trace.hpp"

#include "../../cli/text.hpp"
#include "saturating.hpp"

#include <nlohmann/json.hpp>

#include <ostream>
#include <utility>

namespace tandem::cli {

namespace {

/// The files that have to be kept, since they are read more than once.
std::vector<std::string> read_again(const std::vector<std::string>& files, const preparation& how) {
  return how.repeated || (how.aligned && files.size() > 1) ? files : std::vector<std::string>{};
}

/// The nodes of a merged trace, and how far off their clocks may be.
std::map<std::string, std::optional<int64_t>> uncertainties_of(const trace_header* header) {
  std::map<std::string, std::optional<int64_t>> result;
  if (header == nullptr || header->merged.empty())
    return result;
  const auto list = nlohmann::json::parse(header->merged, nullptr, false);
  if (!list.is_array())
    return result;
  for (const auto& x : list) {
    if (!x.is_object() || !x.contains("node") || !x["node"].is_string())
      continue;
    auto& uncertainty = result[x["node"].get<std::string>()];
    if (x.contains("uncertainty_ns") && x["uncertainty_ns"].is_number_integer())
      uncertainty = x["uncertainty_ns"].get<int64_t>();
  }
  return result;
}

/// A merged trace may be merged of merged traces.
void add_nodes(const nlohmann::json& list, std::set<std::string>& out, int depth = 0) {
  constexpr int deepest = 10; // a trace may say anything
  if (!list.is_array() || depth > deepest)
    return;
  for (const auto& x : list) {
    if (!x.is_object())
      continue;
    const auto node = x.find("node");
    if (node != x.end() && node->is_string() && !node->get_ref<const std::string&>().empty())
      out.insert(node->get<std::string>());
    if (const auto inner = x.find("merged"); inner != x.end())
      add_nodes(*inner, out, depth + 1);
  }
}

} // namespace

prepared_trace::prepared_trace(std::vector<std::string> files, std::ostream& notes, const preparation& how)
  : how_(how),
    notes_(notes),
    copies_(read_again(files, how)),
    input_(std::move(files), notes, copies_.paths()),
    window_(input_, {.is_wanted = [this](const placed_entry& x) { return see(x); },
                     .is_given = [this](const placed_entry& x) { return !is_given_ || is_given_(x); }}),
    clocks_(input_.files().size()) {
  const auto count = input_.files().size();
  if (how_.aligned)
    clocks_ = estimate_offsets(input_.files(), input_.copies());
  align(input_);
  for (size_t i = 0; i < count; ++i) {
    const auto* header = input_.header_of(i);
    hosts_.push_back(header == nullptr ? "" : host_of(header->node));
    merged_.push_back(uncertainties_of(header));
    if (header == nullptr)
      continue;
    if (!header->node.empty())
      nodes_.insert(header->node);
    if (!header->merged.empty())
      add_nodes(nlohmann::json::parse(header->merged, nullptr, false), nodes_);
  }
}

void prepared_trace::align(trace_input& input) const {
  for (size_t i = 0; i < clocks_.size(); ++i)
    input.set_offset(i, clocks_[i].nanoseconds);
}

/// Whether next() gives it.
bool prepared_trace::see(const placed_entry& x) {
  if (how_.finds_lacks)
    lacks_.take(x);
  return !is_wanted_ || is_wanted_(x);
}

const placed_entry* prepared_trace::next() {
  if (how_.in_order)
    return window_.next();
  const auto* x = input_.next();
  while (x != nullptr && !see(*x))
    x = input_.next();
  return x;
}

std::optional<int64_t> prepared_trace::uncertainty_ns(size_t file, const std::string& node, size_t other_file,
                                                      const std::string& other_node) const {
  const auto host = host_of(node);
  if (node == other_node || (!host.empty() && host == host_of(other_node)))
    if (file == other_file || clocks_[file].nanoseconds == clocks_[other_file].nanoseconds)
      return 0; // one clock, which tickets do not contradict
  auto of = [this](size_t i, const std::string& name) -> std::optional<int64_t> {
    const auto& nodes = merged_[i];
    if (const auto found = nodes.find(name); found != nodes.end())
      return found->second;
    return i < clocks_.size() && nodes.empty() ? std::optional<int64_t>{0} : std::nullopt;
  };
  const auto within = of(file, node);
  const auto within_other = of(other_file, other_node);
  if (!within || !within_other)
    return std::nullopt;
  if (file == other_file)
    return merged_[file].empty() ? std::nullopt : std::optional{saturated_sum(*within, *within_other)};
  const auto& x = clocks_[file].uncertainty_ns;
  const auto& y = clocks_[other_file].uncertainty_ns;
  if (!x || !y)
    return std::nullopt;
  return saturated_sum(saturated_sum(*x, *y), saturated_sum(*within, *within_other));
}

void prepared_trace::write_clock_notes() {
  for (size_t i = 1; i < clocks_.size(); ++i) {
    const auto& x = clocks_[i];
    if (x.uncertainty_ns || input_.reader_of(i) == nullptr || (!hosts_[i].empty() && hosts_[i] == hosts_[0]))
      continue;
    notes_ << "tandem: " << printable(input_.name_of(i)) << ": how far its clock is off is not known ("
           << to_string(x.from) << "), so times of different files cannot be compared\n";
  }
}

} // namespace tandem::cli
