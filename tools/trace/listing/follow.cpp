#include "follow.hpp"

#include "../../cli/exit_status.hpp"
#include "../../cli/measures.hpp"
#include "../../cli/text.hpp"
#include "../../cli/text_table.hpp"
#include "../reading/prepared_trace.hpp"
#include "../reading/saturating.hpp"
#include "record_table.hpp"

#include "../../../messages/json/json_stream.hpp"
#include "../../../messages/json/text.hpp"

#include <deque>
#include <ostream>
#include <set>

namespace tandem::cli {

namespace {

std::string indented(size_t depth, const std::string& text) {
  return std::string(depth * 2, ' ') + text;
}

/// "completed in 2.500 ms (host/11)", as far as it is known.
std::string describe_side(const std::optional<placed_view>& x) {
  if (!x)
    return "not recorded";
  auto result = x->ended ? to_string(*x->ended) : std::string{"no end"};
  if (const auto total = x->total())
    result += " in " + milliseconds(total->count()) + " ms";
  if (!x->details.empty())
    result += ", " + printable(x->details);
  if (!x->node.empty())
    result += " (" + printable(x->node) + ")";
  return result;
}

/// Prints what was found, then the records.
class follow_writer {
public:
  follow_writer(const trace_follow_options& options, const std::vector<tree_operation>& tree, std::ostream& out)
    : options_(options), out_(out), table_(out, {options.columns, options.color}) {
    std::set<std::string> nodes;
    for (const auto& x : tree) {
      depths_[x.id] = x.depth;
      ids_.add(x.id);
      for (const auto& side : x.sides)
        if (side)
          nodes.insert(side->node);
    }
    names_nodes_ = nodes.size() > 2;
    options.json ? write_tree_json(tree) : write_tree(tree);
    if (!options.json)
      begin_table(tree);
  }

  bool has(const trace_entry& x) const {
    return x.has_operation() && depths_.contains(x.operation);
  }

  void write(const placed_entry& x) {
    const int64_t first = first_wall_ns_.value_or(x.wall_ns);
    const int64_t since = saturated_difference(x.wall_ns, first);
    const int64_t difference = saturated_difference(x.wall_ns, last_wall_ns_.value_or(x.wall_ns));
    first_wall_ns_ = first;
    last_wall_ns_ = x.wall_ns;
    const auto depth = depths_.at(x.entry->operation);
    if (options_.json) {
      std::string line;
      json_stream json{line};
      json.open('{').member("since_ns", since).member("difference_ns", difference).member("depth", depth);
      json.member("file", options_.files[x.file]).key("record").raw(x.line).close('}');
      out_ << line << '\n';
      return;
    }
    const record_row row{x, options_.columns};
    std::vector<std::string> cells{microseconds(since), (difference < 0 ? "" : "+") + microseconds(difference),
                                   row.side};
    if (names_nodes_)
      cells.push_back(printable(row.node));
    for (const auto& cell : {row.arrow, indented(depth, ids_(x.entry->operation)), row.number, row.kind})
      cells.push_back(cell);
    table_.write(cells, row.rest(ids_), row.style);
  }

private:
  void write_tree(const std::vector<tree_operation>& tree) {
    text_table table;
    table.column("operation").column("name").column("front").column("back");
    for (const auto& x : tree)
      table.row({indented(x.depth, ids_(x.id)), x.name().empty() ? "?" : printable(x.name()), describe_side(x.sides[0]),
                 describe_side(x.sides[1])});
    table.write(out_);
    out_ << '\n';
  }

  void write_tree_json(const std::vector<tree_operation>& tree) {
    for (const auto& x : tree) {
      nlohmann::ordered_json line{{"operation_id", to_string(x.id)}, {"depth", x.depth}, {"name", x.name()}};
      line["parent"] = x.parent ? nlohmann::ordered_json(to_string(*x.parent)) : nullptr;
      for (const auto& side : x.sides) {
        if (!side)
          continue;
        const auto total = side->total();
        auto& to = line[std::string{to_string(side->side)}];
        to["node"] = side->node;
        to["outcome"] = side->ended ? nlohmann::ordered_json(to_string(*side->ended)) : nullptr;
        to["total_ns"] = total ? nlohmann::ordered_json(total->count()) : nullptr;
      }
      out_ << to_line(line) << '\n';
    }
  }

