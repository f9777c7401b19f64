package issueledger.tlog;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.Commit;
import issueledger.log.CommitHash;
import issueledger.log.EventLog;
import issueledger.log.NewEvent;
import issueledger.log.RecordedEvent;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.Query;
import issueledger.query.Query.Answer;
import issueledger.query.QueryService;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import issueledger.tlog.Transparency.Head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * A stopped ledger gets another log than the one whose checkpoints it signed: its history recomputed, an older back-up, another directory. It
 * signs nothing on top, says so, and goes on answering.
 */
@Tag("full")
class OtherLogHttpTest {
    private static final Path FOLDER = QueryServiceTest.directory();
    private static final Path SIGNED = FOLDER.resolve("signed");
    private static final Path COPY = FOLDER.resolve("copy.txt");
    private static final int FIRST = 10;
    private static final int LAST = 20;
    private static int directories;

    private Path directory = FOLDER;
    private Path copy = COPY;

    /** A running service. */
    private static final class Service implements AutoCloseable {
        private final ConfigurableApplicationContext context;
        private final int port;

        Service(Path directory, @Nullable Path copy) {
            context = SpringApplication.run(
                    QueryService.class,
                    "--server.port=0",
                    "--issue-ledger.data-dir=" + directory,
                    "--issue-ledger.checkpoint-file=" + (copy == null ? "" : copy),
                    "--spring.jmx.enabled=false");
            port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        }

        Query query() {
            return new Query(port);
        }

        Transparency log() {
            return new Transparency(port);
        }

        @Override
        public void close() {
            context.close();
        }
    }

    private static Path events(Path directory) {
        return directory.resolve("events.db");
    }

    /** Twenty events, each a commit, with a checkpoint of the first ten and one of all. */
    @BeforeAll
    static void signALog() throws Exception {
        Files.createDirectories(SIGNED);
        record(SIGNED, 1, FIRST);
        try (Service service = new Service(SIGNED, COPY)) {
            service.log().head(FIRST);
            copyFiles(SIGNED, FOLDER.resolve("half"), "events.db", "checkpoints.db", "signing-key.pem");
            record(SIGNED, FIRST + 1, LAST);
            service.log().head(LAST);
            assertThat(service.query().get("/audit/verify").json().get("ok").asBoolean())
                    .isTrue();
        }
    }

    private static void record(Path directory, int from, int to) {
        try (EventLog log = SqliteEventLog.open(events(directory), Clock.systemUTC())) {
            Recorder recorder = Recorder.goingOn(log);
            for (int position = from; position <= to; position++) {
                if (position == 1) {
                    recorder.record("one", OPENED);
                } else {
                    recorder.record("one", note(position - 1, "Note " + position));
                }
            }
        }
    }

