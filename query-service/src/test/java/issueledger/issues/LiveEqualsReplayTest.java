package issueledger.issues;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.axon.EventReader;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.log.ErasedEvent;
import issueledger.log.ErasureRefused;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.log.StoppedClock;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.projections.TestViews;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** For random issues the live view, a replay and a rebuild are equal, byte for byte. */
class LiveEqualsReplayTest {
    private static final EventReader READER = new EventReader(List.of());
    private static final StoppedClock CLOCK = new StoppedClock("2026-03-01T08:00:00Z");

    private static EventLog log;
    private static Recorder recorder;
    private static int tries;

    @BeforeContainer
    static void start() {
        log = SqliteEventLog.open(QueryServiceTest.directory().resolve("events.db"), CLOCK);
        recorder = new Recorder(log);
    }

    @AfterContainer
    static void stop() {
        log.close();
    }

    /** Which of three issues lives on, and the time that passes before. */
    @Provide
    Arbitrary<List<Tuple2<Integer, Integer>>> lives() {
        return Arbitraries.integers()
                .between(0, 2)
                .flatMap(issue ->
                        Arbitraries.integers().between(0, 9_000_000).map(milliseconds -> Tuple.of(issue, milliseconds)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(50);
    }

    @Property(tries = 12, edgeCases = EdgeCasesMode.NONE)
    void the_live_view_equals_a_replay_at_every_version_and_a_rebuild(
            @ForAll long seed, @ForAll("lives") List<Tuple2<Integer, Integer>> lives) {
        long before = log.head().position();
        live(seed, lives);
        List<RecordedEvent> events = log.read(before, 1_000);
        Views live = new Views();
        Replay replay = new Replay(log, READER);

        for (RecordedEvent event : events) {
            live.views.apply(List.of(event));
            if (event.position() % 7 == 0) {
                live.restart();
            }

            IssueView replayed = replay.replay(event.stream(), past -> past.version() <= event.version())
                    .orElseThrow();
            assertThat(new String(
                            live.issues().answer(event.stream()).orElseThrow().json(), UTF_8))
                    .isEqualTo(EventJson.MAPPER.writeValueAsString(replayed));
        }

        Views rebuilt = new Views();
        rebuilt.views.apply(events);
        assertThat(rebuilt.stored()).isEqualTo(live.stored());
        assertThat(live.views.parkedCount()).isZero();

        Views erased = new Views();
        erased.views.apply(
                events.stream().map(LiveEqualsReplayTest::sometimesErased).toList());
        assertThat(erased.views.parkedCount()).isZero();
    }

    private static RecordedEvent sometimesErased(RecordedEvent event) {
        ErasedEvent erased;
        try {
            erased = ErasedEvent.of(event, event, false);
        } catch (ErasureRefused e) {
            return event; // It has no text.
        }
        return event.position() % 2 == 0
                ? event
                : new RecordedEvent(
                        event.position(),
                        event.id(),
                        event.stream(),
                        event.sequence(),
                        event.type(),
                        event.revision(),
                        event.recordedAt(),
                        erased.payload(),
                        erased.metadata(),
                        event.commit(),
                        event.commitNumber(),
                        event.hash(),
                        erased.commitments(),
                        null,
                        null,
                        null);
    }

    private static void live(long seed, List<Tuple2<Integer, Integer>> lives) {
        int attempt = tries++;
        Life[] issues = new Life[3];
        for (Tuple2<Integer, Integer> next : lives) {
            int issue = next.get1();
            CLOCK.pass(Duration.ofMillis(next.get2()));
            List<IssueEvent> step;
            if (issues[issue] == null) {
                issues[issue] = new Life(seed + issue);
                step = issues[issue].opening();
            } else {
                step = issues[issue].step();
            }
            Instant effective = next.get2() % 3 == 0 ? CLOCK.instant().minusSeconds(next.get2()) : null;
            recorder.record("i-" + attempt + "-" + issue, "ada", effective, step.toArray(new IssueEvent[0]));
        }
    }

    private static final class Views {
        private final IssuesProjection projection = new IssuesProjection(Life.LARGE_ISSUES, READER, log);
        private final Path folder = QueryServiceTest.directory();
        private TestViews views = open();

        private TestViews open() {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return TestViews.sqlite(projection, folder, CLOCK);
        }

        Issues issues() {
            return projection.served();
        }

        /** Without the cache, as after a restart. */
        void restart() {
            views = views.again(projection, CLOCK);
        }

        List<String> stored() {
            views.prepareForReaders();
            List<String> stored = new ArrayList<>();
            for (Issues.Row row : issues().list(IssueQueryTest.everything(), null, 1_000)) {
                stored.add(row.toString());
                stored.add(new String(issues().answer(row.id()).orElseThrow().json(), UTF_8));
                stored.add(issues().find(row.id())
                        .orElseThrow()
                        .view()
                        .metricRecords()
                        .toString());
            }
            return stored;
        }
    }
}
