#include "../telling/draw.hpp"
#include "../telling/drawing.hpp"
#include "commands.hpp"

#include "../../cli/command_options.hpp"
#include "../../cli/exit_status.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

namespace tandem::cli {

namespace {

/// A ticket is up to two steps, and the first and the last are to be among the first and the last half.
size_t most_steps(size_t most_tickets) noexcept {
  if (most_tickets == 0 || most_tickets > SIZE_MAX / 4)
    return SIZE_MAX;
  return std::max(usual_steps, most_tickets * 4);
}

} // namespace

int trace_draw(const trace_draw_options& options, std::ostream& out, std::ostream& notes) {
  const auto which = operation_selector::parse(options.operation);
  if (!which)
    throw usage_error{"OPERATION: expected " + std::string{operation_wanted} + ", got \"" + options.operation + "\""};
  const auto found = read_operations(*which, options.operation, options.files, notes, most_steps(options.most));
  const auto picture = make_drawing(found, options.most);
  if (options.svg)
    write_svg(picture, out);
  else
    write_mermaid(picture, out);
  if (const auto text = found.note_about_left_out(); !text.empty())
    notes << "tandem: " << text << '\n';
  if (picture.left_out > 0)
    notes << "tandem: " << picture.left_out << " tickets and notes in the midst are not drawn (--most 0 draws all)\n";
  out.flush();
  return found.status;
}

void add_draw(CLI::App& trace, command_run& run) {
  auto options = std::make_shared<trace_draw_options>();
  auto& command = *trace.add_subcommand("draw", "Draw an operation as a sequence diagram");
  describe(
    command, "tandem trace draw OPERATION FILE... [OPTIONS]",
    "Draws the tickets of an operation between its two sides, or those of all operations of a trace id: as a\n"
    "Mermaid sequence diagram, which many web sites and editors show, or as an SVG picture with the time at its\n"
    "left and tickets as slanted arrows from when they were sent to when they arrived. Give the traces of both\n"
    "sides, if you have both.\n"
    "\n"
    "OPERATION is its id, 32 hexadecimal digits; its short form as `tandem trace show` prints it, such as 3f2a.100;\n"
    "or a trace id.",
    "In the picture a ticket with a payload is blue, one without is grey, an abortive one is red, and one that came\n"
    "too late is orange. Dashed arrows have only one end in the traces; a cross is a ticket that the other side's "
    "trace\n"
    "should have and does not: it goes on, and lacks nothing as far as it says itself. A note says how much is not "
    "drawn;\n"
    "of a trace id, 1,000 operations are looked at. Distances grow with time, within limits: read the times at the "
    "left.\n"
    "\n"
    "  tandem trace draw 3f2a.100 front.jsonl back.jsonl --svg > operation.svg\n"
    "\n"
    "Exit status: 0, or 1 if a file cannot be read or has no such operation, 2 for a usage error.");
  add_operation(command, options->operation);
  add_traces(command, options->files)->required();
  auto* svg = command.add_flag("--svg", options->svg, "write an SVG picture");
  command
    .add_flag_callback(
      "--mermaid", [] {}, "write a Mermaid diagram (the default)")
    ->excludes(svg);
  command.add_option("--most", options->most, "draw so many tickets, the first and the last; 0 for all")
    ->type_name("COUNT")
    ->check(whole_number(0, UINT64_MAX))
    ->capture_default_str();
  command.callback([options, &run] { run = [options] { return trace_draw(*options, std::cout, std::cerr); }; });
}

} // namespace tandem::cli
