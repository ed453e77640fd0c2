/// TLS between nodes: who is let in, who is not, and what both sides say then. Real certificates, real sockets.

#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../../actors/nodes/tls/tls_settings.hpp"
#include "../../tools/certificates/certificates.hpp"
#include "../support/contains.hpp"
#include "../support/cutting_proxy.hpp"
#include "../support/far_process.hpp"
#include "../support/raw_client.hpp"
#include "../support/trace_folder.hpp"

#include <doctest/doctest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

using steady = std::chrono::steady_clock;

/// An authority, and a back and a front that it signs for.
struct signed_nodes : certificate_folder {
  signed_nodes() {
    add_authority("authority");
    back = add("back", "authority");
    front = add("front", "authority");
  }

  tls_options back;
  tls_options front;
};

enum class checking { on, off };

/// A node with TLS; without `checking`, of files that use_tls would not take.
struct tls_node {
  explicit tls_node(const tls_options& x, checking how = checking::on) : system(prepared(config, x, how)) {
  }

  node::configuration config;
  caf::actor_system system;

private:
  static node::configuration& prepared(node::configuration& config, const tls_options& x, checking how) {
    if (how == checking::on)
      use_tls(config, x);
    else
      remember(config, x);
    return config;
  }
};

/// A back with TLS in this process. Notes whom it refused, and what else it logs.
struct tls_back {
  explicit tls_back(const tls_options& x, checking how = checking::on) : at(x, how) {
  }

  tls_node at;
  back_end back{at.system, test_services()};
  std::shared_ptr<journal> refused = std::make_shared<journal>();
  publication published
    = publish(at.system, back,
              {.link = {.window = 1min}, .log = [refused = refused](const std::string& line) { refused->note(line); }});
};

/// A back with TLS in another process.
struct far_back : far_process {
  explicit far_back(const certificate_folder& files) : far_process({.window = 1min, .certificates = files.path("")}) {
  }
};

/// The reason that connect() gives for its failure, which has to come soon.
std::string why_not(caf::actor_system& system, uint16_t port) {
  const auto begin = steady::now();
  std::string result = "it is connected";
  try {
    connect(system, "127.0.0.1", port, {.timeout = 1min});
  } catch (const tls_error& e) {
    result = e.what();
  } catch (const std::exception& e) {
    result = std::string{"not TLS: "} + e.what();
  }
  CHECK(steady::now() - begin < 20s); // in a second, but for a machine that is busy
  CHECK(result.find('\n') == std::string::npos);
  return result;
}

/// Whether the back at last notes that; there may be others, as connect() tries again to find out why.
bool notes(const tls_back& back, const std::string& part) {
  for (size_t count = 1;; ++count) {
    const auto lines = back.refused->await(count);
    if (lines.size() < count)
      return false;
    if (contains(lines.back(), part))
      return lines.back().starts_with("refused 127.0.0.1:");
  }
}

/// How often the back has noted that.
std::ptrdiff_t times_noted(const tls_back& back, const std::string& part) {
  return std::ranges::count_if(back.refused->notes(), [&](const std::string& x) { return contains(x, part); });
}

std::string echoed(const front_end& front, const std::string& what) {
  auto result = std::make_shared<std::string>();
  auto op = front.operate({.name = "echo",
                           .payload = text(what),
                           .complete = true,
                           .timeout = 1min,
                           .subscription = full_serviced_subscription(
                             make_consumer([result](payload x) { *result = *payload_as<std::string>(x); }))});
  const auto end = await(ending_of(op));
  return end.value == outcome::completed ? *result : to_string(end.value) + ": " + end.details;
}

/// The reason that check() gives for its failure.
std::string complaint(const tls_options& x) {
  try {
    check(x);
  } catch (const tls_error& e) {
    return e.what();
  }
  return "none";
}

} // namespace

