package issueledger.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import issueledger.log.AppendResult.Appended;
import issueledger.log.CommitHash;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.log.mongo.MongoDeployment;
import issueledger.mongo.CuttingProxy.Cut;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers in two instances with clocks that disagree, on a server that fails in every way there is. Each kind of fault once, or as many
 * faults as {@code -Dfaults=1000} says, in random order; a hundred on each server, since the stand-in gets slow as it fills.
 *
 * <p>SecantusDB has one member: what a fail-over does to writers is told by failpoints, which answer as a member does that is no longer
 * the primary.
 */
@Tag("full")
class MongoFaultsTest {
    private static final int FAULTS = Integer.getInteger("faults", 0);
    private static final int FAULTS_A_SERVER = 100;
    private static final Duration SERVICE_AGAIN = Duration.ofSeconds(15);

    /** A command is told within 6 s that the store is away; the rest is for a loaded machine. */
    private static final Duration TOLD = Duration.ofSeconds(9);

    @TempDir
    private Path folder;

    private SecantusServer server;
    private CuttingProxy proxy;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<LogWriter> writers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final TurnedClock clock = new TurnedClock();
    private final Random random = new Random(20261126);

    /** One that is wrong by ten minutes. */
    private static final class TurnedClock extends Clock {
        private volatile Duration by = Duration.ofMinutes(10);

        @Override
        public Instant instant() {
            return Instant.now().plus(by);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("the log's times are in UTC");
        }
    }

    private enum Fault {
        SERVER_KILLED,
        SERVER_SUSPENDED,
        REQUEST_CUT,
        ANSWER_CUT,
        ALL_CONNECTIONS_CUT,
        ANSWERS_DELAYED,
        INSERT_FAILS,
        CONNECTION_CLOSED_AT_INSERT,
        WRITE_NOT_CONFIRMED,
        NO_LONGER_PRIMARY,
        READ_FAILS,
        CLOCK_TURNED
    }

    @BeforeEach
    void start() throws Exception {
        boolean possible = SecantusServer.isPossible();
        if (!possible) {
            System.out.println("MongoFaultsTest is skipped: there is no python3 with venv and pip");
        }
        assumeTrue(possible);
        server =
                SecantusServer.start(Files.createTempDirectory(folder, "server").resolve("storage"));
        proxy = new CuttingProxy(server.port());
        EventLog fast = log(proxy.port(), clock);
        EventLog right = log(proxy.port(), Clock.systemUTC());
        for (int i = 0; i < 8; i++) {
            LogWriter writer = new LogWriter("writer-" + i, i % 2 == 0 ? fast : right);
            writers.add(writer);
            threads.add(Thread.ofPlatform().name("writer-" + i).start(writer));
        }
    }

    private EventLog log(int port, Clock itsClock) {
        MongoDeployment deployment = MongoDeployment.open(uri(port));
        EventLog log = deployment.log(itsClock);
        opened.add(log);
        opened.add(deployment);
        return log;
    }

    private static String uri(int port) {
        return "mongodb://127.0.0.1:" + port + "/ledger?directConnection=true";
    }

    @AfterEach
    void stop() throws Exception {
        writers.forEach(LogWriter::stop);
        if (server != null) {
            for (AutoCloseable one : opened) {
                one.close();
            }
            proxy.close();
            server.close();
        }
        opened.clear();
        writers.clear();
        threads.clear();
    }

    @Test
    void nothing_acknowledged_is_lost_doubled_or_out_of_order_whatever_fails() throws Exception {
        List<Fault> faults = FAULTS == 0
                ? Arrays.asList(Fault.values())
                : random.ints(FAULTS, 0, Fault.values().length)
                        .mapToObj(i -> Fault.values()[i])
                        .toList();
        for (int done = 0; done < faults.size(); done += FAULTS_A_SERVER) {
            if (done > 0) {
                stop();
                start();
            }
            nothingIsLostThrough(faults.subList(done, Math.min(done + FAULTS_A_SERVER, faults.size())));
        }
    }

    private void nothingIsLostThrough(List<Fault> faults) throws Exception {
        everyWriterGoesOn("at the start");
        for (Fault fault : faults) {
            inject(fault);
            everyWriterGoesOn("after " + fault);
        }
        writers.forEach(LogWriter::stop);
        for (Thread thread : threads) {
            thread.join();
        }
        List<RecordedEvent> all = everything();
        int landed = holds(all);
        System.out.printf(
                "%d faults, %d events in %d commits; acknowledged %d, refused %d, unknown %d of which %d landed; the"
                        + " longest append took %d ms%n",
                faults.size(),
                all.size(),
                all.stream().map(RecordedEvent::commit).distinct().count(),
                writers.stream().mapToInt(w -> w.acknowledged().size()).sum(),
                writers.stream().mapToInt(w -> w.refused().size()).sum(),
                writers.stream().mapToInt(w -> w.unknown().size()).sum(),
                landed,
                writers.stream().mapToLong(w -> w.longest().toMillis()).max().orElseThrow());
        assertThat(writers).allSatisfy(writer -> assertThat(writer.longest()).isLessThan(TOLD));
    }

