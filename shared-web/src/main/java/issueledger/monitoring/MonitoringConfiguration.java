package issueledger.monitoring;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import issueledger.log.EventLog;
import issueledger.log.LogVerifier.Difference;
import issueledger.startup.Settings;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health and metrics of the store, for both services; docs/operations.md says what each means. */
@Configuration(proxyBeanMethods = false)
public class MonitoringConfiguration {
    /** The status of a service that works and needs somebody to look at it; docs/api.md. */
    private static final String DEGRADED = "DEGRADED";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Bean
    IntegrityWatch integrityWatch(
            EventLog log, Clock clock, @Value("${issue-ledger.verifies-daily:false}") boolean daily) {
        return new IntegrityWatch(log, clock, daily);
    }

    @Bean
    ApplicationRunner logEndIsVerified(IntegrityWatch watch) {
        return arguments -> watch.awaitEnd(PATIENCE);
    }

    @Bean
    OutageWatch outageWatch(EventLog log) {
        return new OutageWatch(log);
    }

    /** On MongoDB nothing is stored in the directory, and no amount of free space is too little. */
    @Bean
    DiskWatch diskWatch(Settings settings) {
        return new DiskWatch(settings.dataDirectory(), settings.isOnMongo() ? 0 : settings.diskMegabytes());
    }

    @Bean
    Watches watches(OutageWatch outages, DiskWatch disk) {
        return new Watches(outages, disk);
    }

    @Bean
    HealthIndicator diskHealthIndicator(DiskWatch disk) {
        return () -> (disk.isLow() ? Health.status(DEGRADED) : Health.up())
                .withDetail("free", disk.free())
                .withDetail("threshold", disk.least())
                .build();
    }

    @Bean
    HealthIndicator integrityHealthIndicator(IntegrityWatch watch) {
        return () -> {
            Difference difference = watch.difference();
            Health.Builder health = difference == null
                    ? Health.up()
                    : Health.status(DEGRADED)
                            .withDetail("position", difference.position())
                            .withDetail("what", difference.what());
            Instant whole = watch.wholeAt();
            return (whole == null ? health : health.withDetail("wholeLogVerifiedAt", whole.toString())).build();
        };
    }

    @Bean
    MeterBinder storeMeters(ObjectProvider<EventLog> log, OutageWatch outages, DiskWatch disk, IntegrityWatch watch) {
        return registry -> {
            log.ifAvailable(present -> bind(registry, present));
            FunctionCounter.builder("ledger.log.outages", outages, OutageWatch::outages)
                    .description("Times that the log could not be read or written")
                    .register(registry);
            Gauge.builder("ledger.disk.free", disk, DiskWatch::free)
                    .baseUnit("bytes")
                    .description("Free space of the data directory's disk")
                    .register(registry);
            Gauge.builder("ledger.disk.threshold", disk, DiskWatch::least)
                    .baseUnit("bytes")
                    .description("Free space below which health is degraded")
                    .register(registry);
            Gauge.builder("ledger.verification.fault.position", watch, MonitoringConfiguration::faultAt)
                    .description("Position of the first fault that a verification found; 0 for none")
                    .register(registry);
            Gauge.builder("ledger.verification.position", watch, IntegrityWatch::reached)
                    .description("Position up to which the daily verification has come")
                    .register(registry);
            Gauge.builder("ledger.heap.kept", MonitoringConfiguration::heapKept)
                    .baseUnit("bytes")
                    .description("Heap in use after the last collection")
                    .register(registry);
        };
    }

    private static void bind(MeterRegistry registry, EventLog log) {
        Gauge.builder("ledger.log.head", log, MonitoringConfiguration::head)
                .description("Position of the log's last event, as last seen")
                .register(registry);
        Gauge.builder("ledger.log.trouble", log, l -> l.trouble().isPresent() ? 1 : 0)
                .description("1 while the log cannot be read or written")
                .register(registry);
        Gauge.builder("ledger.log.wal", log, EventLog::walBytes)
                .baseUnit("bytes")
                .description("Size of the data file's write-ahead log; above 256 MiB a reader stands still")
                .register(registry);
    }

    private static double head(EventLog log) {
        try {
            return log.awaitBeyond(0, Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Double.NaN;
        }
    }

    private static double faultAt(IntegrityWatch watch) {
        Difference difference = watch.difference();
        return difference == null ? 0 : difference.position();
    }

    private static double heapKept() {
        double kept = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            kept += usage == null ? 0 : usage.getUsed();
        }
        return kept;
    }
}