TEST_CASE("operations complete over TLS, with payloads of a byte to a megabyte") {
  signed_nodes files;
  far_back back{files};
  tls_node near{files.front};
  front_end front{near.system};
  join(front, connect(near.system, "127.0.0.1", back.port));
  for (size_t size = 1; size <= size_t{1} << 20; size *= 4) {
    const std::string payload(size, static_cast<char>('a' + size % 23));
    CHECK(echoed(front, payload) == payload);
    CHECK(echoed(front, payload + "!") == payload + "!");
  }
}

TEST_CASE("S-PORT-8: the servicer learns the front's name and address, and who it has proved to be") {
  signed_nodes files;
  tls_node far{files.back};
  auto seen = std::make_shared<journal>();
  auto services = std::make_shared<method_table>();
  services->add("who", [seen](const operation_context& context, const output_consumer& out) {
    const auto front = context.peer();
    seen->note(front.node);
    seen->note(front.address.substr(0, front.address.find(':')));
    seen->note(front.identity);
    return make_consumer({}, [out] { out.terminate(); });
  });
  back_end back{far.system, services};
  auto published = publish(far.system, back);
  tls_node near{files.front};
  front_end front{near.system};
  join(front, connect(near.system, "127.0.0.1", published.port(), {.link = {.node_name = "the front"}}));
  auto op = front.operate(
    {.name = "who", .complete = true, .timeout = 1min, .subscription = full_serviced_subscription(make_consumer({}))});
  CHECK(await(ending_of(op)).value == outcome::completed);
  const auto notes = seen->await(3);
  CHECK(notes[0] == "the front");
  CHECK(notes[1] == "127.0.0.1");
  CHECK_MESSAGE(contains(notes[2], "front"), notes[2]);
}

TEST_CASE("S-SESSION-1: a stream over TLS survives cuts") {
  constexpr uint64_t cuts = 5;
  constexpr int payloads = 3000;
  signed_nodes files;
  far_back back{files};
  cutting_proxy proxy{back.port};
  const trace_folder traces;
  tls_node near{files.front};
  front_end front{near.system};
  traces.record(front, "front");
  join(front, connect(near.system, "127.0.0.1", proxy.port(),
                      {.first_pause = 2ms, .longest_pause = 50ms, .link = {.window = 1min}}));
  proxy.set_plan([&proxy, next = uint64_t{0}]() mutable -> std::optional<uint64_t> {
    if (proxy.cuts() >= cuts)
      return std::nullopt;
    return next += 20'000; // a record of TLS has to get through (S-SESSION-6)
  });
  auto results = std::make_shared<journal>();
  auto op = front.operate(
    {.name = "echo", .timeout = 1min, .subscription = full_serviced_subscription(noting_consumer(results))});
  proxy.cut();
  for (int i = 0; i < payloads; ++i)
    op.consumer().consume(text(std::to_string(i)));
  op.consumer().terminate();
  const auto end = await(ending_of(op));
  CHECK(end.details == "");
  CHECK(end.value == outcome::completed);
  const auto notes = results->notes();
  REQUIRE(notes.size() == payloads + 1);
  for (int i = 0; i < payloads; ++i)
    REQUIRE(notes[static_cast<size_t>(i)] == std::to_string(i));
  CHECK(proxy.cuts() >= cuts);
}

