package issueledger.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import issueledger.admission.Connections.Connection;
import issueledger.log.LogDamaged;
import issueledger.log.LogUnavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client of the stream: writes what comes, on a virtual thread of its own. */
final class Subscriber {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(US_ASCII);
    private static final Duration BEAT = Duration.ofSeconds(12);

    /** Interval at which a subscriber that waits looks whether its client is still there. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final EventStream stream;
    private final Connection connection;
    private final @Nullable Instant until;
    private volatile @Nullable Thread thread;
    private Sent sent;

    /** @param until the end of the client's token; null if it has none */
    Subscriber(EventStream stream, Connection connection, long after, @Nullable Instant until) {
        this.stream = stream;
        this.connection = connection;
        this.until = until;
        this.sent = new Sent(after, 0);
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    void cut() {
        connection.cut();
    }

    /** Writes until the client leaves, its token ends or the service stops. */
    void write(OutputStream out) throws IOException {
        thread = Thread.currentThread();
        stream.enter(this);
        try {
            run(out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cut();
        } catch (LogDamaged e) {
            LOG.error("a stream ends at position {}: {}", sent.position(), e.getMessage());
            cut();
        } finally {
            stream.leave(this);
        }
    }

    private void run(OutputStream out) throws IOException, InterruptedException {
        long nextBeat = System.nanoTime(); // The first one at once: it brings the head to the client.
        boolean written = false;
        while (!stream.isClosed()) {
            if (sent.isBetweenEvents() && until != null && Instant.now().isAfter(until)) {
                return;
            }
            if (sent.isBetweenEvents() && System.nanoTime() >= nextBeat) {
                out.write(HEARTBEAT);
                nextBeat = System.nanoTime() + BEAT.toNanos();
                written = true;
            }
            Part part = next();
            if (part != null) {
                part.writeTo(out);
                sent = part.then();
                written = true;
            } else if (written) {
                out.flush();
                written = false;
            } else {
                stream.await(sent.position(), Math.min(LOOK.toNanos(), nextBeat - System.nanoTime()));
                if (connection.clientHasLeft()) {
                    return;
                }
            }
        }
    }

    /** While the log is away the client gets heartbeats. */
    private @Nullable Part next() throws InterruptedException {
        try {
            return stream.next(sent);
        } catch (LogDamaged e) {
            throw e;
        } catch (LogUnavailable e) {
            LockSupport.parkNanos(this, RETRY.toNanos());
            return null;
        }
    }
}
