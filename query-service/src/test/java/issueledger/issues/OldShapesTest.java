package issueledger.issues;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.axon.EventReader;
import issueledger.events.NoteKind;
import issueledger.events.Status;
import issueledger.evolution.OldLog;
import issueledger.evolution.OldShapes;
import issueledger.log.EventLog;
import issueledger.log.LogExamples;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.projections.TestViews;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The view of an issue whose events have the shapes of older programs (docs/evolution.md). */
class OldShapesTest {
    @TempDir
    Path folder;

    @Test
    void an_old_log_is_folded_as_one_of_today_live_and_replayed() {
        try (EventLog log = SqliteEventLog.open(folder.resolve("events.db"), Clock.systemUTC())) {
            OldLog.commits().forEach(old -> LogExamples.appended(log, old.commit()));
            EventReader reader = new EventReader(OldShapes.upcasters());
            IssuesProjection projection = new IssuesProjection(Life.LARGE_ISSUES, reader, log);
            try (TestViews views = TestViews.sqlite(projection, folder, Clock.systemUTC())) {
                views.apply(log.read(0, 100));

                IssueView view =
                        projection.served().find("slow-orders").orElseThrow().view();
                assertThat(view.title()).isEqualTo("Orders are slow");
                assertThat(view.status()).isEqualTo(Status.IN_PROGRESS);
                assertThat(view.version()).isEqualTo(6);
                assertThat(view.notes()).singleElement().satisfies(note -> {
                    assertThat(note.kind()).isEqualTo(NoteKind.PROGRESS);
                    assertThat(note.text()).isEqualTo("„naïve“ Schätzung: 5200.10 ms");
                });
                assertThat(views.parkedCount()).isZero();
            }
        }
    }
}
