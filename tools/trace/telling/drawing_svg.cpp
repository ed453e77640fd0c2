#include "drawing.hpp"

#include "../reading/saturating.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <ostream>

namespace tandem::cli {

namespace {

constexpr int margin_left = 110; ///< for the times
constexpr int line_distance = 420;
constexpr int top = 120;
constexpr int smallest_gap = 26; ///< between two moments
constexpr int largest_gap = 80;

/// As text and as an attribute's value. What is no character of XML becomes a blank.
std::string escaped_xml(const std::string& text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (const auto three = std::string_view{text}.substr(i, 3); three == "\uFFFE" || three == "\uFFFF") {
      result += ' ';
      i += 2;
      continue;
    }
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return result;
}

std::string_view class_of(arrow_style x) noexcept {
  constexpr std::array<std::string_view, 4> names{"plain", "payload", "abortive", "late"};
  return names[static_cast<size_t>(x)];
}

/// Where each moment is: later ones are lower, by more if more time has passed, but never so close that texts overlap,
/// and never so far that one loses sight of the others.
class time_axis {
public:
  explicit time_axis(const drawing& x) {
    for (const auto& ticket : x.tickets) {
      places_[ticket.begin_ns()];
      places_[ticket.end_ns()];
    }
    for (const auto& note : x.notes)
      places_[note.when_ns];
    if (places_.empty())
      return;
    const auto whole = std::max<int64_t>(saturated_difference(places_.rbegin()->first, places_.begin()->first), 1);
    const double share = static_cast<double>(places_.size()) * smallest_gap / static_cast<double>(whole);
    int y = top;
    auto before = places_.begin()->first;
    for (auto& [when, place] : places_) {
      if (when != before)
        y += std::clamp(static_cast<int>(static_cast<double>(saturated_difference(when, before)) * share), smallest_gap,
                        largest_gap);
      place = y;
      before = when;
    }
    bottom_ = y;
  }

  int y(int64_t when) const {
    return places_.at(when);
  }
  int bottom() const noexcept {
    return bottom_;
  }
  const std::map<int64_t, int>& places() const noexcept {
    return places_;
  }

private:
  std::map<int64_t, int> places_;
  int bottom_ = top;
};

class svg_writer {
public:
  svg_writer(const drawing& x, std::ostream& out) : all_(x), out_(out), axis_(x) {
  }

  void write() {
    const int width = margin_left + static_cast<int>(all_.lifelines.size() - 1) * line_distance + 300;
    const int height = axis_.bottom() + 70;
    out_ << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << width << "\" height=\"" << height
         << "\" viewBox=\"0 0 " << width << ' ' << height << "\" font-family=\"sans-serif\" font-size=\"12\">\n"
         << "<title>" << escaped_xml(all_.title) << "</title>\n"
         << style() << "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
         << "<text x=\"16\" y=\"24\" font-size=\"15\" font-weight=\"bold\">" << escaped_xml(all_.title) << "</text>\n";
    write_legend();
    write_lifelines();
    write_times(width);
    for (const auto& x : all_.tickets)
      write_arrow(x);
    for (const auto& x : all_.tickets)
      write_label(x); // not struck through by other arrows
    for (const auto& x : all_.notes)
      write_note(x);
    if (all_.left_out > 0)
      out_ << "<text x=\"16\" y=\"" << axis_.bottom() + 55 << "\" class=\"time\">" << all_.left_out
           << " in the middle are not drawn</text>\n";
    out_ << "</svg>\n";
  }

private:
  static std::string style() {
    std::string result = "<style>.time{fill:#666;font-size:11px}.label{paint-order:stroke;stroke:#fff;stroke-width:4px}"
                         ".tick{stroke:#eee}.line{stroke:#999;stroke-width:2}.absent{stroke-dasharray:3 5}"
                         ".late,.half{stroke-dasharray:6 4}";
    for (const auto& [name, colour] : colours)
      result += "line." + std::string{name} + "{stroke:" + colour + ";stroke-width:1.6}text." + name + "{fill:" + colour
                + "}";
    result += "</style>\n<defs>";
    for (const auto& [name, colour] : colours)
      result += "<marker id=\"head-" + std::string{name}
                + "\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">"
                  "<path d=\"M0 0L10 5L0 10z\" fill=\""
                + colour + "\"/></marker>";
    return result + "</defs>\n";
  }

  void write_legend() {
    constexpr std::pair<const char*, const char*> entries[]
      = {{"payload", "payload"}, {"plain", "no payload"}, {"abortive", "abortive"}, {"late", "late"}};
    int x = 16;
    for (const auto& [name, text] : entries) {
      out_ << "<line class=\"" << name << "\" x1=\"" << x << "\" y1=\"44\" x2=\"" << x + 30
           << "\" y2=\"44\" marker-end=\"url(#head-" << name << ")\"/><text x=\"" << x + 38 << "\" y=\"48\">" << text
           << "</text>\n";
      x += 130;
    }
  }

