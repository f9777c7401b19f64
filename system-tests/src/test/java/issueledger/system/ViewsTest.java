package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import issueledger.system.Service.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Stored views under kills: two query services on one data directory, of which one is killed again and again. */
@Tag("full")
@ExtendWith(SharedLedger.class)
class ViewsTest {
    private static final int KILLS = 3;
    private static final Duration TAKE_OVER = Duration.ofSeconds(10);

    @Test
    void killed_while_they_write_query_services_go_on_and_every_view_equals_a_replay(Ledger like, @TempDir Path folder)
            throws Exception {
        Path data = folder.resolve("data");
        int commandPort = Ledger.freePort();
        List<String> issues = new ArrayList<>();
        try (Service commands = like.serviceLikeMine(Kind.COMMAND, data, commandPort, Ledger.freePort());
                Service one = like.serviceLikeMine(Kind.QUERY, data, commandPort, Ledger.freePort());
                Service other = like.serviceLikeMine(Kind.QUERY, data, commandPort, Ledger.freePort())) {
            List<Service> queries = List.of(one, other);
            commands.start();
            queries.forEach(Service::launch);
            queries.forEach(Service::awaitReady);
            for (int i = 0; i < 20; i++) {
                issues.add("viewed-" + i);
                Writer.open(commandPort, issues.get(i));
            }
            List<Writer> writers = List.of(
                    new Writer("left", commandPort, issues.subList(0, 10)),
                    new Writer("right", commandPort, issues.subList(10, 20)));
            try (Writing writing = new Writing(writers)) {
                for (int kill = 0; kill < KILLS; kill++) {
                    Service killed = queries.get(kill % 2);
                    Service left = queries.get(1 - kill % 2);
                    if (kill % 3 == 2) {
                        assertThat(Ledger.post(left.port(), "/projections/issues/rebuild", "")
                                        .status())
                                .isEqualTo(202);
                    }
                    writing.await(writing.acknowledged() + 50);
                    killed.kill();
                    reads(left, head(left));
                    killed.start();
                }
                writing.stop();
            }
            long head = head(one);
            for (Service query : queries) {
                reads(query, head);
                for (String issue : issues) {
                    Answer view = Ledger.get(query.port(), "/issues/" + issue);
                    long version = view.json().at("/version").longValue();
                    assertThat(view.text())
                            .isEqualTo(Ledger.get(query.port(), "/issues/" + issue + "?version=" + version)
                                    .text());
                }
                assertThat(Ledger.get(query.port(), "/issues?limit=200").json().at("/items"))
                        .hasSize(issues.size());
                assertThat(Ledger.get(query.port(), "/projections")
                                .json()
                                .at("/items/0/parked")
                                .longValue())
                        .isZero();
            }
        }
    }

    private static long head(Service query) {
        return Ledger.get(query.port(), "/audit/head").json().at("/position").longValue();
    }

    /** Its views come to hold the position. */
    private static void reads(Service query, long position) {
        Conditions.await(
                "the views hold " + position,
                TAKE_OVER,
                () -> Ledger.get(query.port(), "/issues?limit=1", "Ledger-Min-Position", Long.toString(position))
                                .status()
                        == 200);
    }
}
