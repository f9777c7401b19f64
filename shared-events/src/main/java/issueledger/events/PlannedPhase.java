package issueledger.events;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** One phase of a plan; its number is its place in the plan, from 1. The timeline is free text ("2 weeks"). */
public record PlannedPhase(
        String name,
        @Nullable String description,
        @Nullable String timeline,
        @Nullable LocalDate plannedStart,
        @Nullable LocalDate plannedEnd) {
    public PlannedPhase {
        Checks checks = new Checks();
        name = checks.line("/name", name);
        description = checks.optionalText("/description", description);
        timeline = checks.optionalLine("/timeline", timeline);
        checks.that(
                plannedStart == null || plannedEnd == null || !plannedEnd.isBefore(plannedStart),
                "/plannedEnd",
                "must not be before plannedStart");
        checks.done();
    }
}
