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
 * Detects that live objects leave too little heap for requests. The views stop growing then, before an OutOfMemoryError ends the
 * process.
 */
final class HeapGuard {
    /** Maximum live fraction of the heap. */
    private static final double MAX_LIVE = 0.85;

    private final List<String> heapPools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .toList();

    private final long limit;

    HeapGuard() {
        this(Runtime.getRuntime().maxMemory());
    }

    HeapGuard(long heap) {
        this.limit = (long) (MAX_LIVE * heap);
    }

    /** The reason why the views must not grow now; empty if they may. */
    Optional<String> shortage() {
        if (used() < limit || afterLastCollection() < limit) {
            return Optional.empty();
        }
        System.gc(); // A young collection leaves garbage in the old generation, which would count as live.
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