    private static void copyFiles(Path from, Path to, String... names) throws IOException {
        Files.createDirectories(to);
        for (String name : names) {
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.filter(
                                path -> path.getFileName().toString().startsWith(name))
                        .toList()) {
                    Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    @BeforeEach
    void takeADirectory() throws IOException {
        directory = FOLDER.resolve("other-" + directories++);
        copy = directory.resolveSibling(directory.getFileName() + ".txt");
        copyFiles(SIGNED, directory, "checkpoints.db", "signing-key.pem");
        Files.copy(COPY, copy);
    }

    /** Writes the log anew with one event changed, every salt, time and id as it was, and all hashes computed again. */
    private static void rewrite(Path from, Path to, int changed) throws IOException {
        Files.createDirectories(to);
        try (EventLog old = SqliteEventLog.open(events(from), Clock.systemUTC());
                EventLog fresh = SqliteEventLog.open(events(to), Clock.systemUTC())) {
            for (RecordedEvent event : old.read(0, LAST)) {
                NewEvent same = event.asNew();
                NewEvent one = event.position() != changed
                        ? same
                        : new NewEvent(
                                same.id(),
                                same.stream(),
                                same.sequence(),
                                same.type(),
                                same.revision(),
                                same.payload().replace("Note", "Nota"),
                                same.metadata(),
                                same.commitments());
                fresh.append(List.of(new Commit(List.of(one), null, null, Map.of(), event.recordedAt())));
            }
            assertThat(fresh.head().hash()).isNotEqualTo(old.head().hash()).isNotEqualTo(CommitHash.NONE);
        }
    }

    private static void awaitDegraded(Service service) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!tlog(service).at("/status").asString().equals("DEGRADED") && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(tlog(service).at("/status").asString()).isEqualTo("DEGRADED");
    }

    private static JsonNode tlog(Service service) {
        return service.query().get("/actuator/health").json().at("/components/tlog");
    }

    /** It signs nothing, says where, and is ready. */
    private void contradicts(Service service, long position, String why) throws InterruptedException {
        awaitDegraded(service);
        JsonNode health = service.query().get("/actuator/health").json();
        assertThat(health.at("/status").asString()).isEqualTo("DEGRADED");
        assertThat(health.at("/components/tlog/details/troubles").toString()).contains(why);
        assertThat(service.query().get("/actuator/health/readiness").status()).isEqualTo(200);
        JsonNode difference = service.query().get("/audit/verify").json().get("difference");
        assertThat(difference.get("what").asString()).isEqualTo("CHECKPOINT");
        assertThat(difference.get("position").asLong()).isEqualTo(position);
        assertThat(difference.get("issueId").isNull()).isTrue();
        assertThat(difference.get("detail").asString()).contains(why);
        assertThat(refusals(service)).isPositive();
    }

    private static double refusals(Service service) {
        return Arrays.stream(service.query().get("/actuator/prometheus").body().split("\n"))
                .filter(line -> line.startsWith("ledger_tlog_contradictions_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_recomputed_history_is_found_by_the_first_checkpoint_that_it_is_not_of() throws Exception {
        rewrite(SIGNED, directory, 15);
        try (Service service = new Service(directory, null)) {
            contradicts(service, LAST, "it is up to position 10");
            record(directory, LAST + 1, LAST + 2);
            double before = refusals(service);
            Thread.sleep(2_500);
            assertThat(refusals(service)).isGreaterThan(before);
            assertThat(service.log().head().size()).isEqualTo(LAST);
            service.query().get("/issues/one/events/3/proof").isProblem(503, "log-unavailable");
            service.query().get("/issues/one/proof").isProblem(503, "log-unavailable");
            service.query().get("/issues/one/events/22/proof").isProblem(503, "not-yet");
            assertThat(service.query().get("/issues/one").status()).isEqualTo(200);
            Answer tile = service.query().get("/tlog/tile/0/000.p/20");
            assertThat(tile.status()).isEqualTo(200);
            assertThat(tile.header("Cache-Control")).contains("no-store");
        }
    }

    @Test
    void the_copy_finds_it_where_the_record_is_gone_too() throws Exception {
        rewrite(SIGNED, directory, 5);
        Files.delete(directory.resolve("checkpoints.db"));
        try (Service service = new Service(directory, copy)) {
            contradicts(service, LAST, "ISSUE_LEDGER_CHECKPOINT_FILE");
            service.query().get("/tlog/checkpoint").isProblem(404, "not-found");
        }
        assertThat(Files.readString(copy)).isEqualTo(Files.readString(COPY));
    }

    @Test
    void an_older_back_up_without_the_record_is_found_by_the_record() throws Exception {
        copyFiles(FOLDER.resolve("half"), directory, "events.db");
        record(directory, FIRST + 1, FIRST + 2);
        try (Service service = new Service(directory, null)) {
            contradicts(service, FIRST + 3, "the log ends at position 12");
            record(directory, FIRST + 3, LAST + 5);
            Thread.sleep(1_500);
            JsonNode difference = service.query().get("/audit/verify").json().get("difference");
            assertThat(difference.get("what").asString()).isEqualTo("CHECKPOINT");
            assertThat(difference.get("position").asLong()).isEqualTo(LAST);
            assertThat(service.log().head().size()).isEqualTo(LAST);
        }
    }

    @Test
    void an_older_back_up_with_the_record_is_found_by_the_copy_alone() throws Exception {
        Files.delete(directory.resolve("checkpoints.db"));
        copyFiles(FOLDER.resolve("half"), directory, "events.db", "checkpoints.db");
        try (Service service = new Service(directory, copy)) {
            contradicts(service, FIRST + 1, "ISSUE_LEDGER_CHECKPOINT_FILE");
            assertThat(service.log().head().size()).isEqualTo(FIRST);
        }
        try (Service service = new Service(directory, null)) {
            service.log().head(FIRST);
            assertThat(service.query().get("/audit/verify").json().get("ok").asBoolean())
                    .isTrue();
            assertThat(tlog(service).at("/status").asString()).isEqualTo("UP");
        }
    }

    @Test
    void a_swapped_data_directory_is_found_by_the_copy() throws Exception {
        Path other = FOLDER.resolve("swapped");
        Files.createDirectories(other);
        record(other, 1, LAST + 3);
        try (Service service = new Service(other, copy)) {
            contradicts(service, LAST, "ISSUE_LEDGER_CHECKPOINT_FILE");
            service.query().get("/tlog/checkpoint").isProblem(404, "not-found");
            service.query().get("/issues/one/events/1/proof").isProblem(503, "not-yet");
        }
        assertThat(Files.readString(copy)).isEqualTo(Files.readString(COPY));
    }

    /** The copy is written after the record. */
    private void awaitCopy(Head head) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() < end
                && (Files.notExists(copy)
                        || !Head.of(Files.readString(copy)).text().equals(head.text()))) {
            Thread.sleep(20);
        }
        assertThat(Head.of(Files.readString(copy)).text()).isEqualTo(head.text());
    }

    @Test
    void a_log_that_is_damaged_shows_that_first_and_one_that_goes_on_is_signed() throws Exception {
        copyFiles(SIGNED, directory, "events.db");
        try (Service service = new Service(directory, copy)) {
            record(directory, LAST + 1, LAST + 1);
            Head head = service.log().head(LAST + 1);
            assertThat(head.root()).isEqualTo(ReferenceTree.root(service.log().entries(LAST + 1)));
            awaitCopy(head);
            Files.delete(copy); // It is made again.
            awaitCopy(head);

            Files.writeString(copy, "Dear diary");
            record(directory, LAST + 2, LAST + 2);
            awaitDegraded(service);
            assertThat(tlog(service).at("/details/troubles").toString()).contains("cannot be read");
            assertThat(service.log().head().size()).isEqualTo(LAST + 1);
            Files.writeString(copy, Files.readString(COPY));
            service.log().head(LAST + 2);

            try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + events(directory));
                    var statement = connection.createStatement()) {
                statement.execute("DROP TRIGGER events_are_never_updated");
                statement.execute("UPDATE events SET payload = replace(payload, 'Note', 'Nota') WHERE position = 7");
            }
            JsonNode difference = service.query().get("/audit/verify").json().get("difference");
            assertThat(difference.get("what").asString()).isEqualTo("HASH");
            assertThat(difference.get("position").asLong()).isEqualTo(7);
        }
    }

    /** The tree still has the leaves that were signed. */
    @Test
    void a_history_that_is_recomputed_under_a_running_service_is_found_to_the_event() throws Exception {
        Path rewritten = FOLDER.resolve("rewritten");
        rewrite(SIGNED, rewritten, 14);
        copyFiles(SIGNED, directory, "events.db");
        try (Service service = new Service(directory, null)) {
            service.log().head(LAST);
            List<String> statements = new ArrayList<>(List.of(
                    "ATTACH '" + events(rewritten) + "' AS other",
                    "DROP TRIGGER events_are_never_updated",
                    "UPDATE events SET payload = (SELECT payload FROM other.events o WHERE o.position ="
                        + " events.position), commit_hash = (SELECT commit_hash FROM other.events o WHERE o.position ="
                        + " events.position)"));
            try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + events(directory));
                    var statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
            JsonNode difference = service.query().get("/audit/verify").json().get("difference");
            assertThat(difference.get("what").asString()).isEqualTo("CHECKPOINT");
            assertThat(difference.get("position").asLong()).isEqualTo(14);
            assertThat(difference.get("issueId").asString()).isEqualTo("one");
        }
    }
}