    private void inject(Fault fault) throws Exception {
        switch (fault) {
            case SERVER_KILLED -> {
                server.kill();
                TimeUnit.MILLISECONDS.sleep(300);
                server.startAgain();
            }
            case SERVER_SUSPENDED -> {
                server.suspend();
                TimeUnit.SECONDS.sleep(10);
                server.resume();
            }
            case REQUEST_CUT -> cut(Cut.REQUEST, 200 + random.nextInt(600));
            case ANSWER_CUT -> cut(Cut.ANSWER, random.nextInt(60));
            case ALL_CONNECTIONS_CUT -> {
                for (int i = 0; i < 5; i++) {
                    proxy.cutAll();
                    TimeUnit.MILLISECONDS.sleep(20 + random.nextInt(50));
                }
            }
            case ANSWERS_DELAYED -> {
                proxy.delayAnswers(400);
                TimeUnit.SECONDS.sleep(2);
                proxy.delayAnswers(0);
            }
            case INSERT_FAILS -> failpoint("insert", new Document("errorCode", 91));
            case CONNECTION_CLOSED_AT_INSERT -> failpoint("insert", new Document("closeConnection", true));
            case WRITE_NOT_CONFIRMED ->
                failpoint(
                        "insert",
                        new Document(
                                "writeConcernError",
                                new Document("code", 64)
                                        .append("codeName", "WriteConcernFailed")
                                        .append("errmsg", "waiting for replication timed out")));
            case NO_LONGER_PRIMARY -> failpoint("insert", new Document("errorCode", 10107));
            case READ_FAILS -> failpoint("find", new Document("errorCode", 11600));
            case CLOCK_TURNED -> clock.by = clock.by.negated();
        }
    }

    private void cut(Cut where, int bytes) throws InterruptedException {
        proxy.cutNext(where, bytes);
        long end = System.nanoTime() + SERVICE_AGAIN.toNanos();
        while (!proxy.hasCut()) {
            assertThat(System.nanoTime()).as("a message is cut").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private void failpoint(String command, Document how) throws InterruptedException {
        try (MongoClient admin = MongoClients.create(uri(server.port()))) {
            how.append("failCommands", List.of(command)).append("appName", "issue-ledger");
            admin.getDatabase("admin")
                    .runCommand(new Document("configureFailPoint", "failCommand")
                            .append("mode", new Document("times", 1 + random.nextInt(5)))
                            .append("data", how));
            TimeUnit.MILLISECONDS.sleep(500);
            admin.getDatabase("admin")
                    .runCommand(new Document("configureFailPoint", "failCommand").append("mode", "off"));
        }
    }

    private void everyWriterGoesOn(String when) throws InterruptedException {
        int[] before = writers.stream().mapToInt(LogWriter::successes).toArray();
        long end = System.nanoTime() + SERVICE_AGAIN.toNanos();
        for (int i = 0; i < before.length; i++) {
            while (writers.get(i).successes() < before[i] + 2) {
                assertThat(System.nanoTime())
                        .as("writer-%d goes on %s", i, when)
                        .isLessThan(end);
                assertThat(threads.get(i).isAlive())
                        .as("writer-%d lives %s", i, when)
                        .isTrue();
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    /** Reads the log from its start, through a new connection. */
    private List<RecordedEvent> everything() {
        EventLog reader = log(server.port(), Clock.systemUTC());
        List<RecordedEvent> all = new ArrayList<>();
        List<RecordedEvent> page = reader.read(0, 1_000);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = reader.read(all.size(), 1_000);
        }
        assertThat(reader.head().position()).isEqualTo(all.size());
        return all;
    }

    /**
     * The log is whole, and agrees with the outcomes that each writer got.
     *
     * @return how many commits of unknown outcome are in it
     */
    private int holds(List<RecordedEvent> all) {
        Map<String, Long> sequences = new HashMap<>();
        Map<Long, List<RecordedEvent>> commits = new LinkedHashMap<>();
        Instant time = Instant.EPOCH;
        Set<String> ids = new HashSet<>();
        for (RecordedEvent event : all) {
            assertThat(event.position()).isEqualTo(ids.size() + 1);
            assertThat(ids.add(event.id())).as("%s is there once", event.id()).isTrue();
            assertThat(event.sequence()).isEqualTo(sequences.merge(event.stream(), 1L, Long::sum) - 1);
            assertThat(event.recordedAt()).isAfterOrEqualTo(time);
            time = event.recordedAt();
            commits.computeIfAbsent(event.commit(), c -> new ArrayList<>()).add(event);
        }
        String hash = CommitHash.NONE;
        Map<String, Appended> landed = new HashMap<>();
        for (List<RecordedEvent> commit : commits.values()) {
            RecordedEvent first = commit.getFirst();
            assertThat(first.position()).isEqualTo(first.commit());
            hash = CommitHash.of(
                    hash,
                    first.position(),
                    commit.stream().map(RecordedEvent::asNew).toList(),
                    first.recordedAt());
            assertThat(first.hash()).isEqualTo(hash);
            landed.put(
                    first.id(), new Appended(first.position(), commit.getLast().position(), first.recordedAt(), hash));
        }
        int unknown = 0;
        for (LogWriter writer : writers) {
            writer.acknowledged()
                    .forEach((id, told) -> assertThat(landed.remove(id))
                            .as("what was acknowledged as %s", told)
                            .isEqualTo(told));
            assertThat(landed).doesNotContainKeys(writer.refused().toArray(String[]::new));
            unknown += (int) writer.unknown().stream()
                    .filter(id -> landed.remove(id) != null)
                    .count();
        }
        assertThat(landed).as("what nobody wrote").isEmpty();
        return unknown;
    }
}
