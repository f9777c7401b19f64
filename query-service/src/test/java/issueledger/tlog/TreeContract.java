package issueledger.tlog;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.events.IssueEvent;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.projections.TestViews;
import issueledger.projections.ViewsDamaged;
import issueledger.proof.Hash;
import issueledger.proof.MerkleProofs;
import issueledger.query.Recorder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stored tree is RFC 6962's, in whatever batches its leaves come and however often. */
abstract class TreeContract {
    private static final int EVENTS = 1_300;

    @TempDir
    private Path folder;

    private EventLog log;
    private TlogProjection projection;
    private TestViews views;

    abstract TestViews views(TlogProjection of, Path in);

    @BeforeEach
    void open() {
        log = SqliteEventLog.open(folder.resolve("events.db"), Clock.systemUTC());
        projection =
                new TlogProjection(new SqliteCheckpoints(folder.resolve("checkpoints.db")), new CheckpointCopy(null));
        views = views(projection, folder.resolve("views"));
    }

    @AfterEach
    void close() {
        views.close();
        log.close();
    }

    private void record() {
        Recorder recorder = new Recorder(log);
        recorder.record("i-1", OPENED);
        for (int from = 1; from < EVENTS; from += 100) {
            int first = from;
            recorder.record(
                    "i-" + from,
                    IntStream.range(first, Math.min(EVENTS, first + 100))
                            .mapToObj(number -> note(number, "Note " + number))
                            .toArray(IssueEvent[]::new));
        }
    }

    private List<RecordedEvent> events() {
        List<RecordedEvent> events = log.read(0, EVENTS);
        assertThat(events).hasSize(EVENTS);
        return events;
    }

    private Tree tree() {
        TlogModel model = projection.served();
        assertThat(model).isNotNull();
        return model.tree();
    }

    @Test
    void it_is_the_tree_of_all_events_and_proves_each_in_each_size() {
        record();
        List<RecordedEvent> events = events();
        List<byte[]> entries = events.stream().map(Leaves::entry).toList();
        Random random = new Random(6_962);
        assertThat(tree().root(0).bytes()).isEqualTo(ReferenceTree.root(List.of()));
        for (int done = 0; done < EVENTS; ) {
            int again = random.nextInt(Math.min(done + 1, 400));
            int next = Math.min(EVENTS, done + 1 + random.nextInt(random.nextInt(10) == 0 ? 600 : 40));
            views.apply(events.subList(done - again, next)); // Some come twice.
            done = next;
            assertThat(tree().size()).isEqualTo(done);
            assertThat(tree().root(done).bytes()).isEqualTo(ReferenceTree.root(entries.subList(0, done)));
            if (random.nextInt(5) == 0) { // Another process takes over, from what is stored.
                views = views.again(projection, Clock.systemUTC());
            }
        }
        for (int i = 0; i < 200; i++) {
            int size = 1 + random.nextInt(EVENTS);
            int index = random.nextInt(size);
            assertThat(tree().inclusion(index, size))
                    .isEqualTo(ReferenceTree.path(index, entries.subList(0, size)).stream()
                            .map(Hash::of)
                            .toList());
            int old = random.nextInt(size + 1);
            assertThat(MerkleProofs.isConsistent(
                            old,
                            Hash.of(ReferenceTree.root(entries.subList(0, old))),
                            size,
                            Hash.of(ReferenceTree.root(entries.subList(0, size))),
                            tree().consistency(old, size)))
                    .isTrue();
        }
    }

    @Test
    void an_event_that_is_missing_is_damage() {
        record();
        List<RecordedEvent> events = events();
        views.apply(events.subList(0, 10));

        assertThatThrownBy(() -> views.apply(events.subList(11, 12))).isInstanceOf(ViewsDamaged.class);
    }
}
