package issueledger.projections;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueEvent;
import issueledger.log.EventLog;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.Happenings;
import issueledger.query.Query;
import issueledger.query.Query.Answer;
import issueledger.query.QueryService;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Files of views are damaged: every answer is right or says that it is not there yet, and in the end all are right. */
@Timeout(120)
@Tag("full")
class DamagedViewsHttpTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int ISSUES = 30;
    private static final int PAGE = 4_096;

    @TempDir
    private static Path filled;

    private final Path directory = QueryServiceTest.directory();
    private EventLog log;
    private Recorder recorder;
    private @Nullable ConfigurableApplicationContext service;
    private Query query;

    /** A damage to the files, done to a service that is stopped or running. */
    private enum Damage {
        INDEX_TRUNCATED {
            @Override
            void doTo(Path folder) throws IOException {
                truncate(folder.resolve("views.db"), 2);
            }
        },
        INDEX_REPLACED_BY_RUBBISH {
            @Override
            void doTo(Path folder) throws IOException {
                Files.writeString(folder.resolve("views.db"), "rubbish ".repeat(3_000), UTF_8);
            }
        },
        INDEX_REPLACED_BY_THE_LOG {
            @Override
            void doTo(Path folder) throws IOException {
                Files.copy(
                        folder.resolve("events.db"), folder.resolve("views.db"), StandardCopyOption.REPLACE_EXISTING);
            }
        },
        VIEWS_DELETED {
            @Override
            void doTo(Path folder) throws IOException {
                Files.delete(views(folder));
            }
        },
        VIEWS_TRUNCATED {
            @Override
            void doTo(Path folder) throws IOException {
                truncate(views(folder), 2);
            }
        },
        VIEWS_REPLACED_BY_RUBBISH {
            @Override
            void doTo(Path folder) throws IOException {
                Files.writeString(views(folder), "rubbish ".repeat(3_000), UTF_8);
            }
        },
        A_BYTE_OF_EVERY_PAGE_FLIPPED {
            @Override
            void doTo(Path folder) throws IOException {
                flip(views(folder), 0);
            }
        },
        A_BYTE_OF_EVERY_PAGE_BUT_THE_FIRST_FLIPPED {
            @Override
            void doTo(Path folder) throws IOException {
                flip(views(folder), 1);
            }
        };

        abstract void doTo(Path folder) throws IOException;

        static Path views(Path folder) throws IOException {
            long end = System.nanoTime() + SOON.toNanos();
            while (true) { // Issues are answered from the log while there are none.
                try (Stream<Path> files = Files.list(folder)) {
                    Optional<Path> last = files.filter(
                                    file -> file.getFileName().toString().matches("views-issues.*\\.db"))
                            .max(Path::compareTo);
                    if (last.isPresent()) {
                        return last.get();
                    }
                }
                assertThat(System.nanoTime()).as("in time").isLessThan(end);
                Thread.onSpinWait();
            }
        }

        static void truncate(Path path, int parts) throws IOException {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(file.length() / parts / PAGE * PAGE);
            }
        }

        static void flip(Path path, int firstPage) throws IOException {
            Random random = new Random(7);
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                assertThat(file.length()).isGreaterThan(20 * PAGE);
                for (long page = firstPage; page < file.length() / PAGE; page++) {
                    long at = page * PAGE + random.nextInt(PAGE);
                    file.seek(at);
                    int before = file.read();
                    file.seek(at);
                    file.write(before ^ 1 << random.nextInt(8));
                }
            }
        }
    }

    /** Leaves a log with its views, as a service that was stopped. */
    @BeforeAll
    static void fill() throws InterruptedException {
        DamagedViewsHttpTest first = new DamagedViewsHttpTest();
        try (EventLog log = SqliteEventLog.open(filled.resolve("events.db"), Clock.systemUTC())) {
            Recorder recorder = new Recorder(log);
            List<IssueEvent> events = Happenings.everything();
            for (int i = 0; i < ISSUES; i++) {
                recorder.record(
                        "i-" + i, events.subList(0, 1 + i % events.size()).toArray(new IssueEvent[0]));
            }
            first.log = log;
            first.start(filled);
            first.awaitEverything();
            first.stop();
        }
    }

    @BeforeEach
    void copyTheFiles() throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(filled)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        log = SqliteEventLog.open(directory.resolve("events.db"), Clock.systemUTC());
        recorder = Recorder.goingOn(log);
    }

    @AfterEach
    void stopAndClose() {
        stop();
        log.close();
    }

    private void start(Path directory) {
        service = SpringApplication.run(
                QueryService.class,
                "--server.port=0",
                "--issue-ledger.data-dir=" + directory,
                "--spring.jmx.enabled=false");
        query = new Query(service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    private void stop() {
        if (service != null) {
            service.close();
            service = null;
        }
    }

    /** Reads all issues, which must be right or not there yet, until they are all there. */
    private void awaitEverything() throws InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        boolean complete = false;
        while (!complete) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            complete = readEverything();
            if (!complete) {
                Thread.sleep(50);
            }
        }
    }

    /** True if every issue and the whole list were there. */
    private boolean readEverything() {
        boolean complete = true;
        for (int i = 0; i < ISSUES; i++) {
            String path = "/issues/i-" + i;
            Answer answer = query.get(path);
            if (answer.status() == 200) {
                int version = answer.json().get("version").asInt();
                assertThat(answer.json())
                        .isEqualTo(query.get(path + "?version=" + version).json());
            } else {
                answer.isProblem(503, "not-yet");
                complete = false;
            }
        }
        for (String list : List.of("/issues?limit=200&sort=openedAt", "/issues?limit=200&q=slow")) {
            Answer answer = query.get(list);
            if (answer.status() == 200) {
                complete &= new TreeSet<>(answer.items("id")).size() == ISSUES;
            } else {
                answer.isProblem(503, "not-yet");
                complete = false;
            }
        }
        return complete
                && query.get("/projections").items("position").stream()
                        .allMatch(Long.toString(log.head().position())::equals)
                && query.get("/actuator/health/readiness").status() == 200;
    }

    private void change(int round) {
        for (int i = 0; i < ISSUES; i++) {
            recorder.record("i-" + i, Happenings.labelled("round-" + round));
        }
    }

    @ParameterizedTest
    @EnumSource
    void views_that_are_damaged_while_the_service_is_stopped_are_replaced(Damage damage)
            throws IOException, InterruptedException {
        damage.doTo(directory);

        start(directory);

        awaitEverything();
        change(1);
        awaitEverything();
        assertThat(query.get("/issues?limit=200&label=round-1").items()).hasSize(ISSUES);
    }

    @Test
    void views_that_are_damaged_while_the_service_runs_are_replaced() throws IOException, InterruptedException {
        start(directory);
        for (Damage damage : Damage.values()) {
            awaitEverything();
            moveIntoTheFile(directory.resolve("views.db"));
            moveIntoTheFile(Damage.views(directory));
            damage.doTo(directory);

            change(damage.ordinal());

            awaitEverything();
            assertThat(query.get("/issues?limit=200&label=round-" + damage.ordinal())
                            .items())
                    .as(damage.name())
                    .hasSize(ISSUES);
        }
    }

    /** SQLite would read its log of changes before the file. Leaves the file alone where the file is damaged already, or the service writes to it or replaces it now. */
    private static void moveIntoTheFile(Path path) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(RESTART)");
        } catch (SQLException e) {
            assertThat(String.valueOf(e.getMessage())).containsAnyOf("NOTADB", "CORRUPT", "BUSY", "IOERR");
        }
    }
}
