package issueledger.startup;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a service whose {@code ./run} has gone without stopping it, as after {@code kill -9}. A service that was started by hand has no
 * such property and is not watched.
 */
final class StarterWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StarterWatch.class);

    /** The system property with the process id of {@code ./run}. */
    private static final String PROPERTY = "issue-ledger.started-by";

    private static final Duration LOOK = Duration.ofMillis(500);

    private StarterWatch() {}

    static void begin() {
        Long starter = Long.getLong(PROPERTY);
        if (starter != null) {
            Thread.ofPlatform().name("starter-watch").daemon().start(() -> watch(starter));
        }
    }

    private static void watch(long starter) {
        // A parent that is a zombie still looks alive, but its children have another parent at once.
        boolean isChild = parent() == starter;
        ProcessHandle handle = ProcessHandle.of(starter).orElse(null);
        try {
            while (isChild ? parent() == starter : isAlive(handle)) {
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            return;
        }
        LOG.error("./run, process {}, has gone: this service stops", starter);
        System.exit(1);
    }

    private static boolean isAlive(@Nullable ProcessHandle handle) {
        return handle != null && handle.isAlive();
    }

    private static long parent() {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        return parent.map(ProcessHandle::pid).orElse(0L);
    }
}
