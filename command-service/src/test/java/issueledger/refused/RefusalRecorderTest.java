package issueledger.refused;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.refusals.Refusals;
import issueledger.refusals.RefusalsUnavailable;
import issueledger.refusals.RefusedCommand;
import issueledger.startup.Settings;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalRecorderTest {
    private static final String FULL = "refusals.db cannot be written: the disk is full";

    @Test
    void a_store_that_stays_away_is_told_once_and_what_was_refused_meanwhile_is_kept_when_it_is_back()
            throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger logger = (Logger) LoggerFactory.getLogger(RefusalRecorder.class);
        logger.addAppender(lines);
        FullTwice store = new FullTwice();
        RefusalRecorder keeper = new RefusalRecorder(store, Clock.systemUTC(), Settings.of(Map.of()));
        try {
            keeper.keep("close", "slow", "mara", "trace", new Problem(ProblemType.VERSION_MISMATCH, "It is at 7."));

            assertThat(store.back.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(store.kept).extracting(RefusedCommand::issueId).containsExactly("slow");
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly(FULL);
        } finally {
            keeper.close();
            logger.detachAppender(lines);
        }
    }

    private static final class FullTwice implements Refusals {
        private final List<RefusedCommand> kept = new ArrayList<>();
        private final CountDownLatch back = new CountDownLatch(1);
        private int asked;

        @Override
        public void keep(List<RefusedCommand> refused) {
            if (++asked <= 2) {
                throw new RefusalsUnavailable(FULL, new IllegalStateException());
            }
            kept.addAll(refused);
            back.countDown();
        }

        @Override
        public void forget(Instant before) {
            // Nothing here is old.
        }

        @Override
        public List<RefusedCommand> read(
                long after,
                int limit,
                @Nullable String issueId,
                @Nullable String actor,
                @Nullable String command,
                @Nullable String reason) {
            return List.copyOf(kept);
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
