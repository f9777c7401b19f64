package issueledger.command;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import issueledger.log.AppendListener;
import issueledger.log.EventLog;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Measures the appends of this process. */
@Component
class AppendMeters implements MeterBinder {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private static final double[] COMMITS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000};

    private final EventLog log;

    AppendMeters(EventLog log) {
        this.log = log;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Timer append = Timer.builder("ledger.log.append")
                .description("Time that a group of commits takes until it is durable")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        DistributionSummary group = DistributionSummary.builder("ledger.log.group")
                .baseUnit("commits")
                .description("Commits of a group, which share one write to the disk or one round trip")
                .serviceLevelObjectives(COMMITS)
                .register(registry);
        Counter failures = Counter.builder("ledger.log.append.failures")
                .description("Groups that could not be appended, or whose outcome is not known")
                .register(registry);
        Gauge.builder("ledger.log.queue.appends", log, l -> l.queue().appends())
                .description("Appends that wait for the log's writer; at most 4,096")
                .register(registry);
        Gauge.builder("ledger.log.queue", log, l -> l.queue().bytes())
                .baseUnit("bytes")
                .description("Bytes of the appends that wait or are being written; at most 32 MiB")
                .register(registry);
        log.onAppend(new AppendListener() {
            @Override
            public void written(int commits, Duration took) {
                append.record(took);
                group.record(commits);
            }

            @Override
            public void failed() {
                failures.increment();
            }
        });
    }
}
