package issueledger.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the free space of the data directory's disk, and says once when it falls below the configured amount and once when it is back. */
final class DiskWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
    private static final long MIB = 1024 * 1024;

    private final Path directory;
    private final long least;
    private final AtomicBoolean told = new AtomicBoolean();

    /** @param megabytes free space below which health is degraded */
    DiskWatch(Path directory, int megabytes) {
        this.directory = directory.toAbsolutePath().normalize();
        this.least = megabytes * MIB;
    }

    Path directory() {
        return directory;
    }

    /** In bytes. */
    long least() {
        return least;
    }

    /** Bytes that this user may still write; -1 where nobody can say. */
    long free() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return -1;
        }
    }

    boolean isLow() {
        long free = free();
        return free >= 0 && free < least;
    }

    void look() {
        boolean low = isLow();
        if (told.compareAndSet(!low, low)) {
            if (low) {
                LOG.warn(
                        "{} MiB are free on the disk of {}, less than the {} of ISSUE_LEDGER_DISK_MB: make room before"
                                + " writes fail",
                        free() / MIB,
                        directory,
                        least / MIB);
            } else {
                LOG.info("{} MiB are free again on the disk of {}", free() / MIB, directory);
            }
        }
    }
}
