package issueledger.projections;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Tells when what is alive leaves too little of the heap for requests, so that the views stop growing before an OutOfMemoryError ends
 * the process in the middle of something.
 */
final class HeapGuard {
    /** How much of the heap may be alive. */
    private static final double MOST = 0.85;

    private final List<String> heapPools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .toList();

    private final long limit;

    HeapGuard() {
        this(Runtime.getRuntime().maxMemory());
    }

    HeapGuard(long heap) {
        this.limit = (long) (MOST * heap);
    }

    /** Why the views should not grow now, empty where they may. */
    Optional<String> shortage() {
        if (used() < limit || afterLastCollection() < limit) {
            return Optional.empty();
        }
        System.gc(); // A collection of the young alone leaves garbage among the old, which would count as alive.
        long alive = used();
        return alive < limit
                ? Optional.empty()
                : Optional.of("the views take " + megabytes(alive) + " of "
                        + megabytes(Runtime.getRuntime().maxMemory())
                        + " MiB of heap: set ISSUE_LEDGER_HEAP_MB higher and start again");
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private long afterLastCollection() {
        return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                .map(GarbageCollectorMXBean::getLastGcInfo)
                .filter(info -> info != null)
                .max(Comparator.comparingLong(GcInfo::getEndTime))
                .map(info -> heapPools.stream()
                        .map(info.getMemoryUsageAfterGc()::get)
                        .filter(usage -> usage != null)
                        .mapToLong(MemoryUsage::getUsed)
                        .sum())
                .orElse(0L);
    }

    private static long megabytes(long bytes) {
        return bytes >> 20;
    }
}
