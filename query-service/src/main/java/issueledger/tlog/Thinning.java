package issueledger.tlog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Deletes signed checkpoints: of each hour that ended a day ago, the last one is kept, and every one that a witness signed. */
final class Thinning {
    private static final Duration ALL_KEPT = Duration.ofDays(1);
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    /** More than an hour has, at one a second. */
    private static final int PAGE = 5_000;

    private final CheckpointStore store;
    private final Clock clock;
    private long thinnedAt = System.nanoTime() - INTERVAL.toNanos();

    Thinning(CheckpointStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Does nothing until ten minutes after it did something. */
    void thin() {
        if (System.nanoTime() - thinnedAt >= INTERVAL.toNanos()) {
            thinnedAt = System.nanoTime();
            thinNow();
        }
    }

    void thinNow() {
        Instant before = clock.instant().minus(ALL_KEPT).truncatedTo(ChronoUnit.HOURS);
        boolean isWhole = false;
        while (!isWhole) {
            List<SignedCheckpoint> old = store.thinnable(before, PAGE);
            isWhole = old.size() < PAGE;
            List<Long> delete = new ArrayList<>();
            List<Long> keep = new ArrayList<>();
            for (int i = 0; i < old.size(); i++) {
                boolean isLast = i == old.size() - 1;
                if (!isLast && hour(old.get(i)).equals(hour(old.get(i + 1)))) {
                    delete.add(old.get(i).number());
                } else if (!isLast || isWhole) { // The page may end within an hour.
                    keep.add(old.get(i).number());
                }
            }
            if (!old.isEmpty()) {
                store.thin(delete, keep);
            }
        }
    }

    private static Instant hour(SignedCheckpoint checkpoint) {
        return checkpoint.at().truncatedTo(ChronoUnit.HOURS);
    }
}