TEST_CASE("a client that is not to be trusted is refused, and both sides say why") {
  signed_nodes files;
  tls_back back{files.back};
  const auto port = back.published.port();

  SUBCASE("without TLS, and so without a certificate") {
    node near;
    CHECK(contains(why_not(near.system, port), "it refused: it takes connections with TLS only"));
    CHECK(notes(back, "it takes connections with TLS only"));
  }
  SUBCASE("with TLS switched off") {
    tls_node near{files.front};
    CHECK_THROWS_AS(connect(near.system, "127.0.0.1", port, {.tls = false}), tls_error);
    CHECK(notes(back, "it takes connections with TLS only"));
  }
  SUBCASE("with a certificate of another authority, which is the only one it trusts") {
    files.add_authority("other");
    tls_node near{files.add("stranger", "other")};
    CHECK(contains(why_not(near.system, port), "its certificate is not signed by the authority: "));
    CHECK(notes(back, "it refused our certificate: unknown CA"));
  }
  SUBCASE("with a certificate of another authority, though it trusts ours") {
    files.add_authority("other");
    auto options = files.add("stranger", "other");
    options.authority = files.add_file("both.pem", files.content("authority.pem") + files.content("other.pem"));
    tls_node near{options};
    CHECK(contains(why_not(near.system, port), "it refused our certificate: unknown CA"));
    CHECK(notes(back, "its certificate is not signed by the authority: "));
  }
  SUBCASE("with a certificate that has expired") {
    tls_node near{files.add("late", "authority", {.from_day = -3, .to_day = -2}), checking::off};
    CHECK(contains(why_not(near.system, port), "it refused our certificate: certificate expired"));
    CHECK(notes(back, "its certificate is not accepted: certificate has expired"));
  }

  // None of which harms those that are trusted.
  tls_node trusted{files.front};
  front_end front{trusted.system};
  join(front, connect(trusted.system, "127.0.0.1", port));
  CHECK(echoed(front, "unharmed") == "unharmed");
  CHECK(back.published.connections() == 1);
}

TEST_CASE("a front notices a back that is not to be trusted") {
  signed_nodes files;
  tls_node near{files.front};

  SUBCASE("it does not speak TLS") {
    node far;
    back_end back{far.system, test_services()};
    auto published = publish(far.system, back);
    CHECK(contains(why_not(near.system, published.port()), "it does not speak TLS"));
  }
  SUBCASE("its certificate has expired") {
    tls_node far{files.add("late", "authority", {.from_day = -3, .to_day = -2}), checking::off};
    back_end back{far.system, test_services()};
    auto published = publish(far.system, back, {.log = [](const std::string&) {}});
    CHECK(contains(why_not(near.system, published.port()), "its certificate is not accepted: certificate has expired"));
  }
  SUBCASE("nobody is there: that is no matter of TLS") {
    uint16_t unused = 0;
    {
      tls_back back{files.back};
      unused = back.published.port();
    }
    CHECK(contains(why_not(near.system, unused), "not TLS: cannot connect to 127.0.0.1:"));
  }
}

TEST_CASE("S-PORT-8: a back is refused whose certificate is for another host, by the names that were found") {
  signed_nodes files;
  tls_back far{files.add("back", "authority", {.hosts = "DNS:other.example,IP:192.0.2.1"})};
  tls_node near{files.front};
  CHECK(
    contains(why_not(near.system, far.published.port()),
             "its certificate is for other names: wanted 127.0.0.1, it is for CN=back DNS:other.example IP:192.0.2.1"));
  front_end front{near.system};
  const auto link
    = connect(near.system, "127.0.0.1", far.published.port(), {.names = {"one.example", "other.example"}});
  join(front, link);
  CHECK(echoed(front, "by name") == "by name");
  CHECK(link->other_side().identity == "CN=back DNS:other.example IP:192.0.2.1");
}

