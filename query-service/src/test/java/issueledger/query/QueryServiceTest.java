package issueledger.query;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueEvent;
import issueledger.log.AppendResult.Appended;
import issueledger.log.EventLog;
import issueledger.log.StoppedClock;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.Query.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** One running query service for all tests that extend this, over one log that they append to as another process would. */
@SpringBootTest(classes = QueryService.class, webEnvironment = WebEnvironment.RANDOM_PORT)
public abstract class QueryServiceTest {
    protected static final StoppedClock CLOCK = new StoppedClock("2026-03-01T08:00:00Z");

    private static final Path DIRECTORY = directory();
    protected static final EventLog LOG = SqliteEventLog.open(DIRECTORY.resolve("events.db"), CLOCK);
    private static final Recorder RECORDER = new Recorder(LOG);

    @LocalServerPort
    private int port;

    protected Query query;

    @DynamicPropertySource
    static void readThatLog(DynamicPropertyRegistry properties) {
        properties.add("issue-ledger.data-dir", DIRECTORY::toString);
    }

    /** Not JUnit's, which is gone when the first test class is. */
    public static Path directory() {
        try {
            return Files.createDirectories(Path.of("target", "ledgers")).resolve(Long.toString(System.nanoTime()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void ask() {
        query = new Query(port);
    }

    protected Recorder recorder() {
        return RECORDER;
    }

    /** Records events as one commit and waits until the views hold them. */
    protected Appended record(String issue, IssueEvent... events) {
        return seen(RECORDER.record(issue, events));
    }

    protected Appended seen(Appended appended) {
        Answer answer = query.get("/projections", "Ledger-Min-Position", Long.toString(appended.last()));
        assertThat(answer.status()).describedAs(answer.body()).isEqualTo(200);
        return appended;
    }
}
