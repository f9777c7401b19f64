package issueledger.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import issueledger.http.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Counts commands by name and outcome, and refusals by reason. Every label is one of few: a command's name, a problem type, a reason code. */
@Component
public final class CommandMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5)
    };

    private final MeterRegistry registry;

    public CommandMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Counts a command.
     *
     * @param command one of the commands' names
     * @param problem null where it was accepted
     * @param start {@link System#nanoTime} at its beginning
     */
    public void took(String command, boolean dry, @Nullable Problem problem, long start) {
        String outcome = problem == null ? "accepted" : problem.name();
        Timer.builder("ledger.commands")
                .description("Commands by outcome: accepted, dry-run, or the type of the problem")
                .tag("command", command)
                .tag("outcome", dry ? "dry-run" : outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(Duration.ofNanos(System.nanoTime() - start));
        if (!dry && problem != null && problem.status() < 500) {
            Counter.builder("ledger.refusals")
                    .description("Refused commands by reason code, or by the type of the problem")
                    .tag("reason", reason(problem))
                    .register(registry)
                    .increment();
        }
    }

    private static String reason(Problem problem) {
        Object reason = problem.members().get("reason");
        return reason == null ? problem.name() : reason.toString();
    }
}
