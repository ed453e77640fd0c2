#include "help.hpp"

#include "services.hpp"

#include "../../actors/system.hpp"

namespace tandem::cli {

namespace {

constexpr size_t help_columns = 100;

/// Breaks a text at spaces; every line but the first begins with `indent`.
std::string wrapped(std::string text, const std::string& indent, size_t first_column) {
  std::string result;
  size_t column = first_column;
  size_t begin = 0;
  while (begin < text.size()) {
    auto end = text.find(' ', begin);
    end = end == std::string::npos ? text.size() : end;
    const size_t size = end - begin;
    if (column > first_column && column + 1 + size > help_columns) {
      result += "\n" + indent;
      column = indent.size();
    } else if (begin > 0) {
      result += ' ';
      ++column;
    }
    result.append(text, begin, size);
    column += size;
    begin = end + 1;
  }
  return result;
}

std::string service_list() {
  constexpr size_t name_columns = 14;
  std::string result;
  for (const auto& x : service_descriptions()) {
    auto line = "  " + x.name;
    line.resize(name_columns, ' ');
    result += line + wrapped(x.what, std::string(name_columns, ' '), name_columns) + "\n";
  }
  return result;
}

/// What --config-file and --set take.
std::string configuration_list() {
  constexpr size_t name_columns = 36;
  std::string result = "Options for --set and --config-file, besides those of CAF:\n";
  for (const auto& option : describe_options()) {
    auto line = "  " + option.name;
    line.resize(name_columns, ' ');
    result += line + wrapped(option.what, std::string(name_columns, ' '), name_columns) + "\n";
  }
  return result;
}

} // namespace

std::string_view version() {
  return TANDEM_VERSION;
}

std::string_view main_usage() {
  return "tandem COMMAND [OPTIONS]";
}

std::string_view serve_usage() {
  return "tandem serve [OPTIONS]";
}

std::string_view call_usage() {
  return "tandem call HOST:PORT[,HOST:PORT]... NAME [OPTIONS]";
}

std::string main_description() {
  return "Runs operations between processes: calls with a name, a stream of payloads each way, and one outcome on "
         "each\n"
         "side.";
}

std::string main_footer() {
  return "For example, in two terminals:\n"
         "  tandem serve\n"
         "  tandem call localhost:4242 \"word count\" --file README.md";
}

std::string serve_description() {
  return "Performs operations for fronts on other nodes, until SIGINT or SIGTERM. Prints \"listening on "
         "ADDRESS:PORT\"\n"
         "when it is up, and at the end how many operations ended with which outcome.";
}

std::string serve_footer() {
  return "Services, all for payloads that are texts:\n" + service_list()
         + "\nWhat a service cannot use is a servicer failure whose details say what would be right.\n"
           "\nWhat its fronts have sent and the services have not worked off waits in memory: the protocol has no "
           "flow\n"
           "control. Results of `range` are made no faster than the connection takes them.\n"
           "\nSIGINT or SIGTERM drains: new operations are refused, running ones may end within the grace, and the "
           "rest\n"
           "is ended. A second signal ends the grace.\n"
           "\nWith TLS it lets in every front whose certificate the authority has signed, whatever its name is, and "
           "says\n"
           "on standard error whom it refused. Without, it listens where this machine alone reaches it, or has to be "
           "told\n"
           "--insecure: nothing is encrypted then, and whoever connects can send it any message of CAF.\n\n"
         + configuration_list()
         + "\nExit status: 0 after SIGINT or SIGTERM, 1 if it cannot listen, or cannot write the trace to its\n"
           "end, 2 for a usage error.";
}

std::string call_description() {
  return "Runs one operation. Prints its results on standard output as they come, one a line (what is no text, as "
         "JSON),\n"
         "and its outcome on standard error. SIGINT (Ctrl-C) cancels the operation, a second one quits at once.";
}

std::string call_footer() {
  return "Without --payload, --file and --stdin the operation gets no payload. Lines are sent without their newlines; "
         "a\n"
         "line above 1 MiB is sent in pieces.\n"
         "\nA file of any size is sent without being loaded: at most 2 MiB of it, or 4096 payloads, are on their way "
         "at a\n"
         "time. What has arrived is another matter: if the service is slower than the file is read, it waits in the\n"
         "back's memory, and so do results here that nobody reads, as the protocol has no flow control.\n"
         "\nA back that serves with TLS is called with it: --certificate, --key and --authority.\n"
         "\nOf several backs, the first that can be reached gets the operation, the next one if it refuses and "
         "nothing is to\n"
         "be sent after the first payload; with --balance-key, the one that the key always leads to.\n\n"
         + configuration_list()
         + "\nExit status:\n"
           "   0  completed               10  cancelled               11  expired\n"
           "  12  reception failure       13  transmission failure    14  servicer failure\n"
           "  15  serviced failure         2  usage error            130  interrupted twice\n"
           "   1  anything else, such as: cannot connect, file missing, trace not written to its end\n"
           "\nWith --subscription none nothing is known of the other side: completed means that everything was sent.";
}

} // namespace tandem::cli
