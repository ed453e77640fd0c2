#include "prepared_trace.hpp"

#include "../../cli/text.hpp"
#include "merged_headers.hpp"
#include "repeated_recordings.hpp"
#include "saturating.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <utility>

namespace tandem::cli {

namespace {

/// The files that have to be kept, since they are read more than once.
std::vector<std::string> read_again(const std::vector<std::string>& files, const preparation& how) {
  return how.repeated || (how.aligned && files.size() > 1) ? files : std::vector<std::string>{};
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
    clocks_(run_clocks{input_.files().size()}, {}) {
  const auto count = input_.files().size();
  note_repeated_recordings(input_, notes_);
  if (how_.aligned)
    clocks_ = estimate_offsets(input_.files(), input_.copies());
  input_.set_offsets([this](size_t file, const trace_header* header) {
    clocks_.note_run(file, header);
    return clocks_.nanoseconds(file, header);
  });
  for (size_t i = 0; i < count; ++i) {
    const auto* header = input_.header_of(i);
    merged_.push_back(merged_clocks_of(header));
    if (header == nullptr)
      continue;
    if (!header->node.empty())
      nodes_.insert(header->node);
    add_nodes(merged_headers(*header), nodes_);
  }
}

void prepared_trace::align(trace_input& input) const {
  input.set_offsets([this](size_t file, const trace_header* header) { return clocks_.nanoseconds(file, header); });
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

prepared_trace::merged_clocks prepared_trace::merged_clocks_of(const trace_header* header) {
  merged_clocks result;
  if (header == nullptr)
    return result;
  const auto number = [](const nlohmann::json& x, const char* name) {
    return x.contains(name) && x[name].is_number_integer() ? std::optional{x[name].get<int64_t>()} : std::nullopt;
  };
  for (const auto& x : merged_headers(*header)) {
    if (!x.contains("node") || !x["node"].is_string())
      continue;
    const merged_clock clock{number(x, "offset_ns").value_or(0), number(x, "uncertainty_ns")};
    const auto [known, is_new] = result.try_emplace(x["node"].get<std::string>(), clock);
    if (!is_new && known->second.offset_ns != clock.offset_ns)
      known->second.uncertainty_ns.reset(); // its clock was set, and which record is by which is not known
  }
  return result;
}

/// Nodes of one host have one, unless tickets or the headers contradict it.
bool prepared_trace::are_one_clock(size_t file, const std::string& node, size_t other_file,
                                   const std::string& other_node) const {
  const auto host = host_of(node);
  if (node != other_node && (host.empty() || host != host_of(other_node)))
    return false;
  if (file == other_file && !merged_[file].empty()) {
    const auto& nodes = merged_[file];
    const auto x = nodes.find(node);
    const auto y = nodes.find(other_node);
    return x == nodes.end() || y == nodes.end() || x->second.offset_ns == y->second.offset_ns;
  }
  const auto x = clocks_.clocks().of_node(file, node);
  const auto y = clocks_.clocks().of_node(other_file, other_node);
  if (!x || !y)
    return file == other_file && node == other_node;
  return x == y
         || (clocks_.of_clock(*x).nanoseconds == clocks_.of_clock(*y).nanoseconds
             && contradiction_ns(file, node, other_file, other_node) == 0);
}

/// Of its clock, by the common one.
std::optional<int64_t> prepared_trace::uncertainty_of(size_t file, const std::string& node) const {
  const auto clock = clocks_.clocks().of_node(file, node);
  if (!clock)
    return std::nullopt;
  std::optional<int64_t> within = 0;
  if (const auto& nodes = merged_[file]; !nodes.empty()) {
    const auto found = nodes.find(node);
    within = found == nodes.end() ? std::nullopt : found->second.uncertainty_ns;
  }
  const auto& of_file = clocks_.of_clock(*clock).uncertainty_ns;
  return within && of_file ? std::optional{saturated_sum(*within, *of_file)} : std::nullopt;
}

std::optional<int64_t> prepared_trace::uncertainty_ns(size_t file, const std::string& node, size_t other_file,
                                                      const std::string& other_node) const {
  if (are_one_clock(file, node, other_file, other_node))
    return 0; // one clock, which tickets do not contradict
  const auto x = uncertainty_of(file, node);
  const auto y = uncertainty_of(other_file, other_node);
  return x && y ? std::optional{saturated_sum(*x, *y)} : std::nullopt;
}

int64_t prepared_trace::contradiction_ns(size_t file, const std::string& node, size_t other_file,
                                         const std::string& other_node) const {
  const auto of
    = [this](const std::optional<size_t>& clock) { return clock ? clocks_.of_clock(*clock).contradiction_ns : 0; };
  const auto x = clocks_.clocks().of_node(file, node);
  const auto y = clocks_.clocks().of_node(other_file, other_node);
  return x == y ? 0 : std::max(of(x), of(y));
}

void prepared_trace::write_clock_notes() {
  const auto& clocks = clocks_.clocks();
  std::set<size_t> told;
  for (size_t i = 0; i < clocks.files(); ++i)
    for (const auto clock : clocks.of_file(i)) {
      const auto& x = clocks_.of_clock(clock);
      const bool is_near = !clocks.host(clock).empty() && clocks.host(clock) == clocks.host(0) && x.nanoseconds == 0;
      if (x.uncertainty_ns || (is_near && x.contradiction_ns == 0) || !told.insert(clock).second)
        continue;
      const auto contradiction = contradiction_text(x.contradiction_ns);
      notes_ << "tandem: " << printable(input_.name_of(i)) << ": how far its clock is off is not known ("
             << (contradiction.empty() ? to_string(x.from) : contradiction)
             << "), so times of different files cannot be compared\n";
    }
}

} // namespace tandem::cli