  void begin_table(const std::vector<tree_operation>& tree) {
    int64_t first = INT64_MAX;
    int64_t last = INT64_MIN;
    size_t widest = 0;
    size_t widest_node = 0;
    for (const auto& x : tree) {
      first = std::min(first, x.first_wall_ns());
      for (const auto& side : x.sides)
        if (side) {
          last = std::max(last, side->last.wall_ns + side->offset_ns);
          widest_node = std::max(widest_node, width_of(printable(side->node)));
        }
      widest = std::max(widest, indented(x.depth, ids_(x.id)).size());
    }
    const auto digits = last > first ? microseconds(last - first).size() : 3;
    table_.columns.add("us", align::right, digits);
    table_.columns.add("+us", align::right, std::min<size_t>(digits + 1, 10));
    table_.columns.add("side", align::left, 5);
    if (names_nodes_)
      table_.columns.add("node", align::left, widest_node);
    table_.columns.add("");
    table_.columns.fit(table_.columns.count() - 1, "->");
    table_.columns.add("operation", align::left, widest);
    table_.columns.add("seq", align::right);
    table_.columns.add("kind", align::left, 12);
    table_.write_titles();
  }

  const trace_follow_options& options_;
  std::ostream& out_;
  flowing_table table_;
  short_ids ids_;
  bool names_nodes_ = false;
  std::unordered_map<operation_id, size_t> depths_;
  std::optional<int64_t> first_wall_ns_;
  std::optional<int64_t> last_wall_ns_;
};

/// Records that are kept so that they need not be read again, if they are few.
class kept_records {
public:
  void add(const placed_entry& x) {
    bytes_ += x.line.size() * 3; // as it is, and in parts
    if (!are_all())
      return records_.clear();
    auto& to = records_.emplace_back(record{x, *x.entry, std::string{x.line}});
    to.entry.node = x.node();
  }

  bool are_all() const noexcept {
    return bytes_ <= most_bytes;
  }

  template <class Take>
  void for_each(Take take) {
    for (auto& x : records_) {
      x.placed.entry = &x.entry;
      x.placed.line = x.line;
      x.placed.header = nullptr; // the entry names its node
      take(x.placed);
    }
  }

private:
  struct record {
    placed_entry placed;
    trace_entry entry;
    std::string line;
  };
  static constexpr size_t most_bytes = size_t{16} << 20;

  std::deque<record> records_;
  size_t bytes_ = 0;
};

[[noreturn]] void refuse_ambiguous(const std::string& target, const std::set<operation_id>& candidates) {
  std::string text = target + " may be any of these; give all digits of one:";
  for (const auto& x : candidates)
    text += "\n  " + to_string(x);
  throw user_error{text};
}

} // namespace

int trace_follow(const trace_follow_options& options, std::ostream& out, std::ostream& notes) {
  auto target = parse_follow_target(options.target);
  if (!target)
    throw usage_error{"expected " + std::string{follow_target_wanted} + ", got \"" + printable(options.target) + "\""};
  const bool is_operation = std::holds_alternative<id_pattern>(*target);
  prepared_trace trace{options.files, notes, {.repeated = true, .finds_lacks = true}};
  tree_finder finder{std::move(*target)};
  trace.look_through([&finder](const placed_entry& x) { finder.look(x); }, false);
  if (finder.candidates().size() > 1)
    refuse_ambiguous(options.target, finder.candidates());
  trace.select([&finder](const placed_entry& x) { return finder.admits(*x.entry); });
  kept_records kept;
  while (const auto* x = trace.next()) {
    finder.collect(*x);
    kept.add(*x);
  }
  const auto tree = finder.result();
  const int status = trace.finish();
  if (tree.empty()) {
    throw user_error{(is_operation ? "there is no operation " : "there is no operation with the trace id ")
                     + options.target};
  }
  if (const auto text = finder.left_out(); !text.empty())
    notes << "tandem: " << text << '\n';
  follow_writer writer{options, tree, out};
  const auto write = [&](const placed_entry& x) {
    if (out && writer.has(*x.entry)) // a reader that has gone, such as head, is not an error
      writer.write(x);
  };
  if (kept.are_all())
    kept.for_each(write);
  else
    trace.look_through(write, true);
  out.flush();
  trace.write_clock_notes();
  trace.lacks().write_notes(notes);
  return status;
}

} // namespace tandem::cli
