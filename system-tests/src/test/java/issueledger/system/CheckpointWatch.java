package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks query services of one ledger in turn for their checkpoint: its size never falls, whichever answers. */
final class CheckpointWatch implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(50);

    private final List<Integer> ports;
    private final Thread thread;
    private volatile long size = -1;
    private volatile @Nullable String fell;
    private volatile boolean closed;

    CheckpointWatch(List<Integer> ports) {
        this.ports = ports;
        this.thread = Thread.startVirtualThread(this::run);
    }

    private void run() {
        for (int turn = 0; !closed; turn++) {
            int port = ports.get(turn % ports.size());
            try {
                Ledger.Answer answer = Ledger.get(port, "/tlog/checkpoint");
                if (answer.status() == 200) {
                    long seen = Long.parseLong(answer.text().lines().toList().get(1));
                    if (seen < size) {
                        fell = port + " answers size " + seen + " after " + size;
                        return;
                    }
                    size = seen;
                }
                Thread.sleep(BETWEEN);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | AssertionError e) {
                // The service was killed.
            }
        }
    }

    /** Waits until a checkpoint of all events is signed. */
    void await(long position) {
        Conditions.await(
                "a checkpoint of " + position + " events",
                Duration.ofSeconds(60),
                () -> fell != null || size >= position);
        assertThat(fell).isNull();
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
