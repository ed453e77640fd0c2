/// The options of the program that are about TLS, and what it says when a peer is refused.
#include "../support/tandem_process.hpp"

#include "../../tools/certificates/certificates.hpp"

using namespace tandem_test;

namespace {

/// One line, by the program.
void check_complaint(const finished& x, int status, const std::string& part) {
  CHECK(x.status == status);
  CHECK(x.output.starts_with("tandem: "));
  CHECK_MESSAGE(contains(x.output, part), x.output);
}

} // namespace

TEST_CASE("without TLS other machines reach what is served only if that is asked for") {
  check_complaint(run_tandem({"serve", "--address", "0.0.0.0"}), 2,
                  "--address: other machines reach 0.0.0.0; use TLS (--certificate, --key, --authority), or --insecure "
                  "if you trust all of them");
  serving back{{"--address", "0.0.0.0", "--insecure"}};
  CHECK(back.stop().status == 0);
}

namespace {

std::vector<std::string> options_of(const tandem::tls_options& x) {
  return {"--certificate", x.certificate, "--key", x.key, "--authority", x.authority};
}

std::vector<std::string> joined(std::vector<std::string> x, const std::vector<std::string>& y) {
  x.insert(x.end(), y.begin(), y.end());
  return x;
}

} // namespace

TEST_CASE("serve and call with TLS: who has a certificate is served, others learn why not") {
  certificate_folder files;
  files.add_authority("authority");
  files.add_authority("other");
  serving back{joined(options_of(files.add("back", "authority")), {"--address", "0.0.0.0"})};
  back.address = "127.0.0.1" + back.address.substr(back.address.find(':'));
  const auto front = options_of(files.add("front", "authority"));
  const auto good = call(back, joined({"echo", "--payload", "hello"}, front));
  CHECK(good.status == 0);
  CHECK(good.output.starts_with("hello\n"));
  const auto stranger = options_of(files.add("stranger", "other"));
  check_complaint(call(back, joined({"echo"}, stranger)), 1,
                  "cannot connect to " + back.address + ": its certificate is not signed by the authority: ");
  check_complaint(call(back, {"echo"}), 1,
                  "cannot connect to " + back.address + ": it refused: it takes connections with TLS only");
  const auto said = back.stop().output;
  CHECK_MESSAGE(contains(said, "tandem: refused 127.0.0.1:"), said);
  CHECK_MESSAGE(contains(said, ": it refused our certificate: unknown CA\n"), said);
  CHECK_MESSAGE(contains(said, ": it takes connections with TLS only\n"), said);
}

TEST_CASE("a key is decrypted by the first line of a file") {
  certificate_folder files;
  files.add_authority("authority");
  auto options = options_of(files.add("back", "authority", {.passphrase = "open sesame"}));
  const auto front = options_of(files.add("front", "authority"));
  check_complaint(run_tandem(joined({"serve", "--port", "0"}, options)), 1,
                  "it is encrypted, and no passphrase is given");
  options = joined(options, {"--passphrase-file", files.add_file("passphrase", "open sesame\nno part of it\n")});
  serving back{options};
  CHECK(call(back, joined({"echo"}, front)).status == 0);
  options.back() = files.path("none");
  check_complaint(run_tandem(joined({"serve", "--port", "0"}, options)), 1,
                  "TLS passphrase " + files.path("none") + ": No such file or directory");
}

TEST_CASE("options of TLS that make no sense") {
  check_complaint(run_tandem({"serve", "--key", "x.key"}), 1, "TLS: no file is given for the certificate");
  check_complaint(run_tandem({"call", "x:1", "echo", "--passphrase-file", "x"}), 1, "TLS passphrase x: No such file");
  check_complaint(run_tandem({"serve", "--certificate", "/none.pem", "--key", "/none.key", "--authority", "/none"}), 1,
                  "TLS certificate /none.pem: No such file or directory");
}
