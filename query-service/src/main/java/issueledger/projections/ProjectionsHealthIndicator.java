package issueledger.projections;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Ready once the views have held all that was in the log at the start; says how far each is. */
@Component
class ProjectionsHealthIndicator implements HealthIndicator {
    private final Projections projections;

    ProjectionsHealthIndicator(Projections projections) {
        this.projections = projections;
    }

    @Override
    public Health health() {
        Health.Builder health = projections.caughtUp() ? Health.up() : Health.outOfService();
        projections.progress().forEach(p -> health.withDetail(p.name(), p));
        return health.build();
    }
}