  static int x_of(size_t line) {
    return margin_left + 60 + static_cast<int>(line) * line_distance;
  }

  void write_lifelines() {
    for (size_t i = 0; i < all_.lifelines.size(); ++i) {
      const auto& line = all_.lifelines[i];
      const auto below = line.known ? line.node : std::string{"not in the traces"};
      out_ << "<text x=\"" << x_of(i) << "\" y=\"78\" text-anchor=\"middle\" font-weight=\"bold\">" << line.side
           << "</text><text x=\"" << x_of(i) << "\" y=\"94\" text-anchor=\"middle\" class=\"time\">"
           << escaped_xml(below) << "</text><line class=\"line" << (line.known ? "" : " absent") << "\" x1=\""
           << x_of(i) << "\" y1=\"100\" x2=\"" << x_of(i) << "\" y2=\"" << axis_.bottom() + 30 << "\"/>\n";
    }
  }

  void write_times(int width) {
    out_ << "<text x=\"16\" y=\"94\" class=\"time\">ms</text>\n";
    for (const auto& [when, y] : axis_.places())
      out_ << "<line class=\"tick\" x1=\"" << margin_left - 20 << "\" y1=\"" << y << "\" x2=\"" << width - 20
           << "\" y2=\"" << y << "\"/><text class=\"time\" x=\"" << margin_left - 26 << "\" y=\"" << y + 4
           << "\" text-anchor=\"end\">" << time_text(all_, when) << "</text>\n";
  }

  struct ends {
    double from_x, from_y, to_x, to_y;
  };

  ends ends_of(const drawn_ticket& x) const {
    const bool whole = x.sent_ns && x.received_ns;
    ends result{static_cast<double>(x_of(x.from)), static_cast<double>(axis_.y(x.begin_ns())),
                static_cast<double>(x_of(x.to)), axis_.y(x.end_ns()) + (whole ? 0.0 : 6.0)};
    const double width = result.to_x - result.from_x;
    // A ticket that was not received stops on its way; one that was not sent begins there.
    if (!x.received_ns)
      result.to_x = result.from_x + width * (x.lost ? 0.6 : 0.9);
    if (!x.sent_ns)
      result.from_x += width * 0.1;
    return result;
  }

  void write_arrow(const drawn_ticket& x) {
    const auto [from_x, from_y, to_x, to_y] = ends_of(x);
    const bool whole = x.sent_ns && x.received_ns;
    const auto name = class_of(x.style);
    out_ << "<line class=\"" << name << (whole ? "" : " half") << "\" x1=\"" << from_x << "\" y1=\"" << from_y
         << "\" x2=\"" << to_x << "\" y2=\"" << to_y << "\" marker-end=\"url(#head-" << name << ")\"/>\n";
    if (x.lost)
      out_ << "<text class=\"abortive\" x=\"" << to_x + (to_x > from_x ? 6 : -14) << "\" y=\"" << to_y + 5
           << "\" font-weight=\"bold\">\u00d7</text>\n";
  }

  /// Near the sender, so that tickets that cross do not cover each other's labels.
  void write_label(const drawn_ticket& x) {
    const auto [from_x, from_y, to_x, to_y] = ends_of(x);
    const bool to_right = to_x > from_x;
    const double at_x = from_x + (to_right ? 10 : -10);
    const double share = (at_x - from_x) / (to_x - from_x);
    const double at_y = from_y + (to_y - from_y) * share - 4;
    out_ << "<text class=\"label " << class_of(x.style) << "\" x=\"" << at_x << "\" y=\"" << at_y << "\" text-anchor=\""
         << (to_right ? "start" : "end") << "\">" << escaped_xml(x.label) << "</text>\n";
  }

  void write_note(const drawn_note& x) {
    const int y = axis_.y(x.when_ns);
    const char* name = !x.is_end ? "plain" : x.good ? "good" : "abortive";
    const bool at_left = x.at == 0 && all_.lifelines.size() > 1;
    const int place = x_of(x.at) + 10;
    out_ << "<circle cx=\"" << x_of(x.at) << "\" cy=\"" << y << "\" r=\"" << (x.is_end ? 5 : 3) << "\" fill=\""
         << (!x.is_end ? "#555"
             : x.good  ? "#1a7f37"
                       : "#c62828")
         << "\"/><text class=\"label " << name << "\" x=\"" << place << "\" y=\"" << y + (at_left ? 14 : 4)
         << "\" font-weight=\"" << (x.is_end ? "bold" : "normal") << "\">" << escaped_xml(x.text) << "</text>\n";
  }

  static constexpr std::pair<const char*, const char*> colours[]
    = {{"plain", "#555"}, {"payload", "#1565c0"}, {"abortive", "#c62828"}, {"late", "#b26a00"}, {"good", "#1a7f37"}};

  const drawing& all_;
  std::ostream& out_;
  time_axis axis_;
};

} // namespace

void write_svg(const drawing& x, std::ostream& out) {
  svg_writer{x, out}.write();
}

} // namespace tandem::cli
