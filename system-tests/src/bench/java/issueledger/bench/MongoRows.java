package issueledger.bench;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import issueledger.axon.EventLogStorageEngine;
import issueledger.axon.EventSerializer;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.NoteKind;
import issueledger.log.EventLog;
import issueledger.log.LogUnavailable;
import issueledger.log.mongo.MongoEventLog;
import issueledger.mongo.SecantusServer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.extensions.mongo.DefaultMongoTemplate;
import org.axonframework.extensions.mongo.eventsourcing.eventstore.MongoEventStorageEngine;
import org.axonframework.messaging.MetaData;

/**
 * The log on MongoDB beside Axon's own engine there: the same events through the same serializer with the same write concern, one event
 * a commit, from 128 threads; and as two processes have it beside one. The servers are stand-ins for MongoDB, one in memory, one durable.
 */
final class MongoRows {
    private static final int WRITERS = 128;
    private static final int EVENTS_AN_ISSUE = 10;
    private static final int SECONDS = Integer.getInteger("bench.seconds", 5);
    private static final int WARM_UP_SECONDS = 10;

    private static final String AXONS = "Axon's MongoDB engine";
    private static final String ONE = "one log";
    private static final String TWO = "two logs";

    private static final String TEXT = "The slow query log shows 5 s for GET /orders with more than 200 lines; the plan"
            + " reads the whole table, since the index on customer_id was dropped in the migration of last week.";

    private final String uri;
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();

    private final Map<String, Long> refusals = new LinkedHashMap<>();

    private MongoRows(int port) {
        // As many connections as Axon's writers can use.
        this.uri = "mongodb://127.0.0.1:" + port + "/?directConnection=true&retryWrites=false&maxPoolSize=" + WRITERS;
    }

    static void append(Bench bench) throws Exception {
        MongoServer inProcess = new MongoServer(new MemoryBackend());
        try {
            new MongoRows(inProcess.bind().getPort()).report(bench, "mongo-java-server", 9);
        } finally {
            inProcess.shutdownNow();
        }
        if (!SecantusServer.isPossible()) {
            System.out.println("     SecantusDB is left out: there is no python3 with venv and pip");
            return;
        }
        try (SecantusServer durable = SecantusServer.start(bench.fresh("secantus"))) {
            new MongoRows(durable.port()).report(bench, "SecantusDB, fsync on commit", 14);
        }
    }

    private void report(Bench bench, String server, double goal) throws Exception {
        measure(WARM_UP_SECONDS);
        rates.clear();
        refusals.clear();
        for (int round = 0; round < Wrk.ROUNDS; round++) {
            measure(SECONDS);
        }
        double axons = Wrk.median(rates.get(AXONS));
        double one = Wrk.median(rates.get(ONE));
        double two = Wrk.median(rates.get(TWO));
        bench.report()
                .line(
                        "append on MongoDB (" + server + "), 128 writers",
                        Report.count(one) + " events/s, " + refusals.get(ONE) + " commands refused",
                        Report.count(axons) + " events/s (" + AXONS + ")",
                        Report.ratio(one / axons),
                        Report.count(goal),
                        one / axons >= goal && refusals.get(ONE) == 0);
        bench.report()
                .line(
                        "the same, two processes' logs of 64 writers each",
                        Report.count(two) + " events/s, " + refusals.get(TWO) + " commands refused",
                        Report.count(one) + " events/s (one log)",
                        Report.ratio(two / one),
                        "1.00, none refused",
                        two >= one && refusals.get(TWO) == 0);
    }

    private void measure(int seconds) throws Exception {
        contestant(AXONS, seconds, 1);
        contestant(ONE, seconds, 1);
        contestant(TWO, seconds, 2);
    }

    /** In a database of its own, which is dropped in the end. */
    private void contestant(String name, int seconds, int processes) throws Exception {
        String database = "bench-" + UUID.randomUUID();
        List<EventStorageEngine> engines = new ArrayList<>();
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            for (int p = 0; p < processes; p++) {
                MongoClient client = MongoClients.create(uri);
                opened.addFirst(client);
                engines.add(
                        name.equals(AXONS)
                                ? axons(client.getDatabase(database))
                                : ours(client.getDatabase(database), opened));
            }
            LongAdder refused = new LongAdder();
            double rate = rate(engines, seconds, refused);
            System.out.println("     " + name + ": " + Report.count(rate) + " events/s, " + refused + " refused");
            refusals.merge(name, refused.sum(), Long::sum);
            rates.computeIfAbsent(name, n -> new ArrayList<>()).add(rate);
        } finally {
            for (AutoCloseable one : opened) {
                one.close();
            }
            try (MongoClient client = MongoClients.create(uri)) {
                client.getDatabase(database).drop();
            }
        }
    }

    private static EventStorageEngine axons(MongoDatabase database) {
        return MongoEventStorageEngine.builder()
                .mongoTemplate(DefaultMongoTemplate.builder()
                        .mongoDatabase(database.withWriteConcern(WriteConcern.MAJORITY.withJournal(true)))
                        .build())
                .eventSerializer(EventSerializer.create())
                .snapshotSerializer(EventSerializer.create())
                .build();
    }

    private static EventStorageEngine ours(MongoDatabase database, List<AutoCloseable> opened) {
        EventLog log = MongoEventLog.open(database, "The MongoDB database", Clock.systemUTC());
        opened.addFirst(log);
        return EventLogStorageEngine.builder(log).build();
    }

    /** Events a second of all writers, each on one of the engines. */
    private static double rate(List<EventStorageEngine> engines, int seconds, LongAdder refused) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Integer>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            for (int w = 0; w < WRITERS; w++) {
                EventStorageEngine engine = engines.get(w % engines.size());
                String writer = "writer-" + w;
                running.add(threads.submit(() -> {
                    start.await();
                    return appended(engine, writer, System.nanoTime() + seconds * 1_000_000_000L, refused);
                }));
            }
            long begun = System.nanoTime();
            start.countDown();
            int events = 0;
            for (Future<Integer> one : running) {
                events += one.get();
            }
            return events / ((System.nanoTime() - begun) / 1e9);
        }
    }

    private static int appended(EventStorageEngine engine, String writer, long end, LongAdder refused) {
        int events = 0;
        int issue = 0;
        long sequence = 0;
        while (System.nanoTime() < end) {
            try {
                engine.appendEvents(new GenericDomainEventMessage<>(
                        "Issue",
                        writer + "-issue-" + issue,
                        sequence,
                        new NoteRecorded(sequence + 1, NoteKind.PROGRESS, TEXT),
                        MetaData.with("actor", "ada.lovelace@example.org")));
                events++;
                sequence++;
            } catch (LogUnavailable e) {
                refused.increment(); // The outcome may be unknown: go on with another issue.
                sequence = EVENTS_AN_ISSUE;
            }
            if (sequence == EVENTS_AN_ISSUE) {
                issue++;
                sequence = 0;
            }
        }
        return events;
    }
}
