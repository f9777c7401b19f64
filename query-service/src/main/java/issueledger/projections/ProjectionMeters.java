package issueledger.projections;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/** Measures each projection. */
@Component
class ProjectionMeters implements MeterBinder {
    private final Projections projections;

    ProjectionMeters(Projections projections) {
        this.projections = projections;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String name : projections.names()) {
            gauge(registry, name, "position", "Position that the views hold", Projections.Progress::position);
            gauge(registry, name, "lag", "Events between the views and the log's head", Projections.Progress::lag);
            gauge(registry, name, "parked", "Events that could not be applied", Projections.Progress::parked);
            FunctionCounter.builder("ledger.projection.rebuilds", projections.feeder(name), Feeder::rebuilds)
                    .description("Rebuilds of the views that were finished")
                    .tag("projection", name)
                    .register(registry);
        }
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String figure,
            String description,
            ToDoubleFunction<Projections.Progress> of) {
        Gauge.builder("ledger.projection." + figure, projections, p -> of.applyAsDouble(p.progress(name)))
                .description(description)
                .tag("projection", name)
                .register(registry);
    }
}