TEST_CASE("S-PORT-8: files are read again when they change, and if they cannot be used, the old ones stay") {
  signed_nodes files;
  tls_back far{files.back};
  tls_node near{files.front};
  const auto identity = [&] { return connect(near.system, "127.0.0.1", far.published.port())->other_side().identity; };
  CHECK(identity() == "CN=back DNS:localhost IP:127.0.0.1 IP:::1");
  files.add("back", "authority", {.hosts = "DNS:renewed,IP:127.0.0.1"});
  CHECK(identity() == "CN=back DNS:renewed IP:127.0.0.1");
  files.add_file("back.pem", "damaged");
  CHECK(identity() == "CN=back DNS:renewed IP:127.0.0.1");
  CHECK(identity() == "CN=back DNS:renewed IP:127.0.0.1"); // of which nothing more is said
  files.add("back", "authority", {.hosts = "DNS:third,IP:127.0.0.1"});
  const auto key = files.content("back.key");
  files.add("back", "authority", {.hosts = "DNS:fourth,IP:127.0.0.1"});
  const auto other_key = files.content("back.key");
  files.add_file("back.key", key); // the certificate has come before its key
  CHECK(identity() == "CN=back DNS:renewed IP:127.0.0.1");
  files.add_file("back.key", other_key);
  CHECK(identity() == "CN=back DNS:fourth IP:127.0.0.1");
  const auto lines = far.refused->notes();
  std::string all;
  for (const auto& x : lines)
    all += x + "\n";
  CAPTURE(all);
  REQUIRE(lines.size() == 4);
  CHECK(contains(lines[0], "read the TLS files again"));
  CHECK(contains(lines[1], "it has no certificate in PEM; what was read before stays in use"));
  CHECK(contains(lines[2], "it is not the key of the certificate " + files.path("back.pem")
                             + "; what was read before stays in use"));
  CHECK(contains(lines[3], "read the TLS files again"));
}

TEST_CASE(
  "S-PORT-8: who is revoked while the back runs gets no connection any more, until its certificate is renewed") {
  signed_nodes files;
  auto options = files.back;
  options.revocations = files.add_revocations("revoked.pem", "authority", {});
  tls_back back{options};
  cutting_proxy proxy{back.published.port()};
  tls_node near{files.front};
  auto log = std::make_shared<journal>();
  front_end front{near.system};
  const auto link
    = connect(near.system, "127.0.0.1", proxy.port(),
              {.first_pause = 2ms, .longest_pause = 50ms, .link = {.window = 1min}, .log = [log](const std::string& x) {
                 log->note(x);
               }});
  join(front, link);
  CHECK(echoed(front, "before") == "before");

  files.add_revocations("revoked.pem", "authority", {"front"});
  CHECK(contains(why_not(near.system, back.published.port()), "it refused our certificate: certificate revoked"));
  CHECK(notes(back, "its certificate is not accepted: certificate revoked"));
  tls_node trusted{files.add("trusted", "authority")};
  front_end trusted_front{trusted.system};
  join(trusted_front, connect(trusted.system, "127.0.0.1", back.published.port()));
  CHECK(echoed(trusted_front, "trusted") == "trusted");

  // A list that is damaged is reported once, and takes nothing back.
  const auto list = files.content("revoked.pem");
  files.add_file("revoked.pem", "damaged");
  for (int i = 0; i < 2; ++i)
    CHECK(contains(why_not(near.system, back.published.port()), "certificate revoked"));
  CHECK(times_noted(back, "TLS revocations " + files.path("revoked.pem") + ": ") == 1);
  files.add_file("revoked.pem", list);

  // The connection that was there goes on, but there is no other after it; both sides say why.
  CHECK(echoed(front, "still") == "still");
  proxy.cut();
  const auto lines = log->await(2);
  CHECK(contains(lines[0], " broke: "));
  CHECK(contains(lines[1], "cannot connect to 127.0.0.1:"));
  CHECK(contains(lines[1], ": it refused our certificate: certificate revoked"));

  // Its session goes on with a new certificate, for it is the same front.
  files.add("front", "authority");
  CHECK(echoed(front, "renewed") == "renewed");
  CHECK(link->status().sessions == 1);
}

