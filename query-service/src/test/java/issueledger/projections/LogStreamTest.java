package issueledger.projections;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.Recorder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStreamTest {
    @TempDir
    private Path directory;

    private EventLog log;
    private Recorder recorder;

    @BeforeEach
    void open() {
        log = SqliteEventLog.open(directory.resolve("events.db"), Clock.systemUTC());
        recorder = new Recorder(log);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void events_come_in_order_from_after_a_position_each_with_its_own_as_the_token() {
        recorder.record("i-1", OPENED, STARTED, TESTING);

        try (LogStream stream = new LogStream(log, 1, failure -> {})) {
            List<TrackedEventMessage<?>> messages = List.of(stream.nextAvailable(), stream.nextAvailable());

            assertThat(messages)
                    .extracting(TrackedEventMessage::trackingToken)
                    .containsExactly(new GlobalSequenceTrackingToken(2), new GlobalSequenceTrackingToken(3));
            assertThat(messages)
                    .extracting(message -> (RecordedEvent) message.getPayload())
                    .containsExactlyElementsOf(log.read(1, 10));
            assertThat(stream.peek()).isEmpty();
        }
    }

    @Test
    void a_peek_takes_nothing() {
        recorder.record("i-1", OPENED);

        try (LogStream stream = new LogStream(log, 0, failure -> {})) {
            assertThat(stream.hasNextAvailable(5, TimeUnit.SECONDS)).isTrue();
            assertThat(stream.peek().orElseThrow().getIdentifier())
                    .isEqualTo(stream.nextAvailable().getIdentifier());
        }
    }

    @Test
    void an_empty_log_has_nothing_within_the_time() {
        try (LogStream stream = new LogStream(log, 0, failure -> {})) {
            assertThat(stream.peek()).isEmpty();
            assertThat(stream.hasNextAvailable(1, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @Test
    void an_append_calls_back_until_the_stream_is_closed() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        try (LogStream stream = new LogStream(log, 0, failure -> {})) {
            assertThat(stream.setOnAvailableCallback(called::countDown)).isTrue();

            recorder.record("i-1", OPENED);

            assertThat(called.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(stream.hasNextAvailable(5, TimeUnit.SECONDS)).isTrue();
        }
    }
}
