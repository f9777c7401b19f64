package issueledger.issues;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.axon.EventReader;
import issueledger.events.IssueEvent;
import issueledger.log.EventLog;
import issueledger.log.StoppedClock;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.projections.TestViews;
import issueledger.projections.ViewsDamaged;
import issueledger.query.Happenings;
import issueledger.query.Recorder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flips bytes in the file of issue views: a read returns the written view or throws ViewsDamaged. */
class DamagedIssuesTest {
    private static final int ISSUES = 60;
    private static final int PAGE = 4_096;
    private static final StoppedClock CLOCK = new StoppedClock("2026-03-01T08:00:00Z");

    @TempDir
    private static Path directory;

    private static EventLog log;
    private static final Map<String, String> JSON = new HashMap<>();
    private static final Map<String, String> ITEMS = new HashMap<>();
    private static long position;

    @BeforeAll
    static void storeViews() throws IOException {
        log = SqliteEventLog.open(directory.resolve("events.db"), CLOCK);
        Recorder recorder = new Recorder(log);
        for (int i = 0; i < ISSUES; i++) {
            List<IssueEvent> events = Happenings.everything();
            recorder.record("i-" + i, events.subList(0, 1 + i % events.size()).toArray(new IssueEvent[0]));
        }
        position = log.head().position();
        for (int i = 0; i < ISSUES; i++) {
            recorder.record("i-" + i, Happenings.labelled("later"));
        }
        IssuesProjection projection = projection();
        Files.createDirectories(directory.resolve("views"));
        try (TestViews views = TestViews.sqlite(projection, directory.resolve("views"), CLOCK)) {
            views.apply(log.read(0, (int) position));
            views.prepareForReaders();
            Issues issues = projection.served();
            for (int i = 0; i < ISSUES; i++) {
                JSON.put(
                        "i-" + i,
                        new String(issues.answer("i-" + i).orElseThrow().json(), UTF_8));
            }
            issues.list(IssueQueryTest.everything(), null, ISSUES).forEach(row -> ITEMS.put(row.id(), row.item()));
        }
        assertThat(ITEMS).hasSize(ISSUES);
    }

    @AfterAll
    static void closeTheLog() {
        log.close();
    }

    private static IssuesProjection projection() {
        return new IssuesProjection(Life.LARGE_ISSUES, new EventReader(List.of()), log);
    }

    @Test
    void a_byte_that_flips_in_any_page_is_damage_or_changes_nothing() throws IOException {
        int found = 0;
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            Path copy = copy("flipped-" + seed);
            try (RandomAccessFile file = new RandomAccessFile(generation(copy).toFile(), "rw")) {
                int pages = (int) (file.length() / PAGE);
                if (seed % 3 == 0) {
                    flip(file, random.nextInt(pages), random);
                } else {
                    for (int page = seed % 3 == 1 ? 0 : 1; page < pages; page++) {
                        flip(file, page, random);
                    }
                }
            }
            found += read(copy, seed);
        }
        assertThat(found).as("copies whose damage was found").isGreaterThan(100);
    }

    private static Path copy(String name) throws IOException {
        Path copy = Files.createDirectories(directory.resolve(name));
        try (Stream<Path> files = Files.list(directory.resolve("views"))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private static Path generation(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("views-.*\\.db"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void flip(RandomAccessFile file, int page, Random random) throws IOException {
        long at = (long) page * PAGE + random.nextInt(PAGE);
        file.seek(at);
        int before = file.read();
        file.seek(at);
        file.write(before ^ (1 << random.nextInt(8)));
    }

    private interface Read {
        void read();
    }

    /** 1 if damage was found. */
    private static int read(Path folder, int seed) {
        IssuesProjection projection = projection();
        int[] damaged = new int[1];
        Read all = () -> {
            try (TestViews views = TestViews.sqlite(projection, folder, CLOCK)) {
                Issues issues = projection.served();
                for (int i = 0; i < ISSUES; i++) {
                    String id = "i-" + i;
                    guarded(damaged, seed, () -> {
                        Optional<Issues.Answer> answer = issues.answer(id);
                        answer.ifPresent(a -> assertThat(new String(a.json(), UTF_8))
                                .as("%s, seed %s", id, seed)
                                .isEqualTo(JSON.get(id)));
                    });
                    guarded(damaged, seed, () -> issues.find(id));
                }
                guarded(
                        damaged,
                        seed,
                        () -> issues.list(IssueQueryTest.everything(), null, ISSUES)
                                .forEach(row -> assertThat(row.item())
                                        .as("%s, seed %s", row.id(), seed)
                                        .isEqualTo(ITEMS.get(row.id()))));
                guarded(damaged, seed, () -> views.apply(log.read(position, ISSUES)));
                guarded(damaged, seed, () -> views.parked());
            }
        };
        guarded(damaged, seed, all);
        return damaged[0];
    }

    private static void guarded(int[] damaged, int seed, Read read) {
        try {
            read.read();
        } catch (ViewsDamaged e) {
            damaged[0] = 1;
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }
}