TEST_CASE("S-PORT-8: a certificate that has expired is replaced while its node runs") {
  signed_nodes files;
  const auto late = certificate_folder::wishes{.from_day = -3, .to_day = -2};

  SUBCASE("a front's, which goes on trying") {
    tls_back back{files.back};
    tls_node near{files.add("front", "authority", late), checking::off};
    auto log = std::make_shared<journal>();
    front_end front{near.system};
    join(front, connect(near.system, "127.0.0.1", back.published.port(),
                        {.wait = false, .first_pause = 2ms, .longest_pause = 50ms, .log = [log](const std::string& x) {
                           log->note(x);
                         }}));
    CHECK(contains(log->await(1)[0], ": it refused our certificate: certificate expired"));
    CHECK(notes(back, "its certificate is not accepted: certificate has expired"));
    files.add("front", "authority");
    CHECK(echo(front, true).value == outcome::completed);
  }
  SUBCASE("a back's") {
    tls_back back{files.add("back", "authority", late), checking::off};
    tls_node near{files.front};
    CHECK(contains(why_not(near.system, back.published.port()),
                   "its certificate is not accepted: certificate has expired"));
    CHECK(notes(back, "it refused our certificate: certificate expired"));
    files.add("back", "authority");
    front_end front{near.system};
    join(front, connect(near.system, "127.0.0.1", back.published.port()));
    CHECK(echoed(front, "renewed") == "renewed");
    CHECK(times_noted(back, "read the TLS files again") == 1);
  }
}

TEST_CASE("a publication with TLS that is closed ends its links, and frees its port") {
  signed_nodes files;
  tls_back far{files.back};
  const auto port = far.published.port();
  tls_node near{files.front};
  front_end front{near.system};
  join(front, connect(near.system, "127.0.0.1", port));
  auto end = ending_of(
    front.operate({.name = "hold", .timeout = 1h, .subscription = termination_only_serviced_subscription()}));
  CHECK(echoed(front, "x") == "x");
  far.published.close();
  CHECK(await(std::move(end)).value == outcome::transmission_failure);
  CHECK(publish(far.at.system, far.back, {.port = port}).port() == port);
}

TEST_CASE("one system publishes with TLS and without") {
  signed_nodes files;
  tls_node far{files.back};
  back_end back{far.system, test_services()};
  auto with = publish(far.system, back);
  auto without = publish(far.system, back, {.tls = false});
  tls_node first{files.front};
  front_end first_front{first.system};
  join(first_front, connect(first.system, "127.0.0.1", with.port()));
  tls_node second{files.front};
  front_end second_front{second.system};
  join(second_front, connect(second.system, "127.0.0.1", without.port(), {.tls = false}));
  CHECK(echoed(first_front, "with") == "with");
  CHECK(echoed(second_front, "without") == "without");
  without.close();
  CHECK(echoed(first_front, "still") == "still");
}

TEST_CASE("idle connections that use up all file descriptors do not end the process") {
  signed_nodes files;
  const auto peer = program("test_peer") + " back 60000 0 " + files.path("");
  process running{{"/bin/sh", "-c", "ulimit -n 64; exec " + peer}};
  const auto port = static_cast<uint16_t>(std::atoi(running.read_line().value().c_str()));
  {
    tls_node impatient{files.front};
    std::vector<std::unique_ptr<raw_client>> crowd;
    for (int i = 0; i < 100; ++i)
      crowd.push_back(std::make_unique<raw_client>(port));
    CHECK_THROWS(connect(impatient.system, "127.0.0.1", port, {.timeout = 1s})); // so they are used up
  }
  tls_node near{files.front};
  front_end front{near.system};
  join(front, connect(near.system, "127.0.0.1", port, {.timeout = 1min}));
  CHECK(echoed(front, "x") == "x");
}

TEST_CASE("a key may be encrypted") {
  signed_nodes files;
  files.add("back", "authority", {.passphrase = "open sesame"});
  tls_back far{{files.path("back.pem"), files.path("back.key"), "open sesame", files.path("authority.pem")}};
  tls_node near{files.front};
  front_end front{near.system};
  join(front, connect(near.system, "127.0.0.1", far.published.port()));
  CHECK(echoed(front, "x") == "x");
}

