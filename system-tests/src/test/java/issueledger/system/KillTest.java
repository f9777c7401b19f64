package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import issueledger.system.Writer.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code -Dkill.rounds=1000} kills more often, {@code -Dkill.seed} repeats the moments of a run, {@code -Dkill.data} goes on with the data
 * directory of an earlier one, so that a long run can be made in parts.
 */
@Tag("full")
class KillTest {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 10);
    private static final String DATA = System.getProperty("kill.data", "");
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final int WRITERS = 16;
    private static final int SHARED_ISSUES = 4;
    private static final int ROUNDS_ON_THE_SAME_ISSUES = 10;
    private static final int BY_RUN = 5;
    private static final Duration BACK = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Ledger ledger;
    private static RecordedLog log;
    private static String run;

    @BeforeAll
    static void start(@TempDir Path folder) {
        ledger = Ledger.start(DATA.isEmpty() ? folder.resolve("data") : Path.of(DATA));
        ledger.learnServices();
        log = new RecordedLog(ledger.queryPort());
        log.goesOn();
        run = "-from-" + log.position();
    }

    @AfterAll
    static void stop() {
        ledger.close();
        Ledger.verify(ledger.data());
    }

    @Test
    void killed_under_sixteen_writers_again_and_again_it_keeps_exactly_what_it_acknowledged() throws Exception {
        System.out.println("kill.seed=" + SEED);
        Random random = new Random(SEED);
        List<Long> starts = new ArrayList<>();
        List<Long> startsByRun = new ArrayList<>();
        int unknown = 0;
        int landed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Writer> writers = writers(round);
            try (Writing writing = new Writing(writers)) {
                writing.await(5 + random.nextInt(60));
                ledger.kill();
            }

            long start = System.nanoTime();
            boolean byRun = round % BY_RUN == BY_RUN / 2;
            if (byRun) {
                ledger.startAgain();
            } else {
                ledger.startServices();
            }
            (byRun ? startsByRun : starts).add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));

            landed += log.holdsWhatWasTold(writers);
            for (Writer writer : writers) {
                assertThat(writer.unknown()).hasSizeLessThanOrEqualTo(1);
                unknown += writer.unknown().size();
            }
            assertThat(Ledger.verify(ledger.data()))
                    .contains(log.position() + " events")
                    .endsWith(log.hash());
            if ((round + 1) % 50 == 0) {
                System.out.printf("%d kills, %d events%n", round + 1, log.position());
            }
        }
        System.out.printf(
                "%d kills, %d events; %d commands without an answer, of which %d had landed%n",
                ROUNDS, log.position(), unknown, landed);
        printStarts("by ./run", startsByRun);
        printStarts("without it", starts);
        starts.addAll(startsByRun);
        assertThat(printStarts("in all", starts)).isLessThan(BACK.toMillis());
    }

    /** The worst. */
    private static long printStarts(String how, List<Long> millis) {
        Collections.sort(millis);
        long worst = millis.get(millis.size() - 1);
        System.out.printf("start to ready %s: median %d ms, worst %d ms%n", how, millis.get(millis.size() / 2), worst);
        return worst;
    }

    @Test
    void while_the_command_service_is_dead_queries_are_answered() throws Exception {
        startServicesAlone();
        List<Writer> writers = onIssuesOfTheirOwn("before");
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        try (ExecutorService readers = Executors.newSingleThreadExecutor()) {
            Future<?> reading = readers.submit(() -> {
                while (!enough.get()) {
                    for (String path :
                            List.of("/issues/before-0" + run, "/issues?limit=10", "/events?limit=10", "/audit/head")) {
                        Answer answer = ledger.get(path);
                        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                        answered.incrementAndGet();
                    }
                }
            });
            try (Writing writing = new Writing(writers)) {
                writing.await(100);
                ledger.commandService().kill();
            }
            int before = answered.get();
            Conditions.await("queries are answered", PATIENCE, () -> reading.isDone() || answered.get() > before + 200);
            assertThat(ledger.queryService().isAlive()).isTrue();

            ledger.commandService().start();
            List<Writer> next = onIssuesOfTheirOwn("after");
            next.forEach(writer -> assertThat(writer.write()).isEqualTo(Fate.ACKNOWLEDGED));
            enough.set(true);
            reading.get();
            log.holdsWhatWasTold(Stream.concat(writers.stream(), next.stream()).toList());
        }
        Ledger.verify(ledger.data());
    }

    @Test
    void while_the_query_service_is_dead_commands_are_taken_and_its_views_hold_them_all_after_its_start()
            throws Exception {
        startServicesAlone();
        List<Writer> writers = onIssuesOfTheirOwn("unread");
        try (Writing writing = new Writing(writers)) {
            writing.await(100);
            ledger.queryService().kill();
            int before = writing.acknowledged();
            writing.await(before + 500);
            writing.stop();
        }
        assertThat(writers).allSatisfy(writer -> {
            assertThat(writer.refused()).isEmpty();
            assertThat(writer.unknown()).isEmpty();
        });

        ledger.queryService().start();
        log.holdsWhatWasTold(writers);
        Ledger.verify(ledger.data());
    }

    /** {@code ./run} ends one service when the other ends. */
    private static void startServicesAlone() {
        ledger.kill();
        ledger.startServices();
    }

    /** Each with an issue of its own and a shared one, in turn. */
    private static List<Writer> writers(int round) {
        String generation = "-" + round / ROUNDS_ON_THE_SAME_ISSUES;
        List<String> shared = names("shared-", SHARED_ISSUES, generation);
        List<String> own = names("own-", WRITERS, generation);
        if (round % ROUNDS_ON_THE_SAME_ISSUES == 0) {
            Stream.concat(shared.stream(), own.stream()).forEach(id -> Writer.open(ledger.commandPort(), id));
        }
        return IntStream.range(0, WRITERS)
                .mapToObj(i -> new Writer(
                        "round " + round + run + " writer " + i,
                        ledger.commandPort(),
                        List.of(own.get(i), shared.get(i % SHARED_ISSUES))))
                .toList();
    }

    private static List<Writer> onIssuesOfTheirOwn(String name) {
        return names(name + "-", WRITERS, "").stream()
                .map(id -> {
                    Writer.open(ledger.commandPort(), id);
                    return new Writer(id, ledger.commandPort(), List.of(id));
                })
                .toList();
    }

    private static List<String> names(String prefix, int count, String suffix) {
        return IntStream.range(0, count)
                .mapToObj(i -> prefix + i + suffix + run)
                .toList();
    }
}
