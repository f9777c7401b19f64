package issueledger.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import issueledger.http.Http;
import issueledger.proof.Checkpoint;
import issueledger.proof.CompactRange;
import issueledger.proof.Hash;
import issueledger.proof.KeySeed;
import issueledger.proof.MerkleTree;
import issueledger.proof.SignatureType;
import issueledger.proof.SignedNote;
import issueledger.proof.SigningKey;
import issueledger.proof.Tile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page as a witness of a log that grows, and of one whose past is rewritten: a server in front of the query service has a transparency
 * log of the test's, and no event stream.
 */
@Tag("full")
class WitnessTest {
    private static final String NAME = "issue-ledger/test";

    @TempDir
    private static Path folder;

    private static Browser browser;
    private static Ledger ledger;
    private static HttpServer front;
    private static String page;

    private static volatile List<Hash> leaves = List.of();
    private static volatile SigningKey key = newKey();

    @BeforeAll
    static void open() throws IOException {
        browser = Browser.open();
        ledger = Ledger.start(folder.resolve("data"));
        front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.createContext("/", WitnessTest::answer);
        front.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        front.start();
        page = "http://127.0.0.1:" + front.getAddress().getPort() + "/ui/";
    }

    @AfterAll
    static void close() {
        if (front != null) {
            front.stop(0);
        }
        if (ledger != null) {
            ledger.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    private static SigningKey newKey() {
        return SigningKey.of(NAME, SignatureType.ED25519, KeySeed.freshEd25519());
    }

    private static List<Hash> leaves(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> MerkleTree.leaf(("event " + i).getBytes(UTF_8)))
                .toList();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            if (path.startsWith("/tlog/")) {
                send(exchange, "text/plain", log(path.substring("/tlog/".length())));
            } else if (path.equals("/events/stream")) {
                send(exchange, "text/plain", null);
            } else {
                String asked = exchange.getRequestURI().toString();
                HttpResponse<String> there = Http.send(
                        ledger.queryPort(), "GET", asked, BodyPublishers.noBody(), "Accept", accepted(exchange));
                for (String header : List.of("Content-Security-Policy", "Ledger-Position")) {
                    there.headers()
                            .firstValue(header)
                            .ifPresent(value -> exchange.getResponseHeaders().set(header, value));
                }
                byte[] body = there.body().getBytes(UTF_8);
                exchange.getResponseHeaders()
                        .set(
                                "Content-Type",
                                there.headers().firstValue("Content-Type").orElse("text/plain"));
                exchange.sendResponseHeaders(there.statusCode(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static String accepted(HttpExchange exchange) {
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        return accept == null ? "*/*" : accept;
    }

    private static void send(HttpExchange exchange, String type, byte @Nullable [] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
        if (body != null) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Null for what there is not. */
    private static byte @Nullable [] log(String path) {
        if (leaves.isEmpty()) {
            return null;
        } else if (path.equals("key")) {
            return (key.verifier() + "\n").getBytes(UTF_8);
        } else if (path.equals("checkpoint")) {
            String text = new Checkpoint(NAME, leaves.size(), root(0, leaves.size())).text();
            return new SignedNote(text, List.of(key.sign(text, Instant.EPOCH)))
                    .note()
                    .getBytes(UTF_8);
        }
        return Tile.parse(path)
                .filter(tile -> tile.isIn(leaves.size()))
                .map(WitnessTest::hashes)
                .orElse(null);
    }

    private static byte[] hashes(Tile tile) {
        int span = 1 << 8 * tile.level();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < tile.width(); i++) {
            int first = ((int) tile.index() * Tile.FULL + i) * span;
            bytes.writeBytes(root(first, first + span).bytes());
        }
        return bytes.toByteArray();
    }

    private static Hash root(int from, int to) {
        CompactRange range = new CompactRange();
        leaves.subList(from, to).forEach(range::append);
        return range.root();
    }

    /** The browser has kept the checkpoint of 5 events. */
    @BeforeEach
    void aFirstVisit() {
        key = newKey();
        leaves = leaves(5);
        browser.to(page);
        browser.await(
                "the line has looked at the checkpoint, and keeps nothing later",
                "return !document.querySelector('.foot .witness').textContent.includes('is looked at')");
        browser.run("localStorage.clear()");
        browser.to(page + "#/witness");
        browser.awaitText(".notice.good", "This is the first checkpoint that this browser keeps: 5 events.");
    }

    private static void rewrite(int position) {
        List<Hash> others = leaves(300);
        leaves = IntStream.range(0, others.size())
                .mapToObj(i -> i == position ? MerkleTree.leaf("another".getBytes(UTF_8)) : others.get(i))
                .collect(Collectors.toUnmodifiableList());
    }

    private static void isRed(String why) {
        browser.to(page + "#/witness");
        browser.awaitText(".witnesspage.red .notice.bad", why);
        browser.awaitText(".foot .witness.bad", why);
        assertThat(browser.text(".witnesspage.red")).contains("Save the evidence");
        assertThat(browser.run("return JSON.parse(localStorage.getItem('issue-ledger.checkpoint')).size"))
                .as("the older checkpoint is kept")
                .isEqualTo(5L);
    }

    @Test
    void a_log_that_has_grown_is_proven_to_contain_what_was_seen() {
        for (int size : List.of(6, 8, 255, 256, 257, 300)) {
            leaves = leaves(size);
            browser.to(page + "#/witness");
            browser.awaitText(".notice.good", "The " + size + " events that the ledger signs now contain the");
            browser.awaitText(".foot .witness.good", "Intact");
        }
        assertThat(browser.text(".live")).isEqualTo("Polling");
    }

    @Test
    void an_event_rewritten_behind_the_checkpoint_is_red_and_one_beyond_it_is_not() {
        rewrite(5);
        browser.to(page + "#/witness");
        browser.awaitText(".notice.good", "The 300 events that the ledger signs now contain the 5");

        aFirstVisit();
        rewrite(4);
        isRed("does not contain the one over 5 that it signed before");
        browser.shot("witness-red");
    }

    @Test
    void fewer_events_than_were_seen_are_red() {
        leaves = leaves(3);
        isRed("Events are missing, or an older checkpoint is shown.");
    }

    @Test
    void another_key_is_red() {
        key = newKey();
        isRed("another key than the one this browser kept");
    }

    @Test
    void no_checkpoint_any_more_is_red() {
        leaves = List.of();
        isRed("The ledger signed checkpoints before and shows none now.");
    }
}
