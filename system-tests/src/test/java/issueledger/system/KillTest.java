package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Writer.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dkill.rounds=1000} kills more often, {@code -Dkill.seed} repeats the moments of a run. */
class KillTest {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 10);
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final int WRITERS = 16;
    private static final int SHARED_ISSUES = 4;
    private static final int ROUNDS_ON_THE_SAME_ISSUES = 10;
    private static final int BY_RUN = 5;
    private static final Duration BACK = Duration.ofSeconds(10);

    @Test
    void killed_under_sixteen_writers_again_and_again_it_keeps_exactly_what_it_acknowledged(@TempDir Path folder)
            throws Exception {
        System.out.println("kill.seed=" + SEED);
        Random random = new Random(SEED);
        Path data = folder.resolve("data");
        List<Long> starts = new ArrayList<>();
        int unknown = 0;
        int landed = 0;
        try (Ledger ledger = Ledger.start(data)) {
            ledger.learnServices();
            RecordedLog log = new RecordedLog(ledger.queryPort());
            for (int round = 0; round < ROUNDS; round++) {
                List<Writer> writers = writers(ledger, round);
                writeAndKill(ledger, writers, 50 + random.nextInt(400));

                long start = System.nanoTime();
                if (round % BY_RUN == BY_RUN - 1) {
                    ledger.startAgain();
                } else {
                    ledger.startServices();
                }
                starts.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));

                landed += log.holdsWhatWasTold(writers);
                unknown += writers.stream().mapToInt(w -> w.unknown().size()).sum();
                assertThat(Ledger.verify(data))
                        .contains(log.position() + " events")
                        .endsWith(log.hash());
            }
            System.out.printf(
                    "%d kills: %d events, %d commands without an answer, of which %d had landed%n",
                    ROUNDS, log.position(), unknown, landed);
        }
        Ledger.verify(data);
        Collections.sort(starts);
        long worst = starts.get(starts.size() - 1);
        System.out.printf("start to ready: median %d ms, worst %d ms%n", starts.get(starts.size() / 2), worst);
        assertThat(worst).isLessThan(BACK.toMillis());
    }

    /** Each with an issue of its own and the shared ones, in turn. */
    private static List<Writer> writers(Ledger ledger, int round) {
        String generation = "-" + round / ROUNDS_ON_THE_SAME_ISSUES;
        List<String> shared = IntStream.range(0, SHARED_ISSUES)
                .mapToObj(i -> "shared-" + i + generation)
                .toList();
        List<String> own = IntStream.range(0, WRITERS)
                .mapToObj(i -> "own-" + i + generation)
                .toList();
        if (round % ROUNDS_ON_THE_SAME_ISSUES == 0) {
            Stream.concat(shared.stream(), own.stream()).forEach(id -> Writer.open(ledger.commandPort(), id));
        }
        return IntStream.range(0, WRITERS)
                .mapToObj(i -> new Writer(
                        "round " + round + " writer " + i,
                        ledger.commandPort(),
                        List.of(own.get(i), shared.get(i % SHARED_ISSUES))))
                .toList();
    }

    private static void writeAndKill(Ledger ledger, List<Writer> writers, int acknowledgements) throws Exception {
        CountDownLatch enough = new CountDownLatch(acknowledgements);
        List<Future<?>> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            for (Writer writer : writers) {
                done.add(threads.submit(() -> {
                    Fate fate;
                    do {
                        fate = writer.write();
                        if (fate == Fate.ACKNOWLEDGED) {
                            enough.countDown();
                        }
                    } while (fate != Fate.UNKNOWN);
                }));
            }
            boolean came = enough.await(60, TimeUnit.SECONDS);
            ledger.kill();
            assertThat(came).as("%s acknowledgements come", acknowledgements).isTrue();
        }
        for (Future<?> end : done) {
            end.get();
        }
    }
}