TEST_CASE("files that cannot work are named before anything is done with them") {
  signed_nodes files;
  CHECK(complaint(files.back) == "none");
  auto x = files.back;
  x.certificate = "";
  CHECK(complaint(x) == "TLS: no file is given for the certificate");
  x = files.back;
  x.authority = "";
  CHECK(complaint(x) == "TLS: no file is given for the authority");
  x = files.back;
  x.key = files.path("none.key");
  CHECK(complaint(x) == "TLS key " + x.key + ": No such file or directory");
  x.key = files.path("");
  CHECK(complaint(x) == "TLS key " + x.key + ": Is a directory");
  x.key = files.back.certificate;
  CHECK(complaint(x) == "TLS key " + x.key + ": it has no private key in PEM");
  x.key = files.front.key;
  CHECK(complaint(x) == "TLS key " + x.key + ": it is not the key of the certificate " + x.certificate);
  x = files.back;
  x.certificate = files.back.key;
  CHECK(complaint(x) == "TLS certificate " + x.certificate + ": it has no certificate in PEM");
  x.certificate = files.add_file("cut.pem", files.content("back.pem").substr(0, 300));
  CHECK(contains(complaint(x), "TLS certificate " + x.certificate + ": it is damaged: "));
  x = files.back;
  x.certificate = x.key = files.add_file("one.pem", files.content("back.key") + files.content("back.pem"));
  CHECK(complaint(x) == "none");
  x = files.add("early", "authority", {.from_day = 2, .to_day = 3});
  CHECK(contains(complaint(x), "TLS certificate " + x.certificate + ": it is not valid before "));
  x = files.add("late", "authority", {.from_day = -3, .to_day = -2});
  CHECK(contains(complaint(x), "TLS certificate " + x.certificate + ": it expired on "));
  files.add_authority("other");
  x = files.back;
  x.authority = files.path("other.pem");
  CHECK(contains(complaint(x), "TLS certificate " + x.certificate + ": it does not verify against the authority "
                                 + x.authority + ": "));
  x.authority = files.path("authority.key");
  CHECK(complaint(x) == "TLS authority " + x.authority + ": it has no certificate in PEM");
  x = files.add("locked", "authority", {.passphrase = "open sesame"});
  CHECK(complaint(x) == "none");
  x.passphrase = "";
  CHECK(complaint(x) == "TLS key " + x.key + ": it is encrypted, and no passphrase is given");
  x.passphrase = "open barley";
  CHECK(complaint(x) == "TLS key " + x.key + ": the passphrase does not decrypt it");
  node::configuration config;
  CHECK_THROWS_AS(use_tls(config, x), tls_error);
}

TEST_CASE("TLS has to be there to be used, and what other machines reach needs it") {
  node plain;
  back_end back{plain.system, test_services()};
  CHECK_THROWS_WITH_AS(publish(plain.system, back, {.tls = true}),
                       doctest::Contains("call use_tls before the system is made"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(connect(plain.system, "127.0.0.1", 1, {.tls = true}),
                       doctest::Contains("call use_tls before the system is made"), std::invalid_argument);
  for (const auto* address : {"0.0.0.0", "", "::", "192.0.2.1", "example.org", "127.0.0.1.example.org"})
    CHECK_THROWS_WITH_AS(publish(plain.system, back, {.address = address}), doctest::Contains("or set insecure"),
                         std::invalid_argument);
  for (const auto* address : {"127.0.0.1", "127.1.2.3", "localhost"})
    CHECK(publish(plain.system, back, {.address = address}).port() > 0);
  CHECK(publish(plain.system, back, {.address = "0.0.0.0", .insecure = true}).port() > 0);
  signed_nodes files;
  tls_node secure{files.back};
  back_end safe{secure.system, test_services()};
  CHECK(publish(secure.system, safe, {.address = "0.0.0.0"}).port() > 0);
  CHECK_THROWS_AS(publish(secure.system, safe, {.address = "0.0.0.0", .tls = false}), std::invalid_argument);
}
