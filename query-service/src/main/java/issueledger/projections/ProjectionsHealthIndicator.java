package issueledger.projections;

import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Ready once the views have caught up with the log's end at the start, and while they follow it; degraded, and ready, while events are
 * parked. Reports each view's position.
 */
@Component
class ProjectionsHealthIndicator implements HealthIndicator {
    private final Projections projections;

    ProjectionsHealthIndicator(Projections projections) {
        this.projections = projections;
    }

    @Override
    public Health health() {
        List<String> troubles = projections.troubles();
        boolean parked = projections.progress().stream().anyMatch(p -> p.parked() > 0);
        boolean ready = projections.caughtUp() && troubles.isEmpty();
        Health.Builder health = ready ? Health.status(parked ? "DEGRADED" : "UP") : Health.outOfService();
        projections.progress().forEach(p -> health.withDetail(p.name(), p));
        if (!troubles.isEmpty()) {
            health.withDetail("troubles", troubles);
        }
        return health.build();
    }
}
