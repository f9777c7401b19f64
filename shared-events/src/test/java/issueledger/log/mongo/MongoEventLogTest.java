package issueledger.log.mongo;

import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.note;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import issueledger.log.AppendResult.Appended;
import issueledger.log.EventLog;
import issueledger.log.EventLogContract;
import issueledger.log.GroupedAppender;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The contract over mongo-java-server, inside this process. It is one node without a journal, so that its majority is itself; its ordered
 * inserts, unique indexes and sorts are those of MongoDB.
 */
class MongoEventLogTest extends EventLogContract {
    private static MongoServer server;
    private static String uri;
    private static MongoClient client;

    private final MongoDatabase database = client.getDatabase("ledger-" + UUID.randomUUID());

    @BeforeAll
    static void start() {
        server = new MongoServer(new MemoryBackend());
        InetSocketAddress address = server.bind();
        uri = "mongodb://127.0.0.1:" + address.getPort();
        client = MongoClients.create(uri);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.shutdownNow();
    }

    @Override
    protected EventLog open(Clock clock) {
        return MongoEventLog.open(database, "The MongoDB database", clock);
    }

    /**
     * As three processes on other machines than the server: whoever has written knows first where the log ends, and would write again
     * before the others have read what it wrote.
     */
    @Test
    @Tag("full")
    void of_three_appenders_that_never_rest_each_has_its_share() throws Exception {
        List<MongoClient> clients = new ArrayList<>();
        List<EventLog> logs = new ArrayList<>();
        Map<EventLog, LongAdder> written = new LinkedHashMap<>();
        try {
            for (int i = 0; i < 3; i++) {
                clients.add(MongoClients.create(MongoClientSettings.builder()
                        .applyConnectionString(new ConnectionString(uri))
                        .addCommandListener(new TwentyMillisecondsAway())
                        .build()));
                logs.add(MongoEventLog.open(
                        clients.get(i).getDatabase(database.getName()), "The MongoDB database", Clock.systemUTC()));
                written.put(logs.get(i), new LongAdder());
            }
            long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> writers = new ArrayList<>();
                for (int i = 0; i < 24; i++) {
                    EventLog log = logs.get(i % 3);
                    String stream = "stream-" + i;
                    writers.add(threads.submit(() -> {
                        for (int sequence = 0; System.nanoTime() < end; sequence++) {
                            assertThat(log.append(List.of(commit(note(stream, sequence))), GroupedAppender.PATIENCE)
                                            .outcomes())
                                    .hasOnlyElementsOfType(Appended.class);
                            written.get(log).increment();
                        }
                    }));
                }
                for (Future<?> writer : writers) {
                    writer.get();
                }
            }
            long all = logs.get(0).head().position();
            assertThat(written.values())
                    .allSatisfy(share -> assertThat(share.sum()).isGreaterThan(all / 12));
            assertThat(written.values().stream().mapToLong(LongAdder::sum).sum())
                    .isEqualTo(all);
        } finally {
            logs.forEach(EventLog::close);
            clients.forEach(MongoClient::close);
        }
    }

    /** Commands are answered as over a network. */
    private static final class TwentyMillisecondsAway implements CommandListener {
        @Override
        public void commandSucceeded(CommandSucceededEvent event) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
